// SPDX-License-Identifier: MIT

internal import CLanes

/// Linear outputs over rectified units: `out[o] = Σ_h max(0, hidden[h]) · outputs[o, h]`.
///
/// - Parameters:
///   - hidden: shape `[V]`, before the ReLU.
///   - outputs: shape `[O, V]`, the output weights.
///   - fired: shape `[V]` bytes; bit i of byte v is set, never cleared, where unit 8v + i is above 0.
///   - out: shape `[O]`; overwritten. Four partial sums, added in a fixed order.
package func rectifiedDots(
  hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, lanes: Int, count: Int,
  fired: UnsafeMutablePointer<UInt8>, out: UnsafeMutablePointer<Float>
) {
  var v = 0
  while v < lanes {
    fired[v] |= rallybook_positive_mask(hidden[v])
    v &+= 1
  }
  var o = 0
  while o < count {
    let w = outputs + o &* lanes
    var (a, b, c, d) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero)
    v = 0
    while v &+ 4 <= lanes {
      a += rectified(hidden[v]) * w[v]
      b += rectified(hidden[v &+ 1]) * w[v &+ 1]
      c += rectified(hidden[v &+ 2]) * w[v &+ 2]
      d += rectified(hidden[v &+ 3]) * w[v &+ 3]
      v &+= 4
    }
    while v < lanes {
      a += rectified(hidden[v]) * w[v]
      v &+= 1
    }
    out[o] = horizontalSum((a + b) + (c + d))
    o &+= 1
  }
}

/// The way back through outputs over rectified units.
///
/// - Parameters:
///   - hidden: shape `[V]`, before the ReLU.
///   - outputs: shape `[O, V]`.
///   - gradients: shape `[O]`, ∂J/∂out.
///   - outputSums: shape `[O, V]`; ∂J/∂outputs is added.
///   - out: shape `[V]`; overwritten by ∂J/∂hidden.
package func backpropagateOutputs(
  hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, gradients: UnsafePointer<Float>,
  lanes: Int, count: Int, outputSums: UnsafeMutablePointer<Lane>, out: UnsafeMutablePointer<Lane>
) {
  let g = gradients[0]
  var v = 0
  while v < lanes {
    let h = hidden[v]
    outputSums[v] += rectified(h) * g
    out[v] = (outputs[v] * g).replacing(with: 0, where: h .<= 0)
    v &+= 1
  }
  var o = 1
  while o < count {
    let g = gradients[o]
    let (w, sums) = (outputs + o &* lanes, outputSums + o &* lanes)
    v = 0
    while v < lanes {
      let h = hidden[v]
      sums[v] += rectified(h) * g
      out[v] += (w[v] * g).replacing(with: 0, where: h .<= 0)
      v &+= 1
    }
    o &+= 1
  }
}

/// `Σ_h w[h] · tangent[h] + direction[h] · max(0, hidden[h])` over the units that fire: how an
/// output changes with hidden units and output weights.
package func outputTangent(
  hidden: UnsafePointer<Lane>, tangent: UnsafePointer<Lane>, output: UnsafePointer<Lane>,
  direction: UnsafePointer<Lane>, lanes: Int
) -> Float {
  var (a, b) = (Lane.zero, Lane.zero)
  var v = 0
  while v < lanes {
    let h = hidden[v]
    a += (output[v] * tangent[v]).replacing(with: 0, where: h .<= 0)
    b += direction[v] * rectified(h)
    v &+= 1
  }
  return horizontalSum(a + b)
}

/// Sets, never clears, bit i of byte v of `fired` where unit 8v + i is above 0.
package func markFired(
  hidden: UnsafePointer<Lane>, lanes: Int, fired: UnsafeMutablePointer<UInt8>
) {
  var v = 0
  while v < lanes {
    fired[v] |= rallybook_positive_mask(hidden[v])
    v &+= 1
  }
}

/// max(0, x); NaN stays NaN.
@inline(__always)
func rectified(_ x: Lane) -> Lane { x.replacing(with: 0, where: x .< 0) }

// SPDX-License-Identifier: MIT

// Half of a vector behind a ReLU is 0, in no order that a CPU could predict. The other entries are
// listed first, without a branch, a stretch at a time; then rows are added while a part of the sum
// stays in registers.

/// Entries that are listed at once.
private let stretch = 64

/// `out[h] += Σ_d x[d] · weights[d, h]`, rows whose x is 0 skipped.
///
/// - Parameters:
///   - weights: shape `[D, V]` lanes.
///   - x: shape `[D]`.
///   - out: shape `[V]`; accumulated into, in the order of the rows.
package func addScaledRows(
  weights: UnsafePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
  out: UnsafeMutablePointer<Lane>
) {
  forEachStretch(of: x, count) { start, rows, values, listed in
    addListed(weights + start &* lanes, lanes, rows, values, listed, out)
  }
}

/// `sums[d, h] += x[d] · vector[h]`, rows whose x is 0 skipped.
package func addOuterProduct(
  sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
  vector: UnsafePointer<Lane>
) {
  forEachStretch(of: x, count) { start, rows, values, listed in
    addListedOuter(sums + start &* lanes, lanes, rows, values, listed, vector)
  }
}

/// Lists what is not 0 in each stretch of `x`: where it begins, the entries' places from there, the
/// entries, and how many they are.
@inline(__always)
private func forEachStretch(
  of x: UnsafePointer<Float>, _ count: Int,
  _ use: (Int, UnsafePointer<UInt16>, UnsafePointer<Float>, Int) -> Void
) {
  // On the stack: the size is a constant.
  withUnsafeTemporaryAllocation(of: UInt16.self, capacity: stretch) { places in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: stretch) { entries in
      guard let rows = places.baseAddress, let values = entries.baseAddress else { return }
      var start = 0
      while start < count {
        let length = min(stretch, count &- start)
        var (listed, i) = (0, 0)
        while i < length {
          let value = x[start &+ i]
          rows[listed] = UInt16(truncatingIfNeeded: i)
          values[listed] = value
          listed &+= value == 0 ? 0 : 1
          i &+= 1
        }
        use(start, rows, values, listed)
        start &+= length
      }
    }
  }
}

/// `out[d] = Σ_h weights[d, h] · vector[h]`; lanes summed in a fixed order.
package func rowDots(
  weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>, count: Int,
  out: UnsafeMutablePointer<Float>
) {
  var d = 0
  while d < count {
    out[d] = dot(weights + d &* lanes, vector, lanes)
    d &+= 1
  }
}

/// The same where `gate[d]` is not 0; elsewhere `out[d]` is 0.
///
/// - Parameters:
///   - gate: shape `[D]`.
///   - out: whole lanes; what pads them is 0 afterwards.
package func gatedRowDots(
  weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>,
  gate: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Float>
) {
  out.update(repeating: 0, count: (count &+ 7) / 8 * 8)
  forEachStretch(of: gate, count) { start, rows, _, listed in
    var i = 0
    while i < listed {
      let d = start &+ Int(rows[i])
      out[d] = dot(weights + d &* lanes, vector, lanes)
      i &+= 1
    }
  }
}

@inline(__always)
private func dot(_ x: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, _ lanes: Int) -> Float {
  var sum = Lane.zero
  var v = 0
  while v < lanes {
    sum += x[v] * y[v]
    v &+= 1
  }
  return horizontalSum(sum)
}

/// `x ← max(0, x)`.
package func rectify(_ x: UnsafeMutablePointer<Lane>, lanes: Int) {
  var v = 0
  while v < lanes {
    x[v] = rectified(x[v])
    v &+= 1
  }
}

/// `x[h] ← 0` where `gate[h] ≤ 0`.
package func gate(_ x: UnsafeMutablePointer<Lane>, by gate: UnsafePointer<Lane>, lanes: Int) {
  var v = 0
  while v < lanes {
    x[v] = x[v].replacing(with: 0, where: gate[v] .<= 0)
    v &+= 1
  }
}

// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

extension Loops {
  package static func rectifiedDots(
    hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, lanes: Int, count: Int,
    gates: UnsafeMutablePointer<Gate>, out: UnsafeMutablePointer<Float>
  ) {
    var (start, number) = (0, 0)
    while start < lanes {
      let first = hidden + start
      switch lanes &- start {
      case 13...: gates[number] = Lanes13(first).pushGate(.zero)
      case 12: gates[number] = Lanes12(first).pushGate(.zero)
      case let count:
        var gate = Gate.zero
        for v in (0..<count).reversed() { gate = Lanes1(first + v).pushGate(gate) }
        gates[number] = gate
      }
      start &+= lanesPerGate
      number &+= 1
    }
    for o in 0..<count {
      let w = outputs + o &* lanes
      var (a, b, c, d) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero)
      var v = 0
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
    }
  }

  package static func backpropagateOutputs(
    hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, gradients: UnsafePointer<Float>,
    lanes: Int, count: Int, outputSums: UnsafeMutablePointer<Lane>, out: UnsafeMutablePointer<Lane>
  ) {
    let g = gradients[0]
    for v in 0..<lanes {
      let h = hidden[v]
      outputSums[v] += rectified(h) * g
      out[v] = (outputs[v] * g).replacing(with: 0, where: h .<= 0)
    }
    for o in 1..<count {
      let g = gradients[o]
      let (w, sums) = (outputs + o &* lanes, outputSums + o &* lanes)
      for v in 0..<lanes {
        let h = hidden[v]
        sums[v] += rectified(h) * g
        out[v] += (w[v] * g).replacing(with: 0, where: h .<= 0)
      }
    }
  }

  package static func outputTangent(
    hidden: UnsafePointer<Lane>, tangent: UnsafePointer<Lane>, output: UnsafePointer<Lane>,
    direction: UnsafePointer<Lane>, lanes: Int
  ) -> Float {
    var (a, b) = (Lane.zero, Lane.zero)
    for v in 0..<lanes {
      let h = hidden[v]
      a += (output[v] * tangent[v]).replacing(with: 0, where: h .<= 0)
      b += direction[v] * rectified(h)
    }
    return horizontalSum(a + b)
  }

  package static func markFired(
    hidden: UnsafePointer<Lane>, lanes: Int, fired: UnsafeMutablePointer<UInt8>
  ) {
    for v in 0..<lanes { fired[v] |= rallybook_positive_mask(hidden[v]) }
  }
}

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
      case 25: gates[number] = Lanes25(first).pushGate(.zero)
      case 13: gates[number] = Lanes13(first).pushGate(.zero)
      case let left:
        let count = min(left, lanesPerGate)
        var gate = count % 2 == 1 ? Lanes1(first + (count &- 1)).pushGate(.zero) : .zero
        for k in (0..<count / 2).reversed() { gate = Lanes2(first + 2 &* k).pushGate(gate) }
        gates[number] = gate
      }
      start &+= lanesPerGate
      number &+= 1
    }
    for o in 0..<count {
      let w = outputs + o &* lanes
      // Of four lanes in a row the sums of the first two, and of the others.
      var (ab, cd) = (Lanes16.zero, Lanes16.zero)
      var v = 0
      while v &+ 4 <= lanes {
        ab += rallybook_rectified(load(hidden + v)) * load(w + v)
        cd += rallybook_rectified(load(hidden + (v &+ 2))) * load(w + (v &+ 2))
        v &+= 4
      }
      while v < lanes {
        ab.lowHalf += rectified(hidden[v]) * w[v]
        v &+= 1
      }
      out[o] = horizontalSum((ab.lowHalf + ab.highHalf) + (cd.lowHalf + cd.highHalf))
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

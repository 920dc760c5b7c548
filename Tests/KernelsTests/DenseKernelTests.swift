// SPDX-License-Identifier: MIT

import Foundation
import KernelLoops
import Kernels
import Testing

@Suite("Dense kernels against sums in Double")
struct DenseKernelTests {
  private func floats(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
    memory.initialize(from: values, count: values.count)
    return memory
  }

  /// Expects every lane of `block` within `tolerance` of what `expected` gives.
  private func check(
    _ block: AlignedFloats, _ expected: (Int) -> Double, _ tolerance: Double = 1e-5,
    _ location: SourceLocation = #_sourceLocation
  ) {
    for i in 0..<block.count {
      let wanted = expected(i)
      #expect(
        abs(Double(block.floats[i]) - wanted) < tolerance * max(1, abs(wanted)),
        "element \(i)", sourceLocation: location)
    }
  }

  @Test("Rows scaled and added, their outer products, their dots", arguments: widths, [1, 4, 25])
  func rows(width: LaneWidth, lanes: Int) {
    let kernels = width.kernels
    let (d, h) = (lanes == 4 ? 150 : 17, lanes * 8)
    var draws = TestDraws(lanes)
    let (weights, vector, out) = (draws.block(d * h), draws.block(h), draws.block(h))
    let x = (0..<d).map { $0 % 5 == 0 ? 0 : draws.float() }
    let (input, dots) = (floats(x), floats([Float](repeating: .nan, count: d)))
    defer {
      input.deallocate()
      dots.deallocate()
    }
    let before = out.floats.map(Double.init)
    kernels.addScaledRows(
      weights: weights.lanes, lanes: lanes, x: input, count: d, out: out.lanes)
    check(out) { unit in
      (0..<d).reduce(before[unit]) {
        $0 + Double(x[$1]) * Double(weights.floats[$1 * h + unit])
      }
    }
    kernels.rowDots(
      weights: weights.lanes, lanes: lanes, vector: vector.lanes, count: d, out: dots)
    for row in 0..<d {
      let expected = (0..<h).reduce(0.0) {
        $0 + Double(weights.floats[row * h + $1]) * Double(vector.floats[$1])
      }
      #expect(abs(Double(dots[row]) - expected) < 1e-4)
    }
    let all = (0..<d).map { dots[$0] }
    let (gate, gated) = (AlignedFloats(count: d), AlignedFloats(count: d))
    for row in 0..<d { gate.floats[row] = x[row] }
    for row in 0..<gated.count { gated.floats[row] = .nan }
    kernels.gatedRowDots(
      weights: weights.lanes, lanes: lanes, vector: vector.lanes, gate: gate.lanes, count: d,
      out: gated.lanes)
    for row in 0..<gated.count {
      #expect(gated.floats[row] == (row % 5 == 0 || row >= d ? 0 : all[row]))
    }
    for row in 0..<d {
      // A row by itself, in the order in which lanes are summed.
      var sum = Lane.zero
      for v in 0..<lanes { sum += weights.lanes[row * lanes + v] * vector.lanes[v] }
      let four = sum.lowHalf + sum.highHalf
      let two = four.lowHalf + four.highHalf
      #expect(dots[row] == two.x + two.y)
    }
    let sums = weights.floats.map(Double.init)
    kernels.addOuterProduct(
      sums: weights.lanes, lanes: lanes, x: input, count: d, vector: vector.lanes)
    check(weights) { sums[$0] + Double(x[$0 / h]) * Double(vector.floats[$0 % h]) }
  }

  @Test(
    "Outer products of a window are those of its decisions one after the other, bit for bit",
    arguments: widths, [1, 7, 25])
  func window(width: LaneWidth, lanes: Int) {
    let kernels = width.kernels
    let (d, decisions) = (21, 70)
    var draws = TestDraws(lanes)
    let (alone, window) = (draws.block(d * lanes * 8), draws.block(d * lanes * 8))
    kernels.scale(window, by: 0, andAdd: alone)
    let products = ProductWindow(inputs: 3, lanes: lanes, start: 0)
    for t in 0..<decisions {
      let (x, vector) = (AlignedFloats(count: d), draws.block(lanes * 8))
      for i in 0..<d { x.floats[i] = (i + t) % 3 == 0 || i == 5 ? 0 : draws.float() }
      kernels.addOuterProduct(
        sums: alone.lanes, lanes: lanes, x: Kernels.floats(x.lanes), count: d, vector: vector.lanes)
      products.add(x.lanes, vector.lanes, to: window, kernels: kernels)
    }
    products.flush(into: window, kernels: kernels)
    #expect(Array(window.floats) == Array(alone.floats))
  }

  @Test("Rectified outputs forward, back and along a direction", arguments: widths, [1, 5, 25])
  func outputs(width: LaneWidth, lanes: Int) {
    let kernels = width.kernels
    let (h, count) = (lanes * 8, 3)
    var draws = TestDraws(lanes + 100)
    let (hidden, tangent) = (draws.block(h), draws.block(h))
    let (weights, direction) = (draws.block(count * h), draws.block(count * h))
    hidden.floats[1] = 0
    let gates = UnsafeMutablePointer<Gate>.allocate(capacity: lanes)
    let (out, g) = (floats([0, 0, 0]), floats([0.5, -1.5, 2]))
    defer {
      gates.deallocate()
      out.deallocate()
      g.deallocate()
    }
    kernels.rectifiedDots(
      hidden: hidden.lanes, outputs: weights.lanes, lanes: lanes, count: count, gates: gates,
      out: out)
    let z = hidden.floats.map(Double.init)
    func w(_ o: Int, _ unit: Int) -> Double { Double(weights.floats[o * h + unit]) }
    for o in 0..<count {
      #expect(
        abs(Double(out[o]) - (0..<h).reduce(0.0) { $0 + max(0, z[$1]) * w(o, $1) }) < 1e-4)
      let along = kernels.outputTangent(
        hidden: hidden.lanes, tangent: tangent.lanes, output: weights.lanes + o * lanes,
        direction: direction.lanes + o * lanes, lanes: lanes)
      let expected = (0..<h).reduce(0.0) {
        z[$1] <= 0
          ? $0
          : $0 + w(o, $1) * Double(tangent.floats[$1])
            + Double(direction.floats[o * h + $1]) * z[$1]
      }
      #expect(abs(Double(along) - expected) < 1e-4)
    }
    for unit in 0..<h {
      let place = unit % (8 * lanesPerGate)
      let gate = gates[unit / 8 / lanesPerGate][place % 16] >> UInt32(2 * (place / 16))
      #expect(gate & 3 == (z[unit] > 0 ? 1 : 0))
    }
    let (sums, delta) = (AlignedFloats(count: count * h), draws.block(h))
    kernels.backpropagateOutputs(
      hidden: hidden.lanes, outputs: weights.lanes, gradients: g, lanes: lanes, count: count,
      outputSums: sums.lanes, out: delta.lanes)
    check(sums) { max(0, z[$0 % h]) * Double(g[$0 / h]) }
    check(delta) { unit in
      z[unit] <= 0 ? 0 : (0..<count).reduce(0.0) { $0 + Double(g[$1]) * w($1, unit) }
    }
  }

  @Test("Rectifying, gating, and marking what fired", arguments: widths)
  func gates(width: LaneWidth) {
    let kernels = width.kernels
    var draws = TestDraws(9)
    let (x, gate) = (draws.block(40), draws.block(40))
    gate.floats[3] = 0
    let fired = UnsafeMutablePointer<UInt8>.allocate(capacity: 5)
    fired.initialize(repeating: 0, count: 5)
    defer { fired.deallocate() }
    kernels.markFired(hidden: gate.lanes, lanes: 5, fired: fired)
    let before = Array(x.floats)
    kernels.gate(x.lanes, by: gate.lanes, lanes: 5)
    for i in 0..<40 {
      #expect(x.floats[i] == (gate.floats[i] > 0 ? before[i] : 0))
      #expect((fired[i / 8] >> UInt8(i % 8) & 1 == 1) == (gate.floats[i] > 0))
    }
    kernels.rectify(gate.lanes, lanes: 5)
    #expect(gate.floats.allSatisfy { $0 >= 0 } && gate.floats.contains { $0 > 0 })
  }

  @Test("tanh is the library's to 4·10⁻⁷ of it, odd, and NaN stays NaN", arguments: widths)
  func hyperbolicTangent(width: LaneWidth) {
    let kernels = width.kernels
    let x = AlignedFloats(count: 40_000)
    for i in 0..<x.count { x.floats[i] = Float(i - x.count / 2) * 6e-4 }
    let before = Array(x.floats)
    kernels.tanh(x.lanes, lanes: x.laneCount)
    for (i, z) in before.enumerated() {
      let expected = tanh(Double(z))
      #expect(abs(Double(x.floats[i]) - expected) <= 4e-7 * abs(expected) && abs(x.floats[i]) <= 1)
    }
    let slopes = AlignedFloats(count: x.count)
    for i in 0..<x.count { slopes.floats[i] = before[i] }
    kernels.multiplyByTanhSlope(slopes.lanes, of: x.lanes, lanes: x.laneCount)
    for i in 0..<x.count {
      #expect(slopes.floats[i] == before[i] * (1 - x.floats[i] * x.floats[i]))
    }
    let odd: [Float] = [.nan, .infinity, -.infinity, 1e30, 0, -0.25, 0.25, -1e-20]
    for (i, z) in odd.enumerated() { x.floats[i] = z }
    kernels.tanh(x.lanes, lanes: 1)
    #expect(x.floats[0].isNaN)
    #expect(Array(x.floats[1..<5]) == [1, -1, 1, 0])
    #expect(x.floats[5] == -x.floats[6] && x.floats[7] < 0)
  }

  @Test("A pattern's row is the sum of its rows, and its gradient goes to each", arguments: widths)
  func patterns(width: LaneWidth) {
    let kernels = width.kernels
    let (lanes, h) = (3, 24)
    var draws = TestDraws(5)
    let (block, row) = (draws.block(10 * h), AlignedFloats(count: h))
    let pattern: [UInt16] = [7, 2, 4]
    kernels.addColumns(
      weights: block.lanes, lanes: lanes, base: row.lanes, indices: pattern, plus: 3, total: 3,
      out: row.lanes)
    check(row) { unit in pattern.reduce(0.0) { $0 + Double(block.floats[Int($1) * h + unit]) } }
    let (before, value) = (Array(block.floats), Array(row.floats))
    kernels.spreadRow(row.lanes, lanes: lanes, indices: pattern, count: 3, over: block.lanes)
    for i in 0..<block.count {
      let named = pattern.contains(UInt16(i / h))
      #expect(block.floats[i] == (named ? before[i] + value[i % h] : before[i]))
    }
    #expect(row.floats.allSatisfy { $0 == 0 })
  }

  @Test("Whole blocks: sums, scales and dots", arguments: widths)
  func blocks(width: LaneWidth) {
    let kernels = width.kernels
    var draws = TestDraws(6)
    let (x, y) = (draws.block(5000), draws.block(5000))
    let (x0, y0) = (x.floats.map(Double.init), y.floats.map(Double.init))
    let dot = zip(x0, y0).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(kernels.dot(x, y) - dot) < 1e-3)
    kernels.add(x, times: 0.5, to: y)
    check(y) { y0[$0] + 0.5 * x0[$0] }
    kernels.scale(x, by: -2, andAdd: y)
    check(x) { y0[$0] - 1.5 * x0[$0] }
    kernels.scale(y, by: 3)
    check(y) { 3 * y0[$0] + 1.5 * x0[$0] }
  }
}

// SPDX-License-Identifier: MIT

import Kernels
import Testing

/// The dense, slow version of everything, in Double, over the same padded layout.
struct DenseTwin {
  let d: Int
  let h: Int
  var w1: [[Double]]
  var base: [Double]
  var w2: [Double]

  func hidden(_ x: [Double]) -> [Double] {
    (0..<h).map { unit in (0..<d).reduce(base[unit]) { $0 + w1[$1][unit] * x[$1] } }
  }

  func logit(_ x: [Double]) -> Double {
    zip(hidden(x), w2).reduce(0) { $0 + max(0, $1.0) * $1.1 }
  }
}

/// A small generator of test data; a failure names its seed.
struct TestDraws {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
  mutating func float() -> Float { Float(unit() * 2 - 1) }
}

@Suite("Sparse kernels against dense twins")
struct SparseKernelTests {
  static let widths: [SparseKernels.Width] =
    SparseKernels().width == .avx2 ? [.baseline, .avx2] : [.baseline]

  /// Random weights, one random observation, its dense form.
  struct Case {
    let lanes: Int
    let d: Int
    let w1, base, w2: AlignedFloats
    let batch: SparseSignBatch
    let x: [Double]

    init(seed: Int, lanes: Int) {
      var draws = TestDraws(seed)
      self.lanes = lanes
      d = 40
      w1 = AlignedFloats(count: d * lanes * 8)
      base = AlignedFloats(count: lanes * 8)
      w2 = AlignedFloats(count: lanes * 8)
      for block in [w1, base, w2] {
        for i in 0..<block.count { block.floats[i] = draws.float() }
      }
      let signs = (0..<d).map { _ in
        let u = draws.unit()
        return u < 0.3 ? 1 : u < 0.6 ? -1 : 0
      }
      x = signs.map(Double.init)
      batch = SparseSignBatch(width: d)
      batch.append { writer in
        for (i, sign) in signs.enumerated() where sign == 1 { writer.put(i) }
        writer.beginMinus()
        for (i, sign) in signs.enumerated() where sign == -1 { writer.put(i) }
      }
    }

    var twin: DenseTwin {
      let h = lanes * 8
      return DenseTwin(
        d: d, h: h,
        w1: (0..<d).map { row in (0..<h).map { Double(w1.floats[row * h + $0]) } },
        base: base.floats.map(Double.init), w2: w2.floats.map(Double.init))
    }
  }

  @Test(
    "The logit, every unit and every mask bit", arguments: widths, [1, 3, 4, 7, 12, 13, 25, 26])
  func forward(width: SparseKernels.Width, lanes: Int) {
    for seed in 0..<20 {
      let c = Case(seed: seed, lanes: lanes)
      let hidden = AlignedFloats(count: lanes * 8)
      var mask = [UInt8](repeating: 0, count: lanes)
      let logit = SparseKernels(width: width).logit(
        w1: c.w1.lanes, base: c.base.lanes, w2: c.w2.lanes, lanes: lanes, batch: c.batch,
        row: c.batch.rows[0], hidden: hidden.lanes, mask: &mask)
      let expected = c.twin.hidden(c.x)
      for h in 0..<lanes * 8 {
        #expect(abs(Double(hidden.floats[h]) - expected[h]) < 1e-5, "seed \(seed), unit \(h)")
        #expect((mask[h / 8] >> UInt8(h % 8) & 1 == 1) == (hidden.floats[h] > 0))
      }
      #expect(abs(Double(logit) - c.twin.logit(c.x)) < 1e-3, "seed \(seed)")
    }
  }

  @Test(
    "Accumulated sums are Σ coefficient · mask · x over windows", arguments: widths, [1, 5, 12, 25])
  func accumulate(width: SparseKernels.Width, lanes: Int) {
    let kernels = SparseKernels(width: width)
    let d = 30
    var draws = TestDraws(lanes)
    let batch = SparseSignBatch(width: d)
    let sums = AlignedFloats(count: d * lanes * 8)
    let window = ScatterWindow(width: d, lanes: lanes)
    var expected = [Float](repeating: 0, count: sums.count)
    for t in 0..<300 {
      let signs: [Float] = (0..<d).map { _ in
        let u = draws.unit()
        return u < 0.1 ? 1 : u < 0.2 ? -1 : 0
      }
      batch.append { writer in
        for (i, sign) in signs.enumerated() where sign == 1 { writer.put(i) }
        writer.beginMinus()
        for (i, sign) in signs.enumerated() where sign == -1 { writer.put(i) }
      }
      let mask = (0..<lanes).map { UInt8(truncatingIfNeeded: t * 37 + $0 * 91) }
      let coefficient = draws.float()
      window.add(
        batch.rows[t], of: batch, mask: mask, coefficient: coefficient, sums: sums,
        kernels: kernels)
      // Decision by decision, in Float: the same additions in the same order.
      for i in 0..<d where signs[i] != 0 {
        for h in 0..<lanes * 8 where mask[h / 8] >> UInt8(h % 8) & 1 == 1 {
          expected[i * lanes * 8 + h] += signs[i] * coefficient
        }
      }
    }
    window.flush(into: sums, kernels: kernels)
    #expect(Array(sums.floats) == expected)
  }

  @Test("RMSProp is the post's formula", arguments: widths)
  func rmsprop(width: SparseKernels.Width) {
    var draws = TestDraws(3)
    let (theta, squares, gradient) = (
      AlignedFloats(count: 1000), AlignedFloats(count: 1000), AlignedFloats(count: 1000)
    )
    for i in 0..<1000 {
      theta.floats[i] = draws.float()
      squares.floats[i] = abs(draws.float())
      gradient.floats[i] = draws.float() * 10
    }
    let (t0, c0, g0) = (
      theta.floats.map(Double.init), squares.floats.map(Double.init),
      gradient.floats.map(Double.init)
    )
    let sums = SparseKernels(width: width).rmspropStep(
      parameters: theta, squares: squares, gradient: gradient, learningRate: 0.01, decay: 0.99,
      epsilon: 1e-5, l2: 0.1)
    var (g2, t2) = (0.0, 0.0)
    for i in 0..<1000 {
      let g = g0[i] - 0.1 * t0[i]
      let c = 0.99 * c0[i] + 0.01 * g * g
      let t = t0[i] + 0.01 * g / (c.squareRoot() + 1e-5)
      #expect(abs(Double(squares.floats[i]) - c) < 1e-5 * max(1, c))
      #expect(abs(Double(theta.floats[i]) - t) < 1e-6)
      #expect(gradient.floats[i] == 0)
      g2 += g * g
      t2 += t * t
    }
    #expect(abs(sums.gradientSquares - g2) < 1e-4 * g2)
    #expect(abs(sums.parameterSquares - t2) < 1e-4 * t2)
  }

  @Test("Both widths give the same bits", .enabled(if: widths.count == 2, "this CPU has no AVX2"))
  func sameBits() {
    for seed in 0..<20 {
      let c = Case(seed: seed, lanes: 25)
      var logits: [Float] = []
      var blocks: [[Float]] = []
      for width in Self.widths {
        let kernels = SparseKernels(width: width)
        let hidden = AlignedFloats(count: 200)
        let sums = AlignedFloats(count: c.w1.count)
        let output = AlignedFloats(count: 200)
        var mask = [UInt8](repeating: 0, count: 25)
        logits.append(
          kernels.logit(
            w1: c.w1.lanes, base: c.base.lanes, w2: c.w2.lanes, lanes: 25, batch: c.batch,
            row: c.batch.rows[0], hidden: hidden.lanes, mask: &mask))
        let window = ScatterWindow(width: c.d, lanes: 25)
        window.add(
          c.batch.rows[0], of: c.batch, mask: mask, coefficient: 0.3, sums: sums, kernels: kernels)
        window.flush(into: sums, kernels: kernels)
        kernels.finishGradient(
          sums: sums.lanes, w1: c.w1.lanes, w2: c.w2.lanes, rows: c.d, lanes: 25,
          outputGradient: output.lanes)
        let theta = AlignedFloats(count: c.w1.count)
        theta.copy(from: c.w1)
        let squares = AlignedFloats(count: c.w1.count)
        _ = kernels.rmspropStep(
          parameters: theta, squares: squares, gradient: sums, learningRate: 1e-3, decay: 0.99,
          epsilon: 1e-5, l2: 0.01)
        blocks.append(Array(theta.floats) + Array(squares.floats) + Array(output.floats))
      }
      #expect(logits[0] == logits[1])
      #expect(blocks[0] == blocks[1])
    }
  }

  @Test("A batch grows and keeps every row")
  func batchGrows() {
    let batch = SparseSignBatch(width: 100)
    for i in 0..<5000 {
      batch.append { writer in
        for k in 0..<i % 60 { writer.put(k) }
        writer.beginMinus()
        for k in 0..<i % 40 { writer.put(99 - k) }
      }
    }
    for i in 0..<5000 {
      let entries = batch.entries(of: i)
      #expect(entries.plus == Array(0..<i % 60))
      #expect(entries.minus == (0..<i % 40).map { 99 - $0 })
    }
  }
}

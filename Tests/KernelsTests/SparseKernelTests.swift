// SPDX-License-Identifier: MIT

import KernelLoops
import Kernels
import Testing

@Suite("Sparse kernels against dense twins")
struct SparseKernelTests {
  static let sizes = [1, 3, 4, 7, 12, 13, 25, 26]

  @Test("Columns added sparsely are the dense product", arguments: widths, sizes)
  func columns(width: LaneWidth, lanes: Int) {
    let (d, h) = (40, lanes * 8)
    for seed in 0..<20 {
      var draws = TestDraws(seed)
      let (weights, base) = (draws.block(d * h), draws.block(h))
      let signs = draws.signs(d, share: 0.3)
      let batch = SparseSignBatch(width: d)
      batch.append(signs: signs)
      let out = AlignedFloats(count: h)
      width.kernels.addColumns(
        weights: weights.lanes, lanes: lanes, base: base.lanes,
        indices: batch.indices(of: batch.rows[0]), plus: Int(batch.rows[0].plus),
        total: Int(batch.rows[0].total), out: out.lanes)
      for unit in 0..<h {
        let expected = (0..<d).reduce(Double(base.floats[unit])) {
          $0 + Double(weights.floats[$1 * h + unit]) * Double(signs[$1])
        }
        #expect(abs(Double(out.floats[unit]) - expected) < 1e-5, "seed \(seed), unit \(unit)")
      }
    }
  }

  @Test("Windows of sums are the sums decision by decision, to the bit", arguments: widths, sizes)
  func windows(width: LaneWidth, lanes: Int) {
    let kernels = width.kernels
    let (d, h) = (30, lanes * 8)
    var draws = TestDraws(lanes)
    let batch = SparseSignBatch(width: d)
    let sums = AlignedFloats(count: d * h)
    let window = ScatterWindow(rows: d, lanes: lanes)
    var expected = [Float](repeating: 0, count: sums.count)
    for t in 0..<300 {
      let signs = draws.signs(d, share: 0.1)
      batch.append(signs: signs)
      let vector = draws.block(h)
      let place = window.vector(
        entries: Int(batch.rows[t].total), sums: sums, kernels: kernels)
      place.update(from: vector.lanes, count: lanes)
      window.add(batch.rows[t], of: batch)
      for i in 0..<d where signs[i] != 0 {
        for unit in 0..<h { expected[i * h + unit] += Float(signs[i]) * vector.floats[unit] }
      }
    }
    window.flush(into: sums, kernels: kernels)
    #expect(Array(sums.floats) == expected)
  }

  @Test("All widths give the same bits", .enabled(if: widths.count > 1, "this CPU has no AVX2"))
  func sameBits() {
    for seed in 0..<20 {
      var results: [[Float]] = []
      for width in widths {
        var draws = TestDraws(seed)
        let kernels = width.kernels
        let (d, lanes) = (40, 25)
        let (weights, base) = (draws.block(d * 200), draws.block(200))
        let batch = SparseSignBatch(width: d)
        batch.append(signs: draws.signs(d, share: 0.3))
        let (out, sums) = (AlignedFloats(count: 200), AlignedFloats(count: d * 200))
        kernels.addColumns(
          weights: weights.lanes, lanes: lanes, base: base.lanes,
          indices: batch.indices(of: batch.rows[0]), plus: Int(batch.rows[0].plus),
          total: Int(batch.rows[0].total), out: out.lanes)
        let window = ScatterWindow(rows: d, lanes: lanes)
        for _ in 0..<3 {
          window.vector(entries: Int(batch.rows[0].total), sums: sums, kernels: kernels)
            .update(from: out.lanes, count: lanes)
          window.add(batch.rows[0], of: batch)
        }
        window.flush(into: sums, kernels: kernels)
        results.append(Array(out.floats) + Array(sums.floats))
      }
      #expect(results.allSatisfy { $0 == results[0] }, "seed \(seed)")
      #expect(results[0].contains { $0 != 0 })
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
      // What is both 1 and −1 cancels.
      let plus = (0..<i % 60).filter { $0 <= 99 - i % 40 }
      let minus = (0..<i % 40).map { 99 - $0 }.filter { $0 >= i % 60 }
      let entries = batch.entries(of: i)
      #expect(entries.plus == plus)
      #expect(entries.minus == minus.sorted())
    }
  }

  @Test("A row copied to another batch is the same row; a pattern reads as its entries")
  func copies() {
    let patterns: [[UInt16]] = [[1, 2, 3], [4, 5]]
    let batch = SparseSignBatch(width: 10, patternBase: 12, patterns: patterns)
    batch.append { writer in
      #expect(writer.takesPatterns)
      writer.putPattern(0, if: true)
      writer.putPattern(1, if: false)
      writer.put(9)
      writer.beginMinus()
      writer.putPattern(1, if: true)
      writer.put(2)
    }
    let other = SparseSignBatch(width: 10, patternBase: 12, patterns: patterns)
    other.append { $0.beginMinus() }
    other.append(0, of: batch)
    for entries in [batch.entries(of: 0), other.entries(of: 1)] {
      #expect(entries.plus == [1, 3, 9])
      #expect(entries.minus == [4, 5])
    }
  }
}

// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

@Suite("Rows written as patterns")
struct PatternTests {
  /// Twelve entries and three patterns, one of which shares an entry with another.
  private static let form: ObservationForm = {
    var form = ObservationForm(.signs, width: 12)
    form.patterns = [[0, 1, 2], [4, 5, 6, 7], [2, 9]]
    return form
  }()

  /// A row that names patterns, and the same row that names entries.
  private static func rows(
    _ network: Network, _ plain: Network, seed: UInt64
  ) -> (ObservationBatch, ObservationBatch) {
    let batch = ObservationBatch(form: form, patternBase: network.patternBase)
    let twin = ObservationBatch(form: form)
    var draws = Xoshiro256(seed: seed)
    for _ in 0..<200 {
      let (plus, minus) = (Int(draws.next(below: 4)), Int(draws.next(below: 4)))
      let single = Int(draws.next(below: 12))
      batch.signs.append { writer in
        if plus < 3 { writer.putPattern(plus, if: true) }
        writer.put(single)
        writer.beginMinus()
        if minus < 3 { writer.putPattern(minus, if: true) }
      }
      twin.signs.append { writer in
        if plus < 3 { for entry in form.patterns[plus] { writer.put(Int(entry)) } }
        writer.put(single)
        writer.beginMinus()
        if minus < 3 { for entry in form.patterns[minus] { writer.put(Int(entry)) } }
      }
    }
    return (batch, twin)
  }

  @Test("The same outputs, gradient and tangent as entry by entry", arguments: [[], [10], [9, 6]])
  func twins(hidden: [Int]) {
    for outputs in [1, 4] {
      func make(_ form: ObservationForm, seed: UInt64) -> Network {
        let network = Network(
          form: form, hidden: hidden, outputs: ModelOutputs(count: outputs), hasBias: true)
        network.initialize(.post, streams: RandomStreams(root: 0, seed: seed))
        return network
      }
      var plainForm = Self.form
      plainForm.patterns = []
      let (network, plain) = (make(Self.form, seed: 1), make(plainForm, seed: 1))
      let direction = make(Self.form, seed: 2).parameters
      let plainDirection = make(plainForm, seed: 2).parameters
      #expect(network.patternBase != nil && plain.patternBase == nil)
      let (batch, twin) = Self.rows(network, plain, seed: 3)
      #expect((0..<200).allSatisfy { batch.dense($0) == twin.dense($0) })
      let (sums, plainSums) = (network.makeBlock(), plain.makeBlock())
      network.prepare(direction)
      plain.prepare(plainDirection)
      for t in 0..<200 {
        let (a, b) = (network.forward(batch, t), plain.forward(twin, t))
        for o in 0..<outputs { #expect(abs(a[o] - b[o]) < 2e-6) }
        let (c, d) = (
          network.tangent(along: direction, batch, t), plain.tangent(along: plainDirection, twin, t)
        )
        for o in 0..<outputs { #expect(abs(c[o] - d[o]) < 1e-5) }
        let weigh = { (out: Outputs, g: UnsafeMutablePointer<Float>) -> Bool in
          for o in 0..<outputs { g[o] = Float(t % 7) - 3 }
          return true
        }
        network.accumulate(into: sums, batch, t, weigh: weigh)
        plain.accumulate(into: plainSums, twin, t, weigh: weigh)
      }
      network.finishGradient(sums)
      plain.finishGradient(plainSums)
      let (a, b) = (
        network.tensors(of: sums, prefix: ""), plain.tensors(of: plainSums, prefix: "")
      )
      for (x, y) in zip(a, b) {
        #expect(x.name == y.name)
        for (v, w) in zip(x.values, y.values) { #expect(abs(v - w) < 1e-4 * max(1, abs(w))) }
        #expect(x.values.contains { $0 != 0 })
      }
    }
  }

  @Test("A policy and its value baseline read the same rows, whatever their outputs")
  func sharedRows() {
    let value = Network(form: Self.form, hidden: [10], outputs: 1, hasBias: true)
    let policy = Network(form: Self.form, hidden: [10], outputs: 4, hasBias: true)
    #expect(policy.patternBase == value.patternBase)
    let linear = Network(form: Self.form, hidden: [], outputs: 20, hasBias: false)
    #expect(linear.patternBase == value.patternBase)
  }
}

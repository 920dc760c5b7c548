// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

@Suite("Rows written as frames")
struct FrameTests {
  private static let form: ObservationForm = {
    var form = ObservationForm(.signs, width: 12)
    form.patterns = [[0, 1, 2], [4, 5, 6, 7], [2, 9]]
    return form
  }()

  private func network(_ form: ObservationForm, bias: Bool) -> Network {
    let network = Network(form: form, hidden: [21], outputs: 1, hasBias: bias)
    network.initialize(.post, streams: RandomStreams(root: 0, seed: 1))
    guard bias else { return network }
    for i in 0..<21 { network.parameters.floats[i] = Float(i % 5) * 0.1 - 0.2 }
    network.parametersDidChange()
    return network
  }

  /// Episodes of frames of one pattern and one entry, and the same as differences entry by entry.
  private func rows(_ network: Network, seed: UInt64) -> (ObservationBatch, ObservationBatch) {
    let batch = ObservationBatch(
      form: network.form, patternBase: network.patternBase, takesFrames: network.takesFrames)
    var plain = network.form
    plain.patterns = []
    let twin = ObservationBatch(form: plain)
    var draws = Xoshiro256(seed: seed)
    for length in [1, 60, 2, 90] {
      var before: [Int] = []
      for t in 0..<length {
        let (pattern, entry) = (
          Int(draws.next(below: 3)), [3, 8, 10, 11][Int(draws.next(below: 4))]
        )
        batch.signs.append { writer in
          #expect(writer.takesFrames)
          writer.beginFrame(isFirst: t == 0)
          writer.putPattern(pattern, if: true)
          writer.put(entry)
        }
        let now = network.form.patterns[pattern].map(Int.init) + [entry]
        twin.signs.append { writer in
          if t > 0 { for i in now where !before.contains(i) { writer.put(i) } }
          writer.beginMinus()
          if t > 0 { for i in before where !now.contains(i) { writer.put(i) } }
        }
        before = now
      }
    }
    return (batch, twin)
  }

  @Test(
    "They are the differences: seen, summed, in outputs and gradients", arguments: [false, true])
  func differences(bias: Bool) {
    var plainForm = Self.form
    plainForm.patterns = []
    let (network, plain) = (network(Self.form, bias: bias), network(plainForm, bias: bias))
    let (batch, twin) = rows(network, seed: 2)
    #expect((0..<batch.count).allSatisfy { batch.dense($0) == twin.dense($0) })
    let gates = GateBatch(lanes: network.gateLanes)
    let plainGates = GateBatch(lanes: plain.gateLanes)
    for t in 0..<batch.count {
      let (a, b) = (network.forward(batch, t)[0], plain.forward(twin, t)[0])
      #expect(abs(a - b) < 2e-6)
      network.keepGates(in: gates)
      plain.keepGates(in: plainGates)
    }
    // In any order, with the frame before known or not.
    for t in [70, 3, 2, 152, 63, 64, 0] {
      #expect(abs(network.forward(batch, t)[0] - plain.forward(twin, t)[0]) < 2e-6)
    }
    let (u, v) = (network.makeBlock(), plain.makeBlock())
    for part in [
      Array(0..<batch.count), stride(from: 1, to: 153, by: 3).reversed(), Array(90..<153), [],
    ] {
      let weigh = { (t: Int, g: UnsafeMutablePointer<Float>) -> Bool in
        g[0] = Float(t % 7) - 3
        return t % 11 != 0
      }
      var results: [[Float]] = []
      for kept in [gates, nil] {
        network.accumulate(into: u, batch, over: part, gates: kept, weigh: weigh)
        network.finishGradient(u)
        results.append(network.tensors(of: u, prefix: "").flatMap(\.values))
        u.clear()
      }
      for t in part {
        network.accumulate(into: u, batch, t) { _, g in weigh(t, g) }
      }
      network.finishGradient(u)
      results.append(network.tensors(of: u, prefix: "").flatMap(\.values))
      u.clear()
      // With gates that were kept or not, one by one or together: the same bits.
      #expect(results[0] == results[1] && results[0] == results[2])
      plain.accumulate(into: v, twin, over: part, gates: plainGates, weigh: weigh)
      plain.finishGradient(v)
      for (a, b) in zip(results[0], plain.tensors(of: v, prefix: "").flatMap(\.values)) {
        #expect(abs(a - b) < 1e-4 * max(1, abs(b)))
      }
      v.clear()
      #expect(results[0].contains { $0 != 0 } == !part.isEmpty)
    }
  }

  @Test("A row copied alone brings the frame before it")
  func copies() {
    let network = network(Self.form, bias: false)
    let (batch, twin) = rows(network, seed: 3)
    let other = ObservationBatch(
      form: Self.form, patternBase: network.patternBase, takesFrames: true)
    other.append(5, of: batch)
    #expect(other.count == 2 && other.dense(1) == twin.dense(5))
    let whole = ObservationBatch(
      form: Self.form, patternBase: network.patternBase, takesFrames: true)
    whole.append(batch)
    #expect((0..<batch.count).allSatisfy { whole.dense($0) == twin.dense($0) })
    // What follows the last row of a batch.
    let following = ObservationBatch(
      form: Self.form, patternBase: network.patternBase, takesFrames: true)
    following.begin(after: batch)
    for target in [following, batch] {
      target.signs.append { writer in
        writer.beginFrame(isFirst: false)
        writer.put(3)
      }
    }
    #expect(following.dense(1) == batch.dense(batch.count - 1))
    #expect(following.dense(0).allSatisfy { $0 == 0 })
  }
}

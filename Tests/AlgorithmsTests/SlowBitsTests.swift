// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

/// One hidden layer over frames of Pong, unit by unit and number by number, in the order of sums that
/// `docs/decisions/0009-order-of-sums.md` gives: the judge of every bit.
private struct SlowPongNetwork {
  /// Shape `[H][D]` and `[H]`.
  var w1: [[Float]]
  var w2: [Float]
  let patterns: [[UInt16]]
  /// For each input the patterns that it is lit in.
  let patternsOf: [[Int]]

  init(_ model: any Model) {
    let parts = model.tensors(of: model.parameters, prefix: "")
    let (h, d) = (parts[0].shape[0], parts[0].shape[1])
    w1 = (0..<h).map { Array(parts[0].values[$0 * d..<($0 + 1) * d]) }
    w2 = parts[1].values
    let patterns = model.form.patterns
    self.patterns = patterns
    patternsOf = (0..<d).map { d in patterns.indices.filter { patterns[$0].contains(UInt16(d)) } }
  }

  var inputs: Int { w1[0].count }

  /// A unit's weights of the inputs, and the sums of those of the patterns.
  private func weights(_ h: Int) -> [Float] {
    w1[h] + patterns.map { $0.reduce(0) { $0 + w1[h][Int($1)] } }
  }

  /// Units before the ReLU, shape `[T][H]`.
  func hidden(_ batch: SparseSignBatch) -> [[Float]] {
    let weights = w2.indices.map(weights)
    var before: [Float] = []
    return batch.rows.map { row in
      let indices = batch.indices(of: row)
      let frame = w2.indices.map { h in
        (0..<Int(row.total)).reduce(Float(0)) { $0 + weights[h][Int(indices[$1])] }
      }
      defer { before = frame }
      return row.kind == .firstFrame
        ? frame.map { _ in 0 } : zip(frame, before).map { 0 + ($0 - $1) }
    }
  }

  /// Eight partial sums for each of four lanes in turn, those of the lanes that are left in the first.
  func output(_ hidden: [Float]) -> Float {
    let lanes = (hidden.count + 7) / 8
    var sums = [[Float]](repeating: [Float](repeating: 0, count: 8), count: 4)
    for h in hidden.indices {
      let lane = h / 8
      sums[lane < lanes / 4 * 4 ? lane % 4 : 0][h % 8] += max(0, hidden[h]) * w2[h]
    }
    var x = (0..<8).map { (sums[0][$0] + sums[1][$0]) + (sums[2][$0] + sums[3][$0]) }
    while x.count > 1 { x = (0..<x.count / 2).map { x[$0] + x[$0 + x.count / 2] } }
    return x[0]
  }

  /// ∂J/∂w1, shape `[H][D]`, and ∂J/∂w2 from ∂J/∂out of every decision.
  func gradient(_ batch: SparseSignBatch, _ g: [Float]) -> (w1: [[Float]], w2: [Float]) {
    let hidden = hidden(batch)
    var lists = [[Int]](repeating: [], count: inputs + patterns.count)
    for (t, row) in batch.rows.enumerated() {
      for i in 0..<Int(row.total) { lists[Int(batch.indices(of: row)[i])].append(t) }
    }
    var gradients = w1
    var (share, total) = ([Float](repeating: 0, count: w2.count), w2.map { _ in Float(0) })
    for h in w2.indices {
      func sum(_ row: Int) -> Float {
        lists[row].reduce(0) { sum, t in
          let x = batch.rows[t].kind == .frame ? g[t] : 0
          let isFollowed = t + 1 < batch.rows.count && batch.rows[t + 1].kind == .frame
          let y = isFollowed ? -g[t + 1] : 0
          let (own, next) = (hidden[t][h] > 0, isFollowed && hidden[t + 1][h] > 0)
          return sum + (own && next ? x + y : own ? x : next ? y : 0)
        }
      }
      let ofPatterns = patterns.indices.map { sum(inputs + $0) }
      for d in 0..<inputs {
        var m = sum(d)
        for k in patternsOf[d] { m += ofPatterns[k] }
        share[h] += w1[h][d] * m
        gradients[h][d] = m * w2[h]
        if d % 128 == 127 {
          total[h] += share[h]
          share[h] = 0
        }
      }
    }
    return (gradients, total)
  }
}

@Suite("The fast update against plain code in the same order of sums, bit for bit")
struct SlowBitsTests {
  private static let configuration = Setup.configuration(
    "reinforce", optimizer: "rmsprop",
    ["policy.hidden": [20], "algorithm.episodesPerUpdate": 2, "optimizer.learningRate": 3e-3])

  @Test("Weights after three updates of the post's program", arguments: [1, 2, 3])
  func reinforce(threads: Int) throws {
    func pong() -> PongEnvironment {
      PongEnvironment(
        skip: 2...4, stickyActions: 0.25, frameLimit: 108_000, actions: ["RIGHT", "LEFT"])
    }
    let streams = RandomStreams(root: 0, seed: 4)
    let training = Training(
      configuration: Self.configuration, streams: streams,
      environments: (0..<threads).map { _ in pong() }, threads: threads)
    let model = training.player.model
    var slow = SlowPongNetwork(model)
    var squares = (w1: slow.w1.map { $0.map { _ in Float(0) } }, w2: slow.w2.map { _ in Float(0) })
    var episode: UInt64 = 1
    for _ in 0..<3 {
      let batch = DecisionBatch(for: model)
      for _ in 0..<2 {
        _ = try training.player.playEpisode(
          pong(), into: batch,
          environmentDraws: streams.generator(.trainingEnvironment, index: episode),
          policyDraws: streams.generator(.trainingPolicy, index: episode))
        episode += 1
      }
      let signs = batch.observations.signs
      for (t, hidden) in slow.hidden(signs).enumerated() {
        guard slow.output(hidden) == batch.logits[t] else {
          Issue.record("the logit of decision \(t)")
          return
        }
      }
      var (advantages, targets): ([Float], [Float]) = ([], [])
      AdvantageRule(configuration: Self.configuration).computeAdvantages(
        of: batch, values: [], into: &advantages, targets: &targets)
      let g = (0..<batch.count).map { t in
        Float(
          ((batch.actions[t] == 0 ? 1 : 0) - sigmoid(Double(batch.logits[t])))
            * Double(advantages[t]))
      }
      let gradient = slow.gradient(signs, g)
      func step(_ theta: inout Float, _ c: inout Float, _ g: Float) {
        c = 0.99 * c + (1 - Float(0.99)) * (g * g)
        theta += (3e-3 * g) / (c.squareRoot() + 1e-5)
      }
      for h in slow.w2.indices {
        for d in 0..<slow.inputs {
          step(&slow.w1[h][d], &squares.w1[h][d], gradient.w1[h][d])
        }
        step(&slow.w2[h], &squares.w2[h], gradient.w2[h])
      }
      _ = try training.advance()
      let fast = SlowPongNetwork(model)
      #expect(fast.w2 == slow.w2)
      #expect(fast.w1 == slow.w1)
    }
    #expect(
      SlowPongNetwork(model).w1
        != SlowPongNetwork(Setup.training(Self.configuration, pong(), seed: 4).player.model).w1)
  }
}

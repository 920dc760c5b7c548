// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

/// The policy in Double over dense inputs: the judge of gradient and forward pass.
struct NaivePolicy {
  var w1: [[Double]]
  var b1: [Double]
  var w2: [Double]
  var b2: Double

  init(_ policy: TwoLayerPolicy) {
    let parts = Dictionary(
      uniqueKeysWithValues: policy.tensors(of: policy.parameters, prefix: "").map { ($0.name, $0) })
    let (h, d) = (policy.hiddenCount, policy.inputCount)
    w1 = (0..<h).map { unit in
      (0..<d).map { Double(parts["w1"]?.values[unit * d + $0] ?? .nan) }
    }
    w2 = parts["w2"]?.values.map(Double.init) ?? []
    b1 = parts["b1"]?.values.map(Double.init) ?? [Double](repeating: 0, count: h)
    b2 = parts["b2"].map { Double($0.values[0]) } ?? 0
  }

  func logit(_ x: [Double]) -> Double {
    var z = b2
    for (h, row) in w1.enumerated() {
      let sum = zip(row, x).reduce(b1[h]) { $0 + $1.0 * $1.1 }
      z += max(0, sum) * w2[h]
    }
    return z
  }

  /// The smallest distance of a unit from its kink.
  func margin(_ x: [Double]) -> Double {
    zip(w1, b1).map { row, bias in abs(zip(row, x).reduce(bias) { $0 + $1.0 * $1.1 }) }.min() ?? 0
  }
}

@Suite("The two-layer policy")
struct PolicyTests {
  static func observation(_ draws: inout Xoshiro256, width: Int) -> [Double] {
    (0..<width).map { _ in Double(Int(draws.next(below: 3)) - 1) }
  }

  static func append(_ x: [Double], to batch: SparseSignBatch) {
    batch.append { writer in
      for (i, v) in x.enumerated() where v == 1 { writer.put(i) }
      writer.beginMinus()
      for (i, v) in x.enumerated() where v == -1 { writer.put(i) }
    }
  }

  @Test("Gradients equal central differences in Double", arguments: 0..<20, [false, true])
  func gradients(seed: Int, bias: Bool) {
    let policy = TwoLayerPolicy(inputCount: 12, hiddenCount: 10, hasBias: bias)
    policy.initialize(streams: RandomStreams(root: 0, seed: UInt64(seed)))
    var draws = Xoshiro256(seed: UInt64(seed) + 100)
    if bias {
      for row in [12, 14] {
        let count = row == 12 ? 10 : 1
        for h in 0..<count {
          policy.parameters.floats[row * 16 + h] = Float(draws.nextUnit() - 0.5)
        }
      }
    }
    let twin = NaivePolicy(policy)
    var x = Self.observation(&draws, width: 12)
    while twin.margin(x) < 1e-3 { x = Self.observation(&draws, width: 12) }
    let batch = SparseSignBatch(width: 12)
    Self.append(x, to: batch)
    var mask = [UInt8](repeating: 0, count: policy.maskBytes)
    let logit = policy.logit(of: batch, row: batch.rows[0], mask: &mask)
    #expect(abs(Double(logit) - twin.logit(x)) < 1e-5)

    let sums = policy.makeParameterBlock()
    policy.accumulate(into: sums, batch: batch, row: batch.rows[0], mask: mask, coefficient: 1)
    policy.finishGradient(sums)
    let gradient = policy.tensors(of: sums, prefix: "")
    func central(_ set: (inout NaivePolicy, Double) -> Void) -> Double {
      var (up, down) = (twin, twin)
      set(&up, 1e-5)
      set(&down, -1e-5)
      return (up.logit(x) - down.logit(x)) / 2e-5
    }
    for part in gradient {
      for (i, value) in part.values.enumerated() {
        let expected = central { twin, step in
          switch part.name {
          case "w1": twin.w1[i / 12][i % 12] += step
          case "w2": twin.w2[i] += step
          case "b1": twin.b1[i] += step
          default: twin.b2 += step
          }
        }
        #expect(abs(Double(value) - expected) < 2e-6, "\(part.name)[\(i)], seed \(seed)")
      }
    }
  }

  @Test("Initial weights have the post's spread, and H only adds units")
  func initialization() {
    let small = TwoLayerPolicy(inputCount: 6400, hiddenCount: 20, hasBias: false)
    let large = TwoLayerPolicy(inputCount: 6400, hiddenCount: 200, hasBias: false)
    for policy in [small, large] { policy.initialize(streams: RandomStreams(root: 0, seed: 5)) }
    let a = small.tensors(of: small.parameters, prefix: "")
    let b = large.tensors(of: large.parameters, prefix: "")
    #expect(a[0].values == Array(b[0].values.prefix(20 * 6400)))
    let squares = b[0].values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares / 200 - 1) < 0.01)
    let output = b[1].values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(output - 1) < 0.3)
  }

  @Test("Tensors load back; another shape is refused in words")
  func tensors() {
    let policy = TwoLayerPolicy(inputCount: 30, hiddenCount: 11, hasBias: true)
    policy.initialize(streams: RandomStreams(root: 1, seed: 2))
    let parts = policy.tensors(of: policy.parameters, prefix: "policy.")
    let other = TwoLayerPolicy(inputCount: 30, hiddenCount: 11, hasBias: true)
    let find = { (name: String) in parts.first { $0.name == name } }
    #expect(other.load(find, prefix: "policy.", into: other.parameters) == nil)
    #expect(Array(other.parameters.floats) == Array(policy.parameters.floats))
    let narrow = TwoLayerPolicy(inputCount: 30, hiddenCount: 5, hasBias: true)
    #expect(
      narrow.load(find, prefix: "policy.", into: narrow.parameters)
        == "policy.w1 is [11, 30]; this policy has [5, 30]")
  }
}

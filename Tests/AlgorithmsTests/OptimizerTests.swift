// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Kernels
import ParameterSchema
import Policies
import Randomness
import Testing

@Suite("Optimizers over several steps against Double")
struct OptimizerTests {
  private static func model() -> Network {
    let model = Network(
      form: ObservationForm(.numbers, width: 6), hidden: [5], outputs: 2, hasBias: true)
    model.initialize(.post, streams: RandomStreams(root: 0, seed: 1))
    return model
  }

  /// Gradients by step and parameter number; the first parts of the block only.
  private static func gradient(_ step: Int, _ model: Network) -> [Tensor] {
    var draws = Xoshiro256(seed: UInt64(step))
    return model.tensors(of: model.parameters, prefix: "").map {
      Tensor(
        name: $0.name, shape: $0.shape,
        values: $0.values.map { _ in Float(2 * draws.nextUnit() - 1) })
    }
  }

  private static func load(_ tensors: [Tensor], into block: AlignedFloats, _ model: Network) {
    _ = model.load({ name in tensors.first { $0.name == name } }, prefix: "", into: block)
  }

  private static func values(_ model: Network) -> [Double] {
    model.tensors(of: model.parameters, prefix: "").flatMap(\.values).map(Double.init)
  }

  static let rules: [String: [String: Double]] = [
    "rmsprop": ["decay": 0.9, "epsilon": 1e-3],
    "adam": ["beta1": 0.9, "beta2": 0.99, "epsilon": 1e-4],
    "sgd": ["momentum": 0.8],
  ]

  /// With a rule's parameters, and those of every optimizer where they are not the defaults.
  private static func optimizer(
    _ rule: String, _ others: [String: ConfigValue], _ model: Network
  ) -> Optimizer {
    var changes = (rules[rule] ?? [:]).mapValues { ConfigValue.number($0) }
    changes.merge(others) { $1 }
    return Optimizer(
      configuration: Setup.configuration(
        "reinforce", optimizer: rule,
        Dictionary(uniqueKeysWithValues: changes.map { ("optimizer.\($0)", $1) })),
      model: model)
  }

  @Test("Ten steps with l2, a clipped norm and a schedule", arguments: rules.keys, [false, true])
  func steps(rule: String, clips: Bool) throws {
    let model = Self.model()
    let gradient = model.makeBlock()
    let optimizer = Self.optimizer(
      rule,
      [
        "learningRate": 0.02, "schedule": "linear", "scheduleEnd": 0.5, "l2": 0.1,
        "clipNorm": clips ? 0.5 : .null,
      ], model)
    let values = try #require(Self.rules[rule])
    func value(_ name: String) -> Double { Double(Float(values[name] ?? .nan)) }
    var theta = Self.values(model)
    var (m, s) = (
      [Double](repeating: 0, count: theta.count), [Double](repeating: 0, count: theta.count)
    )
    for step in 1...10 {
      let tensors = Self.gradient(step, model)
      Self.load(tensors, into: gradient, model)
      let progress = Double(step - 1) / 10
      let norms = optimizer.step(model, gradient: gradient, progress: progress)
      #expect(gradient.floats.allSatisfy { $0 == 0 })
      let rate = 0.02 * (1 - 0.5 * progress)
      var g = zip(tensors.flatMap(\.values), theta).map { Double($0) - 0.1 * $1 }
      let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(norms.gradient - norm) < 1e-4 * norm)
      #expect(norm > 0.5)
      if clips { g = g.map { $0 * 0.5 / norm } }
      for i in theta.indices {
        switch rule {
        case "rmsprop":
          s[i] = value("decay") * s[i] + (1 - value("decay")) * g[i] * g[i]
          theta[i] += rate * g[i] / (s[i].squareRoot() + value("epsilon"))
        case "adam":
          let (beta1, beta2) = (value("beta1"), value("beta2"))
          m[i] = beta1 * m[i] + (1 - beta1) * g[i]
          s[i] = beta2 * s[i] + (1 - beta2) * g[i] * g[i]
          var (p1, p2) = (1.0, 1.0)
          for _ in 0..<step { (p1, p2) = (p1 * beta1, p2 * beta2) }
          theta[i] +=
            rate * (m[i] / (1 - p1)) / ((s[i] / (1 - p2)).squareRoot() + value("epsilon"))
        case "sgd":
          m[i] = value("momentum") * m[i] + g[i]
          theta[i] += rate * m[i]
        default: Issue.record("no judge of \(rule)")
        }
      }
      let found = Self.values(model)
      for i in theta.indices { #expect(abs(found[i] - theta[i]) < 2e-5, "step \(step), \(i)") }
      #expect(abs(norms.parameters - theta.reduce(0) { $0 + $1 * $1 }.squareRoot()) < 1e-4)
    }
  }

  @Test("State stored and loaded continues to the bit; a restart forgets it", arguments: rules.keys)
  func storing(rule: String) {
    func run(_ steps: ClosedRange<Int>, _ optimizer: Optimizer, _ model: Network) {
      let gradient = model.makeBlock()
      for step in steps {
        Self.load(Self.gradient(step, model), into: gradient, model)
        _ = optimizer.step(model, gradient: gradient, progress: 0)
      }
    }
    let model = Self.model()
    let optimizer = Self.optimizer(rule, ["learningRate": 0.01], model)
    run(1...3, optimizer, model)
    let (weights, state) = (
      model.tensors(of: model.parameters, prefix: ""), optimizer.tensors(of: model, prefix: "o.")
    )
    run(4...6, optimizer, model)
    let other = Self.model()
    Self.load(weights, into: other.parameters, other)
    let second = Self.optimizer(rule, ["learningRate": 0.01], other)
    let find = { (name: String) in state.first { $0.name == name } }
    #expect(second.load(find, of: other, prefix: "o.") == nil)
    run(4...6, second, other)
    #expect(Array(model.parameters.floats) == Array(other.parameters.floats))
    second.restart()
    #expect(second.tensors(of: other, prefix: "").allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }

  @Test("A damaged count of steps is refused in words", arguments: [Float.nan, -1, 1.5, .infinity])
  func badSteps(count: Float) {
    let model = Self.model()
    let optimizer = Self.optimizer("sgd", [:], model)
    var state = optimizer.tensors(of: model, prefix: "")
    state[state.count - 1] = Tensor(name: "steps", shape: [1], values: [count])
    #expect(
      optimizer.load({ name in state.first { $0.name == name } }, of: model, prefix: "")
        == "steps is \([count]); allowed: one or two whole numbers from 0")
  }

  @Test(
    "A count of steps is stored exactly, however many they were",
    arguments: [0, 1, 16_777_215, 16_777_216, 16_777_217, 50_331_651, 1 << 40 + 12_345])
  func manySteps(count: Int) {
    let tensor = Optimizer.countTensor(count, name: "steps")
    #expect(Optimizer.count(tensor) == count)
    // Up to here the file is what it always was.
    #expect((tensor.shape == [1]) == (count < 1 << 24))
  }

  @Test("A count that an earlier program stored as one number is read")
  func olderCount() {
    #expect(
      Optimizer.count(Tensor(name: "steps", shape: [1], values: [33_554_436])) == 33_554_436)
  }

  @Test("Schedules and ramps go where they say, and stay there")
  func schedules() {
    let middle = 0.01.squareRoot()
    for (schedule, values) in [
      ((Schedule.constant, 0.5), [1.0, 1, 1]), ((.linear, 0.1), [1, 0.55, 0.1]),
      ((.linear, 0), [1, 0.5, 0]), ((.exponential, 0.01), [1, middle, 0.01]),
    ] as [((Schedule, Double), [Double])] {
      let factor = { schedule.0.factor(at: $0, end: schedule.1) }
      for (progress, value) in zip([0, 0.5, 1], values) {
        #expect(abs(factor(progress) - value) < 1e-12)
      }
      #expect(factor(2) == factor(1))
      #expect(factor(-1) == 1)
    }
  }
}

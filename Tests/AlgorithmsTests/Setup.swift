// SPDX-License-Identifier: MIT

import Algorithms
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness

/// Configurations and trainings for tests: every parameter at its declared default, but for what a
/// test says.
enum Setup {
  static func configuration(
    _ algorithm: String, optimizer: String = "sgd", policy: String = "mlp",
    _ changes: [String: ConfigValue] = [:]
  ) -> ConfigValue {
    func section(_ selector: String?, _ components: [Component], _ id: String) -> ConfigValue {
      var values: [String: ConfigValue] = [:]
      for component in components where selector == nil || component.id == id {
        for parameter in component.parameters { values[parameter.name] = parameter.defaultValue }
        if let selector { values[selector] = .string(component.id) }
      }
      return .object(values)
    }
    var all: ConfigValue = [
      "policy": section(
        "kind", policies.components, policy),
      "returns": section(nil, [AdvantageRule.component], ""),
      "algorithm": section("kind", algorithms.components, algorithm),
      "optimizer": section("kind", optimizers.components, optimizer),
      "training": section(nil, [Training.component], ""),
      "reward": section(nil, [RewardRule.component], ""),
    ]
    for (path, value) in changes { all[path: path] = value }
    return all
  }

  static func training(
    _ configuration: ConfigValue, _ environments: any Environment..., seed: UInt64 = 0,
    kernels: LaneKernels = LaneWidth.widest.kernels
  ) -> Training {
    Training(
      configuration: configuration, streams: RandomStreams(root: 0, seed: seed),
      environments: environments, kernels: kernels)
  }
}

extension ActionSpace {
  /// So many actions, called by their numbers.
  static func numbered(_ count: Int) -> ActionSpace { .discrete((0..<count).map { String($0) }) }
}

extension DecisionBatch {
  /// Records one of a few actions.
  func record(logits: Outputs, action: Int) {
    actions.append(Float(action))
    record(logits: logits)
  }
}

/// A bandit over several entries at once: one of eight inputs is lit, and each entry has a right
/// value that it says. A right choice gives ½, a wrong one −½; a number costs its squared distance.
/// An episode has 20 decisions.
final class TargetBandit: Environment {
  let form = ObservationForm(.numbers, width: 8)
  let actions: ActionSpace
  private var draws = Xoshiro256(seed: 0)
  private var lit = 0
  private var left = 0

  init(_ actions: ActionSpace) { self.actions = actions }

  func reset(draws: Xoshiro256) {
    self.draws = draws
    left = 20
    lit = Int(self.draws.next(below: 8))
  }

  func step(_ action: Action) -> Transition {
    guard case .entries(let entries) = action else { preconditionFailure("\(action)") }
    var reward = 0.0
    switch actions {
    case .product(let counts):
      for (entry, count) in zip(entries, counts) {
        reward += Int(entry) == lit % count ? 0.5 : -0.5
      }
    case .box(let ranges):
      for (entry, range) in zip(entries, ranges) {
        precondition(range.contains(entry), "\(entry) is not clipped")
        let distance = entry - (lit % 2 == 0 ? 0.5 : -0.5)
        reward -= Double(distance * distance)
      }
    case .discrete: preconditionFailure("a single choice")
    }
    left -= 1
    lit = Int(draws.next(below: 8))
    return Transition(reward: reward, frames: 1, ending: left == 0 ? .terminated : .none)
  }

  func observe(into numbers: inout [Float]) {
    numbers += (0..<8).map { $0 == lit ? 1 : 0 }
  }
}

/// A contextual bandit: one of eight inputs is lit, and the right action is its number modulo the
/// number of actions. Each of an episode's decisions gives 1 or −1.
final class ParityBandit: Environment {
  let form: ObservationForm
  let actions: ActionSpace
  private let varies: Bool
  private var draws = Xoshiro256(seed: 0)
  private var lit = 0
  private var left = 0

  /// - Parameter varies: whether an episode has 1...30 decisions instead of 20.
  init(actions: Int = 2, _ entries: ObservationForm.Entries = .signs, varies: Bool = false) {
    form = ObservationForm(entries, width: 8)
    self.actions = .discrete((0..<actions).map { "REST \($0)" })
    self.varies = varies
  }

  func reset(draws: Xoshiro256) {
    self.draws = draws
    left = varies ? 1 + Int(self.draws.next(below: 30)) : 20
    lit = Int(self.draws.next(below: 8))
  }

  func step(_ action: Action) -> Transition {
    let reward: Double = action.number == lit % actions.names.count ? 1 : -1
    left -= 1
    lit = Int(draws.next(below: 8))
    return Transition(reward: reward, frames: 1, ending: left == 0 ? .terminated : .none)
  }

  func observe(_ writer: inout SignWriter) {
    writer.put(lit)
    writer.beginMinus()
  }

  func observe(into numbers: inout [Float]) {
    numbers += (0..<8).map { $0 == lit ? 1 : 0 }
  }
}

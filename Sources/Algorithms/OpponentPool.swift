// SPDX-License-Identifier: MIT

package import Artifacts
import Environments
import Kernels
import ParameterSchema
import Policies
import Randomness

/// Who a policy that learns a game for two plays against: itself, or its earlier selves.
///
/// The pool changes only between updates, and an episode's opponent follows from the pool and the
/// episode's own stream: threads and jobs change nothing.
package final class OpponentPool {
  private enum Kind: String { case own = "self", latest, uniform, even }

  /// An earlier self.
  private struct Member {
    let model: any Model
    /// p: how often it was beaten lately, a draw counting half; each game moves it by a tenth.
    var beaten: Float = 0.5
  }

  private let kind: Kind
  /// Whether both players' decisions are learned from.
  private let teaches: Bool
  private let every: Int
  private let size: Int
  private let streams: RandomStreams
  private let makeModel: () -> any Model
  /// The oldest first.
  private var members: [Member] = []

  /// nil where the environment is no game for two.
  init?(
    configuration: ConfigValue, environment: any Environment, streams: RandomStreams,
    makeModel: @escaping () -> any Model
  ) {
    guard environment.rival != nil else { return nil }
    let settings = Settings(configuration, section: "environment")
    kind = settings.choice("opponent")
    teaches = kind == .own && settings.string("sides") == "both"
    every = settings.integer("poolEvery")
    size = settings.integer("poolSize")
    (self.streams, self.makeModel) = (streams, makeModel)
  }

  /// Who plays episode `number` against `player`.
  func opponent(_ number: Int, _ player: Player) -> Opponent {
    var draws = streams.generator(.opponent, index: UInt64(number))
    let model = choice(&draws).map { members[$0].model } ?? player.model
    // With memory of its own: several threads may play the same one, and a model remembers what it
    // saw last.
    return Opponent(player.playing(model.twin() ?? model), draws: draws, teaches: teaches)
  }

  /// The place of a member in the pool; nil for the policy itself.
  private func choice(_ draws: inout Xoshiro256) -> Int? {
    guard kind != .own else { return nil }
    let weights = members.indices.map { i -> Double in
      switch kind {
      case .own, .latest: return i == members.count - 1 ? 1 : 0
      case .uniform: return 1
      case .even: return Double(members[i].beaten * (1 - members[i].beaten))
      }
    }
    var left = draws.nextUnit() * weights.reduce(0, +)
    for (i, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return i }
    }
    return members.count - 1
  }

  /// Notes how the episodes of an update ended.
  ///
  /// - Parameter returns: of `player`'s side, by the episode's number.
  func learn(from returns: [(number: Int, return: Double)]) {
    let chosen = returns.map { episode in
      var draws = streams.generator(.opponent, index: UInt64(episode.number))
      return choice(&draws)
    }
    for (member, episode) in zip(chosen, returns) {
      guard let member else { return }
      let outcome = Float(1 + (episode.return == 0 ? 0 : episode.return > 0 ? 1 : -1)) / 2
      members[member].beaten += 0.1 * (outcome - members[member].beaten)
    }
  }

  /// Takes the policy in, where `updates` says that it is time.
  func add(_ player: Player, after updates: Int) {
    guard kind != .own, updates % every == 0 else { return }
    let copy = makeModel()
    copy.parameters.copy(from: player.model.parameters)
    copy.parametersDidChange()
    members.append(Member(model: copy))
    if members.count > size { members.removeFirst() }
  }

  /// Empties it, and takes in the first weights.
  func restart(_ player: Player) {
    members = []
    add(player, after: 0)
  }

  /// What continuing needs: every member's weights, and p of each.
  package func tensors() -> [Tensor] {
    guard !members.isEmpty else { return [] }
    let beaten = Tensor(name: "pool.beaten", shape: [members.count], values: members.map(\.beaten))
    return [beaten]
      + members.enumerated().flatMap { i, member in
        member.model.tensors(of: member.model.parameters, prefix: "pool.\(i).")
      }
  }

  /// - Returns: nil when all fits, otherwise what does not.
  package func load(_ find: (String) -> Tensor?) -> String? {
    guard kind != .own else { return nil }
    guard let beaten = find("pool.beaten"), (1...size).contains(beaten.values.count),
      beaten.values.allSatisfy({ (0...1).contains($0) })
    else { return "its pool of opponents is missing or damaged" }
    members = []
    for (i, value) in beaten.values.enumerated() {
      let model = makeModel()
      if let problem = model.load(find, prefix: "pool.\(i).", into: model.parameters) {
        return problem
      }
      model.parametersDidChange()
      members.append(Member(model: model, beaten: value))
    }
    return nil
  }
}

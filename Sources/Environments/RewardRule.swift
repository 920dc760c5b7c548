// SPDX-License-Identifier: MIT

package import ParameterSchema
import Randomness

/// What learning sees in place of the game's own rewards. The recorded return stays the game's.
///
/// In this order: the game's reward; with `randomized`, a fixed random number in its place; with
/// `clip`, cut to a bound; minus `movementPenalty` where the decision moves.
package struct RewardRule: Hashable, Sendable {
  /// Whether learning sees the game's own rewards.
  package let isOwn: Bool
  private let movementPenalty: Float
  /// Infinite where nothing is cut.
  private let bound: Float
  /// Shape `[2, A]`: what a decision with a negative reward, then one with a positive reward, is
  /// worth by the action taken. Empty where the game's rewards are kept.
  private let table: [Float]
  /// Shape `[A]`; all false where the policy is offered no action that rests.
  private let rests: [Bool]
  private let canRest: Bool
  private var lastAction: Action?

  /// - Parameters:
  ///   - movementPenalty: cost of a decision that moves. A decision moves if its action is none of
  ///     those that rest (NOOP, FIRE); where none of these is offered, if it turns round: takes
  ///     another action than the decision before.
  ///   - clip: greatest size of a reward; nil cuts nothing.
  ///   - randomized: the number of a random reward function; nil keeps the game's rewards.
  ///   - actions: the environment's; without numbers, only `clip` has a meaning for them.
  ///   - root: the experiment's `rootSeed`.
  package init(
    movementPenalty: Double = 0, clip: Double? = nil, randomized: Int? = nil, actions: ActionSpace,
    root: UInt64 = 0
  ) {
    self.movementPenalty = Float(movementPenalty)
    bound = clip.map { Float($0) } ?? .infinity
    rests = actions.names.map { $0 == "NOOP" || $0 == "FIRE" }
    canRest = rests.contains(true)
    let count = actions.names.count
    table =
      randomized.map { number in
        var draws = RandomStreams(root: root, seed: 0)
          .generator(.randomReward, index: UInt64(number))
        return (0..<2 * count).map { _ in Float(2 * draws.nextUnit() - 1) }
      } ?? []
    isOwn = movementPenalty == 0 && clip == nil && randomized == nil
  }

  /// Begins an episode.
  package mutating func reset() { lastAction = nil }

  /// The reward that learning sees for a decision.
  @inline(__always)
  package mutating func learningReward(_ transition: Transition, action: Action) -> Float {
    isOwn ? Float(transition.reward) : shaped(Float(transition.reward), action: action)
  }

  private mutating func shaped(_ own: Float, action: Action) -> Float {
    var reward = own
    if !table.isEmpty, own != 0 { reward = table[(own > 0 ? rests.count : 0) + action.number] }
    reward = max(-bound, min(bound, reward))
    let moves = canRest ? !rests[action.number] : lastAction.map { $0 != action } ?? false
    lastAction = action
    return moves ? reward - movementPenalty : reward
  }
}

extension RewardRule {
  /// The section `reward` for the catalogue.
  package static let component = Component(
    doc: "What learning sees in place of the game's rewards; scores stay the game's own.",
    parameters: [
      Parameter(
        "movementPenalty", .number(.closed(0, 1000)), default: 0, unit: "points per decision",
        doc: """
          What a decision that moves costs. It moves if it is not NOOP or FIRE; where neither is \
          offered, if it is another action than the one before.
          """, silentValue: 0),
      Parameter(
        "clip", .nullable(.number(.above(0))), default: nil, unit: "points",
        doc: "Rewards are clipped to −clip … clip.", silentValue: .null),
      Parameter(
        "normalize", .boolean, default: false,
        doc: """
          Whether learning sees rewards divided by the deviation that their discounted sums from an \
          episode's start on have had so far, up to ±10. Nothing is subtracted.
          """, silentValue: false),
      Parameter(
        "randomized", .nullable(.integer(0...1_000_000)), default: nil,
        doc: """
          The number of a fixed random reward function: a won point and a lost one are each worth a \
          random number between −1 and 1 that depends on the action taken, and the policy has to \
          find out.
          """, silentValue: .null),
    ])

  /// The rule of a validated configuration.
  package init(configuration: ConfigValue, actions: ActionSpace, root: UInt64) {
    let settings = Settings(configuration, section: "reward")
    self.init(
      movementPenalty: settings.number("movementPenalty"), clip: settings.optionalNumber("clip"),
      randomized: settings.optionalInteger("randomized"), actions: actions, root: root)
  }
}

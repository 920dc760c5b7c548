// SPDX-License-Identifier: MIT

import Environments
import Kernels
import Randomness
import Testing

/// One episode as far as it was played: observations with all their zeros, rewards, frames.
struct PlayedEpisode: Equatable {
  var observations: [[Float]] = []
  var transitions: [Transition] = []

  /// Plays with actions drawn from `seed`, at most `limit` decisions.
  init(_ environment: any Environment, seed: UInt64, limit: Int) throws {
    var choices = Xoshiro256(seed: seed ^ 0xAC71)
    try environment.reset(draws: Xoshiro256(seed: seed))
    observations.append(observed(environment))
    for _ in 0..<limit {
      let action = Int(choices.next(below: UInt32(environment.actions.names.count)))
      let transition = try environment.step(.number(action))
      transitions.append(transition)
      observations.append(observed(environment))
      if transition.isEnd { break }
    }
  }
}

/// What a policy sees now, dense, shape `[form.count]`.
func observed(_ environment: any Environment) -> [Float] {
  let form = environment.form
  guard form.entries == .signs else {
    var numbers: [Float] = [-1]
    environment.observe(into: &numbers)
    #expect(numbers.count == 1 + form.count && numbers[0] == -1)
    return Array(numbers.dropFirst())
  }
  // Both as entries and, where the form has them, as whole patterns.
  let batch = SparseSignBatch(width: form.count)
  batch.append { environment.observe(&$0) }
  let (plus, minus) = batch.entries(of: 0)
  #expect(Set(plus).count == plus.count && Set(plus).isDisjoint(with: minus))
  var dense = [Float](repeating: 0, count: form.count)
  for entry in plus { dense[entry] = 1 }
  for entry in minus { dense[entry] = -1 }
  return dense
}

/// What every environment promises.
///
/// - Parameter limit: decisions after which an episode must have ended.
func checkEnvironment(
  limit: Int = 20_000, sourceLocation: SourceLocation = #_sourceLocation,
  _ make: () -> any Environment
) throws {
  let environment = make()
  #expect(environment.form.count > 0 && environment.actions.names.count >= 2)
  #expect(Set(environment.actions.names).count == environment.actions.names.count)
  // An episode is a function of generator and actions: of nothing played before, and of no object.
  let first = try PlayedEpisode(environment, seed: 1, limit: 100)
  let other = try PlayedEpisode(environment, seed: 2, limit: 100)
  let again = try PlayedEpisode(environment, seed: 1, limit: 100)
  let elsewhere = try PlayedEpisode(make(), seed: 1, limit: 100)
  #expect(first == again && first == elsewhere, sourceLocation: sourceLocation)
  #expect(first != other, sourceLocation: sourceLocation)
  #expect(Set(first.observations).count > 5, sourceLocation: sourceLocation)
  #expect(first.observations.allSatisfy { $0.allSatisfy(\.isFinite) })
  #expect(first.transitions.allSatisfy { $0.frames >= 1 && $0.reward.isFinite })
  // It ends, also after an episode that was left in the middle.
  try environment.reset(draws: Xoshiro256(seed: 3))
  var decisions = 0
  var isOver = false
  while !isOver && decisions < limit {
    isOver = try environment.step(.number(decisions % environment.actions.names.count)).isEnd
    decisions += 1
  }
  #expect(isOver, "no end after \(limit) decisions", sourceLocation: sourceLocation)
}

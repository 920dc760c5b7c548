// SPDX-License-Identifier: MIT
import ParameterSchema

/// Finds the points of a sweep that are the same trials, so that each is kept once.
struct VariantMerging {
  /// Two points, by their numbers; the first is kept.
  struct Pair {
    let first: Int
    let second: Int
  }

  /// Points to keep, and the identity of each.
  private(set) var kept: [Int] = []
  private(set) var identities: [IdentityTemplate] = []
  /// Points that say just what an earlier one says.
  private(set) var merged: [Pair] = []
  /// Points that are the trials of an earlier one, but would have them evaluated or kept otherwise.
  private(set) var contradicting: [Pair] = []
  private var known: [String: (point: Int, variant: Int, configuration: ConfigValue)] = [:]

  /// The place of a point among those kept, and whether no earlier point is the same trials.
  mutating func add(
    _ point: Int, _ identity: IdentityTemplate, _ configuration: ConfigValue
  ) -> (variant: Int, isNew: Bool) {
    let key = identity.digest
    guard let earlier = known[key] else {
      known[key] = (point, kept.count, configuration)
      kept.append(point)
      identities.append(identity)
      return (kept.count - 1, true)
    }
    let pair = Pair(first: earlier.point, second: point)
    if earlier.configuration == configuration {
      merged.append(pair)
    } else {
      contradicting.append(pair)
    }
    return (earlier.variant, false)
  }
}

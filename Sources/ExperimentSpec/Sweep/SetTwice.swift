// SPDX-License-Identifier: MIT
import Diagnostics

/// Paths that two parts of a product set in one and the same variant: the later would hide the
/// earlier.
struct SetTwice {
  /// Numbers of assignments, one pair for each later place.
  private var pairs: [(first: Int, second: Int)] = []
  private var seen: Set<Int> = []

  /// Looks for paths that `before` sets and one of `points` sets again.
  mutating func add(
    _ before: SweepPoint, _ points: [SweepPoint], _ assignments: [Assignment]
  ) {
    for later in points.flatMap(\.assignments) {
      for earlier in before.assignments where assignments[earlier].path == assignments[later].path {
        if seen.insert(assignments[later].place.range.lowerBound).inserted {
          pairs.append((earlier, later))
        }
      }
    }
  }

  func findings(_ assignments: [Assignment]) -> [Finding] {
    pairs.map {
      Self.finding(
        path: assignments[$0.second].path, at: assignments[$0.second].place,
        other: assignments[$0.first].place)
    }
  }

  static func finding(path: String, at place: Place, other: Place) -> Finding {
    let first = other.position
    return Finding(
      code: "set-twice", at: place, path: path, problem: "two parts of one product set it",
      help: "the other is at \(first.line):\(first.column); the later would hide it")
  }
}

// SPDX-License-Identifier: MIT
import ParameterSchema

/// One point of a sweep: what it sets, and where on each axis it lies.
struct SweepPoint: Sendable {
  /// Indices into the layout's assignments, in the order of the file.
  var assignments: [Int] = []
  /// The axes that it lies on, each with the index of its value there.
  var places: [(axis: Int, level: Int)] = []

  /// For each of `count` axes the index of its value, or nil where the point does not lie on it.
  func levels(count: Int) -> [Int?] {
    var levels = [Int?](repeating: nil, count: count)
    for place in places { levels[place.axis] = place.level }
    return levels
  }

  static func + (a: SweepPoint, b: SweepPoint) -> SweepPoint {
    SweepPoint(assignments: a.assignments + b.assignments, places: a.places + b.places)
  }
}

/// One axis of a sweep, before any point is made.
struct SweepAxis: Sendable {
  /// As the plan has it.
  let plan: Plan.Axis
  /// Paths that the axis sets.
  let paths: [String]
  /// What each value adds to a variant's label.
  let labels: [String]
  /// Whether its paths are set together: those of a zip or of named cases.
  var isJoint = false
}

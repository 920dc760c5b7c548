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

/// A sweep's axes, before any point is made.
struct SweepAxis: Sendable {
  enum Kind: Sendable {
    case path(CatalogueIndex.Slot)
    /// Several paths in step.
    case zip([CatalogueIndex.Slot])
    case cases
  }

  let kind: Kind
  /// Paths that the axis sets.
  let paths: [String]
  /// What each value adds to a variant's label.
  let labels: [String]
  /// Each value as people read it.
  let shown: [String]
  /// How its values were drawn; nil where they are listed.
  var draw: Plan.Axis.Draw?

  /// The slot of an axis that varies one path by itself.
  var slot: CatalogueIndex.Slot? {
    if case .path(let slot) = kind { slot } else { nil }
  }
}

extension Plan.Axis {
  init(_ axis: SweepAxis) {
    switch axis.kind {
    case .path(let slot):
      self.init(path: slot.path, label: axisLabel(slot), values: axis.shown, draw: axis.draw)
    case .zip(let slots):
      let label = slots.map(axisLabel).joined(separator: ", ")
      self.init(path: "zip", label: label, values: axis.shown)
    case .cases: self.init(path: "case", label: "case", values: axis.shown)
    }
  }
}

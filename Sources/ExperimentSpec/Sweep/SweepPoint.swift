// SPDX-License-Identifier: MIT
import ParameterSchema

/// One point of a sweep: what it sets, and where on each axis it lies.
struct SweepPoint: Sendable {
  /// Indices into `ExpandedSweep.assignments`, in the order of the file.
  var assignments: [Int] = []
  /// For each axis the index of its value, or -1 where the point does not lie on it.
  var levels: [Int]
}

/// A sweep's axes, before any point is made.
struct SweepAxis: Sendable {
  /// nil for named cases.
  let slot: CatalogueIndex.Slot?
  /// Paths that the axis sets.
  let paths: [String]
  /// What each value adds to a variant's label.
  var labels: [String]
  /// Each value as people read it.
  let shown: [String]
}

// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// What can be said against a sweep before it is expanded.
enum SweepChecks {
  /// More trials than this are a mistake; and they would not fit into memory.
  static let trialLimit = 1_000_000

  /// Paths that two parts of one product set: the later would silently win.
  static func overlaps(_ node: SweepNode) -> [Finding] {
    guard case .product(let parts) = node.kind else {
      if case .concat(let parts) = node.kind { return parts.flatMap(overlaps) }
      return []
    }
    var findings = parts.flatMap(overlaps)
    var owners: [String: (part: Int, place: Place)] = [:]
    for (i, part) in parts.enumerated() {
      for (path, place) in paths(part) {
        if let owner = owners[path], owner.part != i {
          let first = owner.place.position
          findings.append(
            Finding(
              code: "set-twice", at: place, path: path,
              problem: "two parts of one product set it",
              help: "the other is at \(first.line):\(first.column); the later would hide it"))
        } else if owners[path] == nil {
          owners[path] = (i, place)
        }
      }
    }
    return findings
  }

  /// A finding when the sweep, before anything is excluded, makes too many trials.
  static func size(_ node: SweepNode, seeds: Int) -> Finding? {
    let count = SweepExpansion.count(node)
    let trials = count.map { $0.multipliedReportingOverflow(by: seeds) }
    if let trials, !trials.overflow, trials.partialValue <= trialLimit { return nil }
    let found =
      trials.map { $0.overflow ? nil : $0.partialValue }.flatMap { $0 }
      .map { "\(grouped($0)) trials" } ?? "more trials than can be counted"
    return Finding(
      code: "too-many-trials", at: node.place, path: "sweep", found: found,
      allowed: "at most \(grouped(trialLimit))", help: "vary fewer parameters at once")
  }

  /// Each path once for each part, with the first place that sets it.
  private static func paths(_ node: SweepNode) -> [(String, Place)] {
    var found: [(String, Place)] = []
    func add(_ path: String, _ place: Place) {
      if !found.contains(where: { $0.0 == path }) { found.append((path, place)) }
    }
    switch node.kind {
    case .grid(let axes): for axis in axes { add(axis.slot.path, axis.place) }
    case .cases(let cases):
      for assignment in cases.flatMap(\.assignments) { add(assignment.path, assignment.place) }
    case .product(let nodes), .concat(let nodes):
      for (path, place) in nodes.flatMap(paths) { add(path, place) }
    }
    return found
  }
}

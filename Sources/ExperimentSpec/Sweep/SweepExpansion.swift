// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// Turns a sweep into its points: the first axis varies slowest, in the order of the file.
///
/// Parts of a product are laid over what the parts before them made, from left to right; so a
/// `when` or an `exclude` sees what those set, then what base, preset and defaults say.
struct SweepExpansion {
  let layout: SweepLayout
  /// Points before any is left out; beyond it, expanding stops.
  let pointLimit: Int
  /// The value at a path in a point, where the point itself does not set it.
  private let resolvedValue: ([Assignment], String) -> ConfigValue?
  private(set) var isTooLarge = false
  private var conditionHits: [Int]
  private var exclusionHits: [Int]
  private var clashes = SetTwice()

  init(
    _ layout: SweepLayout, pointLimit: Int,
    resolvedValue: @escaping ([Assignment], String) -> ConfigValue?
  ) {
    self.layout = layout
    self.pointLimit = pointLimit
    self.resolvedValue = resolvedValue
    conditionHits = [Int](repeating: 0, count: layout.conditions.count)
    exclusionHits = [Int](repeating: 0, count: layout.exclusions.count)
  }

  /// All points of the sweep that no `exclude` leaves out, and their count as it comes about; one
  /// empty point without a sweep, or where none of it applies.
  mutating func expand() -> (points: [SweepPoint], count: SweepCount?) {
    guard let root = layout.root, let outcome = expand(root, after: SweepPoint()) else {
      return ([SweepPoint()], nil)
    }
    return (outcome.points, outcome.count)
  }

  /// What came up on the way: a path that is set twice, and warnings about what matches nothing.
  var findings: [Finding] {
    let idle = zip(layout.conditions, conditionHits).filter { $0.1 == 0 }.map(\.0)
    let excluding = zip(layout.exclusions, exclusionHits).filter { $0.1 == 0 }.map(\.0)
    return clashes.findings
      + idle.map { finding("when-matches-nothing", $0) }
      + excluding.map { finding("exclude-matches-nothing", $0) }
  }

  private func finding(_ code: String, _ condition: SweepNode.Condition) -> Finding {
    Finding(
      .warning, code: code, at: condition.place, path: condition.shownPath,
      problem: "no variant matches it")
  }

  // MARK: Points

  /// The points of one node, without what stands before it.
  private struct Outcome {
    var points: [SweepPoint]
    /// Their count before the node's own exclusions.
    var bare: SweepCount?
    var excluded = 0
    var count: SweepCount? { bare?.without(excluded, "excluded") }
  }

  /// nil where the node does not apply: then it changes nothing in a product, and adds nothing to
  /// a concat. A product or concat none of whose parts applies does not apply itself.
  private mutating func expand(_ node: SweepLayout.Node, after context: SweepPoint) -> Outcome? {
    guard applies(node, context) else { return nil }
    var outcome: Outcome?
    switch node.shape {
    case .leaf(let points, let count): outcome = Outcome(points: points, bare: count)
    case .product(let parts): outcome = product(parts, after: context)
    case .concat(let parts): outcome = concat(parts, after: context)
    }
    guard var outcome else { return nil }
    if outcome.points.count > pointLimit { isTooLarge = true }
    let before = outcome.points.count
    outcome.points.removeAll { isExcluded(context + $0, by: node.exclusions) }
    outcome.excluded = before - outcome.points.count
    return outcome
  }

  private mutating func concat(
    _ parts: [SweepLayout.Node], after context: SweepPoint
  ) -> Outcome? {
    var points: [SweepPoint] = []
    var counts: [SweepCount] = []
    var applies = false
    for part in parts where !isTooLarge {
      guard let other = expand(part, after: context) else { continue }
      applies = true
      points += other.points
      if let count = other.count { counts.append(count) }
    }
    return applies ? Outcome(points: points, bare: counts.isEmpty ? nil : .sum(counts)) : nil
  }

  private mutating func product(
    _ parts: [SweepLayout.Node], after context: SweepPoint
  ) -> Outcome? {
    var points = [SweepPoint()]
    var count: SweepCount?
    var applies = false
    for part in parts where !isTooLarge {
      let before = points.count
      let outcomes =
        part.isContextual ? layOver(&points, part, context) : combine(&points, part, context)
      guard let some = outcomes?.count else { continue }
      applies = true
      count = multiplied(
        count, of: before, by: outcomes ?? [], in: part.isContextual ? some : before,
        total: points.count)
    }
    return applies ? Outcome(points: points, bare: count) : nil
  }

  /// Combines all points with those of a part that looks at nothing before it.
  private mutating func combine(
    _ points: inout [SweepPoint], _ part: SweepLayout.Node, _ context: SweepPoint
  ) -> [Outcome]? {
    guard let outcome = expand(part, after: context) else { return nil }
    let (total, overflow) = points.count.multipliedReportingOverflow(by: outcome.points.count)
    guard !overflow, total <= pointLimit else {
      isTooLarge = true
      return nil
    }
    points = points.flatMap { point in outcome.points.map { point + $0 } }
    return [outcome]
  }

  /// Combines each point with what a part makes of it, if the part applies there.
  ///
  /// - Returns: an outcome for each point to which it applies; nil where there is none.
  private mutating func layOver(
    _ points: inout [SweepPoint], _ part: SweepLayout.Node, _ context: SweepPoint
  ) -> [Outcome]? {
    var next: [SweepPoint] = []
    var outcomes: [Outcome] = []
    var made = 0
    for point in points where !isTooLarge {
      guard let outcome = expand(part, after: context + point) else {
        next.append(point)
        continue
      }
      clashes.add(context + point, outcome.points, layout.assignments)
      next += outcome.points.map { point + $0 }
      outcomes.append(outcome)
      made += outcome.points.count + outcome.excluded
      if max(made, next.count) > pointLimit { isTooLarge = true }
    }
    points = next
    return outcomes.isEmpty ? nil : outcomes
  }

  /// The words for a part of a product that applies to `some` of the `all` points before it.
  private func multiplied(
    _ count: SweepCount?, of all: Int, by outcomes: [Outcome], in some: Int, total: Int
  ) -> SweepCount? {
    guard let first = outcomes.first?.count else { return count }
    let isUniform = outcomes.allSatisfy { $0.count == first }
    if isUniform, some == all { return .product([count, first].compactMap { $0 }) }
    if isUniform { return count?.times(first, in: some, of: all) ?? first }
    if let bare = outcomes.first?.bare, some == all, outcomes.allSatisfy({ $0.bare == bare }) {
      let excluded = outcomes.reduce(0) { $0 + $1.excluded }
      return SweepCount.product([count, bare].compactMap { $0 }).without(excluded, "excluded")
    }
    return count?.becoming(total)
  }

  // MARK: Conditions

  private mutating func applies(_ node: SweepLayout.Node, _ context: SweepPoint) -> Bool {
    guard !node.conditions.isEmpty else { return true }
    let met = node.conditions.numbers { value(at: $0, of: context) }
    for number in met { conditionHits[number] += 1 }
    return !met.isEmpty
  }

  private mutating func isExcluded(_ point: SweepPoint, by exclusions: ConditionTable) -> Bool {
    guard !exclusions.isEmpty else { return false }
    let met = exclusions.numbers { value(at: $0, of: point) }
    for number in met { exclusionHits[number] += 1 }
    return !met.isEmpty
  }

  private func value(at path: String, of point: SweepPoint) -> ConfigValue? {
    let set = point.assignments.last { layout.assignments[$0].path == path }
    if let set { return layout.assignments[set].value }
    return resolvedValue(point.assignments.map { layout.assignments[$0] }, path)
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// Turns a sweep into its points: the first axis varies slowest, in the order of the file.
struct SweepExpansion {
  private(set) var axes: [SweepAxis] = []
  private(set) var assignments: [Assignment] = []
  /// How many points were left out by an `exclude` and how often each one matched.
  private(set) var findings: [Finding] = []
  /// The count as it comes about, such as `2 discounts × 2 cases − 1 excluded`; empty without sweep.
  private(set) var arithmetic = ""

  /// The value at a path in a point, where the point itself does not set it.
  private let resolvedValue: ([Assignment], String) -> ConfigValue?

  init(resolvedValue: @escaping ([Assignment], String) -> ConfigValue?) {
    self.resolvedValue = resolvedValue
  }

  /// All points of the sweep that no `exclude` leaves out; one empty point without a sweep.
  mutating func expand(_ sweep: SweepNode?) -> [SweepPoint] {
    guard let sweep else { return [SweepPoint(levels: [])] }
    collectAxes(sweep)
    shortenLabels()
    var axis = 0
    let (points, text) = expand(sweep, nextAxis: &axis)
    arithmetic = text.text
    return points
  }

  /// The points before any is left out, or nil beyond `Int`.
  static func count(_ node: SweepNode) -> Int? {
    switch node.kind {
    case .grid(let axes): return product(axes.map(\.values.count))
    case .cases(let cases): return cases.count
    case .product(let nodes):
      let counts = nodes.compactMap(count)
      return counts.count == nodes.count ? product(counts) : nil
    case .concat(let nodes):
      let counts = nodes.compactMap(count)
      guard counts.count == nodes.count else { return nil }
      return counts.reduce(0 as Int?) { sum, count in
        sum.flatMap {
          let (total, overflow) = $0.addingReportingOverflow(count)
          return overflow ? nil : total
        }
      }
    }
  }

  private static func product(_ factors: [Int]) -> Int? {
    factors.reduce(1 as Int?) { product, factor in
      product.flatMap {
        let (total, overflow) = $0.multipliedReportingOverflow(by: factor)
        return overflow ? nil : total
      }
    }
  }

  // MARK: Axes

  private mutating func collectAxes(_ node: SweepNode) {
    switch node.kind {
    case .grid(let grid):
      for axis in grid {
        axes.append(
          SweepAxis(
            slot: axis.slot, paths: [axis.slot.path],
            labels: axis.values.map { settingLabel(axis.slot, $0.value) },
            shown: axis.values.map { shownValue($0.value) }))
      }
    case .cases(let cases):
      var paths: [String] = []
      for path in cases.flatMap({ $0.assignments.map(\.path) }) where !paths.contains(path) {
        paths.append(path)
      }
      axes.append(
        SweepAxis(slot: nil, paths: paths, labels: cases.map(\.label), shown: cases.map(\.label)))
    case .product(let nodes), .concat(let nodes):
      for node in nodes { collectAxes(node) }
    }
  }

  /// Writes whole paths where two swept paths end with the same word.
  private mutating func shortenLabels() {
    var pathByKey: [String: String] = [:]
    var ambiguous: Set<String> = []
    for slot in axes.compactMap(\.slot) {
      if let other = pathByKey[slot.key], other != slot.path { ambiguous.insert(slot.key) }
      pathByKey[slot.key] = slot.path
    }
    guard !ambiguous.isEmpty else { return }
    for i in axes.indices {
      guard let slot = axes[i].slot, !slot.isSelector, ambiguous.contains(slot.key) else {
        continue
      }
      axes[i].labels = axes[i].shown.map { "\(slot.path) \($0)" }
    }
  }

  // MARK: Points

  /// A count in words; `isSum` when it must stand in brackets within a product.
  private struct Count {
    var text: String
    var isSum = false
    var factor: String { isSum ? "(\(text))" : text }
  }

  private mutating func expand(
    _ node: SweepNode, nextAxis: inout Int
  ) -> ([SweepPoint], Count) {
    var points: [SweepPoint] = []
    var count: Count
    switch node.kind {
    case .grid(let grid): (points, count) = expand(grid, nextAxis: &nextAxis)
    case .cases(let cases): (points, count) = expand(cases, nextAxis: &nextAxis)
    case .product(let nodes):
      points = [emptyPoint]
      var factors: [Count] = []
      for node in nodes {
        let (others, text) = expand(node, nextAxis: &nextAxis)
        points = points.flatMap { a in others.map { b in merge(a, b) } }
        factors.append(text)
      }
      let isSingle = factors.count == 1
      count = Count(
        text: factors.map { isSingle ? $0.text : $0.factor }.joined(separator: " × "),
        isSum: isSingle && factors[0].isSum)
    case .concat(let nodes):
      var terms: [String] = []
      for node in nodes {
        let (others, text) = expand(node, nextAxis: &nextAxis)
        points += others
        terms.append(text.text)
      }
      count = Count(text: terms.joined(separator: " + "), isSum: terms.count > 1)
    }
    let before = points.count
    if !node.exclusions.isEmpty { exclude(node.exclusions, from: &points) }
    if points.count < before {
      count = Count(text: "\(count.text) − \(grouped(before - points.count)) excluded", isSum: true)
    }
    return (points, count)
  }

  private var emptyPoint: SweepPoint {
    SweepPoint(levels: [Int](repeating: -1, count: axes.count))
  }

  private func merge(_ a: SweepPoint, _ b: SweepPoint) -> SweepPoint {
    var merged = a
    merged.assignments += b.assignments
    for i in merged.levels.indices where b.levels[i] >= 0 { merged.levels[i] = b.levels[i] }
    return merged
  }

  private mutating func expand(
    _ grid: [SweepNode.GridAxis], nextAxis: inout Int
  ) -> ([SweepPoint], Count) {
    var points = [emptyPoint]
    var factors: [String] = []
    for axis in grid {
      let first = assignments.count
      assignments += axis.values
      let number = nextAxis
      points = points.flatMap { point in
        axis.values.indices.map { level in
          var next = point
          next.assignments.append(first + level)
          next.levels[number] = level
          return next
        }
      }
      let count = axis.values.count
      factors.append("\(grouped(count)) \(countedNoun(axis.slot, count: count))")
      nextAxis += 1
    }
    return (points, Count(text: factors.joined(separator: " × ")))
  }

  private mutating func expand(
    _ cases: [SweepNode.SweepCase], nextAxis: inout Int
  ) -> ([SweepPoint], Count) {
    var points: [SweepPoint] = []
    for (level, one) in cases.enumerated() {
      var point = emptyPoint
      point.assignments = Array(assignments.count..<assignments.count + one.assignments.count)
      point.levels[nextAxis] = level
      assignments += one.assignments
      points.append(point)
    }
    nextAxis += 1
    return (points, Count(text: "\(grouped(cases.count)) \(cases.count == 1 ? "case" : "cases")"))
  }

  private mutating func exclude(
    _ exclusions: [SweepNode.Exclusion], from points: inout [SweepPoint]
  ) {
    var hits = [Int](repeating: 0, count: exclusions.count)
    points = points.filter { point in
      let set = point.assignments.map { assignments[$0] }
      var isKept = true
      for (i, exclusion) in exclusions.enumerated() {
        let matches = exclusion.conditions.allSatisfy { condition in
          let value =
            set.last { $0.path == condition.path }?.value ?? resolvedValue(set, condition.path)
          return value == condition.value
        }
        if matches {
          hits[i] += 1
          isKept = false
        }
      }
      return isKept
    }
    for (exclusion, hit) in zip(exclusions, hits) where hit == 0 {
      findings.append(
        Finding(
          .warning, code: "exclude-matches-nothing", at: exclusion.place,
          path: exclusion.shownPath, problem: "no variant matches it"))
    }
  }
}

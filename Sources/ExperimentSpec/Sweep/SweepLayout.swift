// SPDX-License-Identifier: MIT
import ParameterSchema

/// A sweep with its axes numbered and its values listed, ready to be expanded.
struct SweepLayout {
  /// A node whose leaves have become lists of points.
  struct Node {
    indirect enum Shape {
      case leaf([SweepPoint], SweepCount)
      case product([Node])
      case concat([Node])
    }

    let shape: Shape
    /// The node's conditions, by their numbers among those of the whole sweep.
    let conditions: ConditionTable
    let exclusions: ConditionTable
    let isContextual: Bool
  }

  private(set) var axes: [SweepAxis] = []
  private(set) var assignments: [Assignment] = []
  private(set) var conditions: [SweepNode.Condition] = []
  private(set) var exclusions: [SweepNode.Condition] = []
  private(set) var root: Node?
  /// Last words of swept paths that end two different ones.
  private let ambiguousKeys: Set<String>
  private let rootSeed: Int

  init(_ sweep: SweepNode?, rootSeed: Int) {
    self.rootSeed = rootSeed
    ambiguousKeys = Self.ambiguousKeys(sweep?.places.map(\.slot) ?? [])
    root = sweep.map { node($0) }
  }

  private static func ambiguousKeys(_ slots: [CatalogueIndex.Slot]) -> Set<String> {
    var pathByKey: [String: String] = [:]
    var ambiguous: Set<String> = []
    for slot in slots where !slot.isSelector {
      if let other = pathByKey[slot.name], other != slot.path { ambiguous.insert(slot.name) }
      pathByKey[slot.name] = slot.path
    }
    return ambiguous
  }

  private mutating func node(_ node: SweepNode) -> Node {
    let firstCondition = conditions.count
    conditions += node.conditions
    let firstExclusion = exclusions.count
    exclusions += node.exclusions
    let ownConditions = ConditionTable(node.conditions.map(\.settings), first: firstCondition)
    let ownExclusions = ConditionTable(node.exclusions.map(\.settings), first: firstExclusion)
    let shape: Node.Shape =
      switch node.kind {
      case .grid(let lists): grid(lists)
      case .zip(let lists): zipped(lists)
      case .cases(let cases): leaf(cases)
      case .random(let draws): leaf(draws)
      case .product(let parts): .product(parts.map { self.node($0) })
      case .concat(let parts): .concat(parts.map { self.node($0) })
      }
    return Node(
      shape: shape, conditions: ownConditions, exclusions: ownExclusions,
      isContextual: node.isContextual)
  }

  // MARK: Leaves

  private mutating func grid(_ lists: [SweepNode.ValueList]) -> Node.Shape {
    var points = [SweepPoint()]
    var factors: [SweepCount] = []
    for list in lists {
      let added = add(list.values)
      let axis = axes.count
      axes.append(
        SweepAxis(
          plan: .init(list.slot, list.values.map { shownValue($0.value) }),
          paths: [list.slot.path], labels: list.values.map { label([$0]) }))
      points = points.flatMap { point in
        added.enumerated().map { level, number in
          point + SweepPoint(assignments: [number], places: [(axis, level)])
        }
      }
      let count = list.values.count
      factors.append(SweepCount(count, countedNoun(list.slot, count: count)))
    }
    return .leaf(points, .product(factors))
  }

  private mutating func zipped(_ lists: [SweepNode.ValueList]) -> Node.Shape {
    guard lists.count > 1, let length = lists.first?.values.count else { return grid(lists) }
    let steps = (0..<length).map { step in lists.map { $0.values[step] } }
    let points = onePerLevel(steps)
    axes.append(
      SweepAxis(
        plan: .init(
          path: "zip", label: lists.map { axisLabel($0.slot) }.joined(separator: ", "),
          values: steps.map { $0.map { shownValue($0.value) }.joined(separator: ", ") }),
        paths: lists.map(\.slot.path), labels: steps.map(label), isJoint: true))
    return .leaf(points, SweepCount(length, tupleNoun(lists.count, count: length)))
  }

  private mutating func leaf(_ cases: [SweepNode.SweepCase]) -> Node.Shape {
    let points = onePerLevel(cases.map(\.assignments))
    var paths: [String] = []
    for path in cases.flatMap({ $0.assignments.map(\.path) }) where !paths.contains(path) {
      paths.append(path)
    }
    // What all cases set alike tells none from another.
    let common = Set(
      paths.filter { path in
        let values = cases.map { $0.assignments.first { $0.path == path }?.value }
        return cases.count > 1 && values.allSatisfy { $0 != nil && $0 == values[0] }
      })
    let labels = cases.map { one in
      one.label ?? label(one.assignments.filter { !common.contains($0.path) })
    }
    axes.append(
      SweepAxis(
        plan: .init(path: "case", label: "case", values: labels), paths: paths, labels: labels,
        isJoint: true))
    return .leaf(points, SweepCount(cases.count, cases.count == 1 ? "case" : "cases"))
  }

  private mutating func leaf(_ draws: SweepNode.RandomDraws) -> Node.Shape {
    var points = [SweepPoint](repeating: SweepPoint(), count: draws.trials)
    for drawn in draws.drawn {
      let values = draws.values(of: drawn, rootSeed: rootSeed)
      let axis = DrawnAxis(drawn, values: values)
      let added = add(
        values.map { Assignment(slot: drawn.slot, value: $0, place: drawn.place, origin: .sweep) })
      for i in points.indices {
        points[i].assignments.append(added[added.startIndex + i])
        points[i].places.append((axes.count, axis.levels[i]))
      }
      let name = drawn.slot.isSelector ? "" : settingName(drawn.slot, ambiguousKeys) + " "
      axes.append(
        SweepAxis(
          plan: .init(drawn.slot, axis.short, draw: axis.draw), paths: [drawn.slot.path],
          labels: axis.short.map { name + $0 }))
    }
    return .leaf(points, SweepCount(draws.trials, draws.trials == 1 ? "draw" : "draws"))
  }

  /// A point for each set of values, all on the axis that comes next.
  private mutating func onePerLevel(_ sets: [[Assignment]]) -> [SweepPoint] {
    sets.enumerated().map { level, set in
      SweepPoint(assignments: Array(add(set)), places: [(axes.count, level)])
    }
  }

  /// Numbers the assignments and returns their numbers.
  private mutating func add(_ values: [Assignment]) -> Range<Int> {
    let first = assignments.count
    for value in values {
      var numbered = value
      numbered.number = assignments.count
      assignments.append(numbered)
    }
    return first..<assignments.count
  }

  private func label(_ set: [Assignment]) -> String {
    set.isEmpty
      ? "unchanged"
      : set.map { settingLabel($0.slot, $0.value, ambiguousKeys: ambiguousKeys) }
        .joined(separator: ", ")
  }
}

extension Plan.Axis {
  /// An axis that varies one path by itself.
  fileprivate init(_ slot: CatalogueIndex.Slot, _ values: [String], draw: Draw? = nil) {
    self.init(path: slot.path, label: axisLabel(slot), values: values, draw: draw)
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// What can be said against a sweep before it is expanded.
enum SweepChecks {
  /// More trials than this are a mistake, and planning them would take minutes.
  static let trialLimit = 100_000
  /// Each variant has a place for each axis: of a sweep of many small parts that is the square of
  /// their number.
  static let levelLimit = 10_000_000

  /// Paths that two parts of one product set. Parts that apply under a condition may exclude each
  /// other; those are looked at variant by variant, see `SetTwice`.
  static func overlaps(_ node: SweepNode) -> [Finding] {
    var findings = node.parts.flatMap(overlaps)
    guard case .product(let parts) = node.kind else { return findings }
    var owners: [String: (part: Int, place: Place)] = [:]
    let goesInside = parts.contains { $0.places.contains { $0.slot.inner != nil } }
    for (i, part) in parts.enumerated() where !part.isConditional {
      for (path, place) in part.paths {
        let around =
          goesInside ? owners.filter { SetTwice.overlap($0.key, path) }.values.map { $0 } : []
        let owner = owners[path] ?? around.min { $0.part < $1.part }
        if let owner, owner.part != i {
          findings.append(SetTwice.finding(path: path, at: place, other: owner.place))
        } else if owners[path] == nil {
          owners[path] = (i, place)
        }
      }
    }
    return findings
  }

  /// Conditions about what only a later part of a product sets: they would see what holds before.
  static func blindConditions(_ node: SweepNode) -> [Finding] {
    blindConditions(node, earlier: [], later: [:])
  }

  private static func blindConditions(
    _ node: SweepNode, earlier: Set<String>, later: [String: Place]
  ) -> [Finding] {
    // Looking only costs where a condition asks.
    let asks = !node.conditions.isEmpty || !node.exclusions.isEmpty
    let ownPlaces = asks ? places(node.paths) : [:]
    let own = Set(ownPlaces.keys)
    var findings: [Finding] = []
    for (condition, seen) in node.conditions.map({ ($0, earlier) })
      + node.exclusions.map({ ($0, earlier.union(own)) })
    {
      for setting in condition.settings where !seen.contains(setting.path) {
        guard let place = ownPlaces[setting.path] ?? later[setting.path] else { continue }
        findings.append(blind(condition, setting.path, setAt: place))
      }
    }
    guard case .product(let parts) = node.kind else {
      for part in node.parts where part.isContextual {
        findings += blindConditions(part, earlier: earlier, later: later)
      }
      return findings
    }
    let paths = parts.map(\.paths)
    // What the parts behind each part set, from the last on.
    var behind: [[String: Place]] = [[:]]
    for after in paths.dropFirst().reversed() {
      var all = behind[behind.count - 1]
      for (path, place) in after where all[path] == nil { all[path] = place }
      behind.append(all)
    }
    var before = earlier
    for (part, own) in zip(parts, paths) {
      if let after = behind.popLast(), part.isContextual {
        findings += blindConditions(
          part, earlier: before, later: later.merging(after, uniquingKeysWith: { $1 }))
      }
      before.formUnion(own.map(\.path))
    }
    return findings
  }

  private static func places(_ paths: [(path: String, place: Place)]) -> [String: Place] {
    Dictionary(paths.map { ($0.path, $0.place) }, uniquingKeysWith: { first, _ in first })
  }

  private static func blind(
    _ condition: SweepNode.Condition, _ path: String, setAt place: Place
  ) -> Finding {
    let position = place.position
    return Finding(
      code: "set-later", at: condition.place, path: condition.shownPath,
      problem: "it asks for \(path), which is set only after it, at "
        + "\(position.line):\(position.column)",
      help: "in a \"product\", put the part that sets it before the part that asks")
  }

  /// A finding when the sweep, before anything is excluded, makes too many trials.
  static func size(_ node: SweepNode, seeds: Int) -> Finding? {
    // Under conditions the count is not known before the points are.
    guard !node.isConditional else { return nil }
    let trials = bounded(count(node) * Int128(seeds))
    if trials <= trialLimit { return nil }
    return tooLarge(
      node,
      found: Int(exactly: trials).map { "\(Numbers.whole($0)) trials" }
        ?? "more trials than can be counted")
  }

  /// A finding when so many points on so many axes would make too large a plan.
  static func size(_ node: SweepNode, points: Int, axes: Int) -> Finding? {
    guard points.multipliedReportingOverflow(by: axes).partialValue > levelLimit else { return nil }
    return Finding(
      code: "too-many-trials", at: node.place, path: "sweep",
      found: "\(Numbers.whole(points)) variants on \(Numbers.whole(axes)) axes",
      allowed: "at most \(Numbers.whole(levelLimit)) places, variants times axes",
      help: "write the values of one path in one list")
  }

  static func tooLarge(_ node: SweepNode, found: String) -> Finding {
    Finding(
      code: "too-many-trials", at: node.place, path: "sweep", found: found,
      allowed: "at most \(Numbers.whole(trialLimit))", help: "vary fewer parameters at once")
  }

  /// The points before any is left out.
  private static func count(_ node: SweepNode) -> Int128 {
    switch node.kind {
    case .grid(let lists): lists.reduce(1) { bounded($0 * Int128($1.values.count)) }
    case .zip(let lists): Int128(lists.first?.values.count ?? 0)
    case .cases(let cases): Int128(cases.count)
    case .random(let draws): Int128(draws.trials)
    case .product(let parts): parts.reduce(1) { bounded($0 * count($1)) }
    case .concat(let parts): parts.reduce(0) { bounded($0 + count($1)) }
    }
  }

  /// A number beyond `Int` as the next one, so that the product of two fits.
  private static func bounded(_ count: Int128) -> Int128 { min(count, Int128(Int.max) + 1) }
}

/// Paths that two parts of a product set in one and the same variant: the later would hide the
/// earlier.
struct SetTwice {
  /// One for each later place.
  private(set) var findings: [Finding] = []
  private var seen: Set<Int> = []

  /// Looks for paths that `before` sets and one of `points` sets again.
  mutating func add(
    _ before: SweepPoint, _ points: [SweepPoint], _ assignments: [Assignment]
  ) {
    let earlier = before.assignments.map { assignments[$0] }
    for later in points.flatMap(\.assignments).map({ assignments[$0] }) {
      for earlier in earlier
      where Self.overlap(earlier.slot, later.slot)
        && seen.insert(later.place.range.lowerBound).inserted
      {
        findings.append(Self.finding(path: later.path, at: later.place, other: earlier.place))
      }
    }
  }

  /// Whether two paths are the same, or one of them is a place within the object at the other.
  static func overlap(_ a: CatalogueIndex.Slot, _ b: CatalogueIndex.Slot) -> Bool {
    a.path == b.path || (a.inner != nil || b.inner != nil) && overlap(a.path, b.path)
  }

  static func overlap(_ a: String, _ b: String) -> Bool {
    a == b || a.hasPrefix(b + ".") || b.hasPrefix(a + ".")
  }

  static func finding(path: String, at place: Place, other: Place) -> Finding {
    let first = other.position
    return Finding(
      code: "set-twice", at: place, path: path, problem: "two parts of one product set it",
      help: "the other is at \(first.line):\(first.column); the later would hide it")
  }
}

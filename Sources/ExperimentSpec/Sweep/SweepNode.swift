// SPDX-License-Identifier: MIT
import ParameterSchema

/// `sweep` as it was read: a small algebra whose every node is a list of points.
struct SweepNode: Sendable {
  indirect enum Kind: Sendable {
    /// Every combination of the listed values.
    case grid([ValueList])
    /// The lists in step: the first of each, then the second of each. All are equally long.
    case zip([ValueList])
    case cases([SweepCase])
    case random(RandomDraws)
    case product([SweepNode])
    case concat([SweepNode])
  }

  let kind: Kind
  /// `when`: the node applies where one of these holds; always, if there is none.
  let conditions: [Condition]
  /// `exclude`: points for which one of these holds are left out.
  let exclusions: [Condition]
  let place: Place

  /// The values listed at one path; at least one.
  struct ValueList: Sendable {
    let slot: CatalogueIndex.Slot
    /// Of the path.
    let place: Place
    let values: [Assignment]
  }

  /// A set of values, named by its author or by what it sets.
  struct SweepCase: Sendable {
    let label: String?
    let assignments: [Assignment]
    let place: Place
  }

  /// Values at paths that hold together.
  struct Condition: Sendable {
    let settings: [(path: String, value: ConfigValue)]
    let place: Place
    let shownPath: String
  }

  /// `random`: points whose values are drawn.
  struct RandomDraws: Sendable {
    let trials: Int
    /// Another gives other draws; the file's `rootSeed` enters as well.
    let seed: Int
    let drawn: [DrawnPath]
    /// What a search chose instead of drawing: by point and drawn path.
    var given: [[ConfigValue]]?
  }

  /// The parts of a product or concat; none of a leaf.
  var parts: [SweepNode] {
    switch kind {
    case .product(let parts), .concat(let parts): parts
    case .grid, .zip, .cases, .random: []
    }
  }

  /// Whether it, or a part of it, applies only under a condition.
  var isConditional: Bool { !conditions.isEmpty || parts.contains(where: \.isConditional) }

  /// Whether its points depend on what stands before it in a product.
  var isContextual: Bool {
    !conditions.isEmpty || !exclusions.isEmpty || parts.contains(where: \.isContextual)
  }

  /// Each path that it sets once, with the first place that does.
  var paths: [(path: String, place: Place)] {
    var known: Set<String> = []
    return places.filter { known.insert($0.slot.path).inserted }.map { ($0.slot.path, $0.place) }
  }

  /// All that it sets, in the order of the file, with repetitions.
  var places: [(slot: CatalogueIndex.Slot, place: Place)] {
    switch kind {
    case .grid(let lists), .zip(let lists): lists.map { ($0.slot, $0.place) }
    case .cases(let cases): cases.flatMap { $0.assignments.map { ($0.slot, $0.place) } }
    case .random(let draws): draws.drawn.map { ($0.slot, $0.place) }
    case .product(let parts), .concat(let parts): parts.flatMap(\.places)
    }
  }
}

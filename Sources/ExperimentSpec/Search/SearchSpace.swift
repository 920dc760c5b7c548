// SPDX-License-Identifier: MIT
import Diagnostics
package import ParameterSchema

/// The variants among which a search looks, for whoever decides: a value, made of the file alone.
package struct SearchSpace: Sendable {
  package let settings: SearchSettings
  /// The plan without variants and trials.
  package let header: Plan
  /// What says how long a trial trains: `training.episodes` or `training.decisions`.
  package let lengthPath: String
  /// How long the variants train in the end.
  package let fullLength: Int
  /// How many variants there are, or for draws, how many there may be.
  package let size: Int
  /// The paths that a random sweep draws, in the order of the file; empty for other sweeps.
  package private(set) var axes: [DrawnPath] = []
  /// The first draws of a random sweep, by draw and axis; empty for other sweeps.
  package private(set) var draws: [[ConfigValue]] = []
  private let draft: ExperimentDraft
  private let index: CatalogueIndex
  private let overrides: [Assignment]

  init(
    settings: SearchSettings, header: Plan, length: (path: String, count: Int)?, size: Int,
    draft: ExperimentDraft, index: CatalogueIndex, overrides: [Assignment]
  ) {
    (self.settings, self.header, self.size) = (settings, header, size)
    (lengthPath, fullLength) = length ?? ("training.episodes", 0)
    (self.draft, self.index, self.overrides) = (draft, index, overrides)
    guard case .random(let random)? = draft.sweep?.kind else { return }
    axes = random.drawn
    let columns = random.drawn.map { random.values(of: $0, rootSeed: draft.rootSeed) }
    draws = (0..<random.trials).map { draw in columns.map { $0[draw] } }
  }

  /// `episodes` or `decisions`.
  package var lengthUnit: String { lengthPath.split(separator: ".").last.map(String.init) ?? "" }

  /// The variants of the sweep.
  ///
  /// - Parameters:
  ///   - values: of each axis for each variant, in place of what a random sweep draws.
  ///   - length: how long they train; nil for the full length.
  ///   - isEvaluated: whether the trained policies are to be evaluated.
  /// - Returns: nil where some of the values cannot go together.
  package func variants(
    _ values: [[ConfigValue]]? = nil, length: Int? = nil, isEvaluated: Bool = true
  ) -> SweepVariants? {
    var draft = draft
    if let values, let sweep = draft.sweep, case .random(let draws) = sweep.kind {
      draft.sweep = SweepNode(
        kind: .random(
          SweepNode.RandomDraws(
            trials: values.count, seed: draws.seed, drawn: draws.drawn, given: values)),
        conditions: [], exclusions: [], place: sweep.place)
    }
    var forced: [(path: String, value: ConfigValue)] = []
    if let length { forced.append((lengthPath, .number(Double(length)))) }
    if !isEvaluated { forced.append(("evaluation.episodes", 0)) }
    let place = Place(source: draft.source, range: 0..<0)
    let added = forced.compactMap { path, value in
      index.slot(path).map { Assignment(slot: $0, value: value, place: place, origin: .override) }
    }
    return variants(of: Planner(index: index, draft: draft, overrides: overrides + added))
  }

  /// Whether a variant may have these values together.
  package func allows(_ values: [ConfigValue]) -> Bool { variants([values]) != nil }

  /// The variant that the winner is compared with; nil where none is asked for.
  package func referenceVariant() -> SweepVariants? {
    settings.reference == nil ? nil : variants(of: referencePlanner)
  }

  /// Expands what the winner is compared with.
  var referencePlanner: Planner {
    var asked = draft
    let place = draft.reference.first?.place ?? Place(source: draft.source, range: 0..<0)
    asked.sweep = SweepNode(
      kind: .cases([.init(label: "reference", assignments: draft.reference, place: place)]),
      conditions: [], exclusions: [], place: place)
    asked.hypotheses = []
    return Planner(index: index, draft: asked, overrides: overrides)
  }

  private func variants(of planner: Planner) -> SweepVariants? {
    var planner = planner
    let variants = planner.expand()
    return planner.findings.hasErrors ? nil : variants
  }
}

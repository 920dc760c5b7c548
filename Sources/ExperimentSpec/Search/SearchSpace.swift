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
  /// The paths that a random sweep draws, in the order of the file; empty for other sweeps.
  package private(set) var axes: [SearchAxis]
  /// How many variants there are, or for draws, how many there may be.
  package let size: Int
  /// The first draws of a random sweep, by draw and axis; empty for other sweeps.
  package private(set) var draws: [[ConfigValue]]
  let draft: ExperimentDraft
  let index: CatalogueIndex
  let overrides: [Assignment]
  let reference: [Assignment]?

  /// `episodes` or `decisions`.
  package var lengthUnit: String { lengthPath.split(separator: ".").last.map(String.init) ?? "" }

  /// The same with what a random sweep draws.
  func drawing(axes: [SearchAxis], draws: [[ConfigValue]]) -> SearchSpace {
    var space = self
    (space.axes, space.draws) = (axes, draws)
    return space
  }

  /// The variants of the sweep.
  ///
  /// - Parameters:
  ///   - values: of each axis for each variant, in place of what a random sweep draws.
  ///   - length: how long they train; nil for the full length.
  ///   - isEvaluated: whether the trained policies are to be evaluated.
  /// - Returns: nil where some of the values cannot go together.
  package func variants(
    _ values: [[ConfigValue]]? = nil, length: Int? = nil, isEvaluated: Bool = true
  ) -> SearchVariants? {
    var draft = draft
    if let values, let sweep = draft.sweep, case .random(let draws) = sweep.kind {
      draft.sweep = SweepNode(
        kind: .random(
          SweepNode.RandomDraws(
            trials: values.count, seed: draws.seed, drawn: draws.drawn, given: values)),
        conditions: [], exclusions: [], place: sweep.place)
    }
    return expanded(draft, length: length, isEvaluated: isEvaluated)
  }

  /// Whether a variant may have these values together.
  package func allows(_ values: [ConfigValue]) -> Bool { variants([values]) != nil }

  /// The variant that the winner is compared with; nil where none is asked for.
  package func referenceVariant() -> SearchVariants? {
    guard let reference else { return nil }
    var draft = draft
    draft.sweep = Self.referenceSweep(reference, draft.source)
    return expanded(draft, length: nil, isEvaluated: true)
  }

  static func referenceSweep(_ set: [Assignment], _ source: SourceText) -> SweepNode {
    let place = set.first?.place ?? Place(source: source, range: 0..<0)
    return SweepNode(
      kind: .cases([SweepNode.SweepCase(label: "reference", assignments: set, place: place)]),
      conditions: [], exclusions: [], place: place)
  }

  private func expanded(
    _ draft: ExperimentDraft, length: Int?, isEvaluated: Bool
  ) -> SearchVariants? {
    var forced: [(path: String, value: ConfigValue)] = []
    if let length { forced.append((lengthPath, .number(Double(length)))) }
    if !isEvaluated { forced.append(("evaluation.episodes", 0)) }
    let place = Place(source: draft.source, range: 0..<0)
    let added = forced.compactMap { path, value in
      index.slot(path).map { Assignment(slot: $0, value: value, place: place, origin: .override) }
    }
    var planner = Planner(index: index, draft: draft, overrides: overrides + added)
    guard let expansion = planner.expand(), !planner.findings.hasErrors else { return nil }
    return SearchVariants(expansion)
  }
}

/// Variants with what names their trials.
package struct SearchVariants: Sendable {
  package let axes: [Plan.Axis]
  package let variants: [Plan.Variant]
  /// For each point of the sweep, such as a draw, the variant that it is: points that are the same
  /// trials are one.
  package let variantOfPoint: [Int]
  private let identities: [IdentityTemplate]

  init(_ expansion: Planner.Expansion) {
    axes = expansion.axes.map(Plan.Axis.init)
    variants = expansion.variants
    identities = expansion.identities
    variantOfPoint = expansion.variantOfPoint
  }

  /// The name of the trial of a variant and a seed.
  package func trial(_ variant: Int, seed: Int) -> String {
    identities[variant].identity(seed: seed).id
  }
}

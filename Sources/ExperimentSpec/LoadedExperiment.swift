// SPDX-License-Identifier: MIT
package import Diagnostics
import Digest
package import ParameterSchema

/// What came of reading an experiment file.
package struct LoadedExperiment: Sendable {
  /// nil when any finding is an error.
  package let plan: Plan?
  /// Errors and warnings, sorted by place.
  package let findings: [Finding]
  /// The texts that the findings point into.
  package let sources: [SourceText]
  /// How to run it on a cluster; no part of the plan.
  package var cluster = ClusterSettings()

  /// The findings as text for people; empty when there are none.
  package func renderedFindings(usesColor: Bool = false) -> String {
    FindingRenderer(sources: sources, usesColor: usesColor).render(findings)
  }
}

/// Reads an experiment file, checks it against the catalogue and expands it.
///
/// - Parameters:
///   - path: as a person gave it; it stands before each finding.
///   - overrides: `path=value` each, the value a JSON literal; they win over file and sweep.
///   - seedsOverride: `5`, `0,1,2` or `0..4`, in place of the file's `seeds`.
package func loadExperiment(
  path: String, catalogue: Catalogue, overrides: [String] = [], seedsOverride: String? = nil
) -> LoadedExperiment {
  switch ExperimentFile.read(path) {
  case .success(let source):
    loadExperiment(
      source: source, catalogue: catalogue, overrides: overrides, seedsOverride: seedsOverride)
  case .failure(let error):
    LoadedExperiment(plan: nil, findings: [error.finding], sources: [])
  }
}

/// The same for a text that was read already; its name is the path.
package func loadExperiment(
  source: SourceText, catalogue: Catalogue, overrides: [String] = [], seedsOverride: String? = nil
) -> LoadedExperiment {
  var loader = ExperimentLoader(source: source, catalogue: catalogue)
  return loader.load(overrides: overrides, seedsOverride: seedsOverride)
}

/// Takes an experiment through reading, checking and expanding.
private struct ExperimentLoader {
  let source: SourceText
  let index: CatalogueIndex
  var findings: [Finding] = []
  var sources: [SourceText]

  init(source: SourceText, catalogue: Catalogue) {
    self.source = source
    index = CatalogueIndex(catalogue)
    sources = [source]
  }

  mutating func load(overrides: [String], seedsOverride: String?) -> LoadedExperiment {
    let baseName = ExperimentFile.baseName(source.name)
    if !isExperimentName(baseName) {
      findings.append(
        Finding(
          code: "bad-name", file: source.name, found: "the file name \"\(baseName)\"",
          allowed: experimentNameRule, help: "rename the file; it names the experiment's folders"))
    }
    let document = JSONReader.read(source)
    findings += document.findings
    var draft = ExperimentDraft(source: source)
    if let root = document.value {
      var reader = ExperimentReader(source: source, index: index, baseName: baseName)
      draft = reader.read(root, isWhole: document.isWhole)
      // Of a damaged text only what is there can be judged.
      let guesses = ["missing-key", "empty-sweep", "wrong-count"]
      findings += reader.findings.filter { document.isWhole || !guesses.contains($0.code) }
    }
    let assignments = readOptions(overrides, seedsOverride, into: &draft)
    // A sweep that could not be read would make everything behind it look wrong.
    guard !findings.hasErrors else { return finished(nil) }

    var planner = Planner(index: index, draft: draft, overrides: assignments)
    let expansion = planner.expand()
    findings += planner.findings
    guard let expansion, let score = draft.score, !findings.hasErrors else { return finished(nil) }
    let given = overrides.map { "--set \($0)" } + (seedsOverride.map { ["--seeds \($0)"] } ?? [])
    var loaded = finished(plan(draft, expansion, score, name: baseName, given: given))
    loaded.cluster = draft.cluster
    return loaded
  }

  private mutating func readOptions(
    _ overrides: [String], _ seedsOverride: String?, into draft: inout ExperimentDraft
  ) -> [Assignment] {
    if let seedsOverride {
      let text = SourceText(name: "--seeds", text: seedsOverride)
      sources.append(text)
      var reader = ExperimentReader(source: text, index: index, baseName: "")
      draft.seeds = reader.readSeedsOption(seedsOverride) ?? draft.seeds
      findings += reader.findings
    }
    guard !overrides.isEmpty else { return [] }
    let text = SourceText(name: "--set", text: overrides.joined(separator: "\n"))
    sources.append(text)
    var reader = ExperimentReader(source: text, index: index, baseName: "")
    let assignments = reader.readOverrides(overrides)
    findings += reader.findings
    return assignments
  }

  private func plan(
    _ draft: ExperimentDraft, _ expansion: Planner.Expansion, _ score: Plan.Score, name: String,
    given: [String]
  ) -> Plan {
    var score = score
    if score.range == nil, score.metric != .episodesToThreshold, let range = expansion.returnRange {
      score.range = [range.lowerBound, range.upperBound]
    }
    let axes = expansion.axes.map { axis in
      Plan.Axis(
        path: axis.slot?.path ?? "case", label: axis.slot.map(axisLabel) ?? "case",
        values: axis.shown)
    }
    return Plan(
      name: name, title: draft.title ?? name, question: draft.question, notes: draft.notes,
      experimentFile: source.name, experimentHash: SHA256.hex(source.bytes), overrides: given,
      rootSeed: draft.rootSeed, seeds: draft.seeds, score: score,
      hypotheses: expansion.hypotheses, axes: axes, variants: expansion.variants,
      trials: expansion.trials, arithmetic: expansion.arithmetic)
  }

  private func finished(_ plan: Plan?) -> LoadedExperiment {
    LoadedExperiment(
      plan: plan, findings: findings.sortedByPlace(files: sources.map(\.name)), sources: sources)
  }
}

// SPDX-License-Identifier: MIT
package import Diagnostics
import Digest
package import ParameterSchema
import Statistics

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
  /// What the file's `search` block searches in; nil without one.
  package var search: SearchSpace?
  /// What is trained until the hypotheses are decided; nil where the number of seeds is fixed.
  package var sequence: SequentialSpace?
  /// Whether the file is no experiment but a JSON Schema, such as `init` writes beside one.
  package var isSchema = false

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
///   - extension: `training.episodes=N`, more than any variant trains for.
package func loadExperiment(
  path: String, catalogue: Catalogue, overrides: [String] = [], seedsOverride: String? = nil,
  extension: String? = nil
) -> LoadedExperiment {
  do throws(Finding) {
    return loadExperiment(
      source: try ExperimentFile.read(path), catalogue: catalogue, overrides: overrides,
      seedsOverride: seedsOverride, extension: `extension`)
  } catch {
    return LoadedExperiment(plan: nil, findings: [error], sources: [])
  }
}

/// The same for a text that was read already; its name is the path.
package func loadExperiment(
  source: SourceText, catalogue: Catalogue, overrides: [String] = [], seedsOverride: String? = nil,
  extension: String? = nil
) -> LoadedExperiment {
  var loader = ExperimentLoader(source: source, catalogue: catalogue)
  return loader.load(
    Options(overrides: overrides, seeds: seedsOverride, extension: `extension`))
}

/// What the command line adds to the file, as it was written.
private struct Options {
  var overrides: [String]
  var seeds: String?
  var `extension`: String?

  /// For the plan: every option as it was given.
  var given: [String] {
    overrides.map { "--set \($0)" } + (seeds.map { ["--seeds \($0)"] } ?? [])
      + (`extension`.map { ["--extend \($0)"] } ?? [])
  }
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

  mutating func load(_ options: Options) -> LoadedExperiment {
    let chain = FileChain(source)
    if chain.files.last?.document.isSchema == true { return schema() }
    let baseName = ExperimentFile.baseName(source.name)
    if !isExperimentName(baseName) {
      findings.append(
        Finding(
          code: "bad-name", file: source.name, found: "the file name \"\(baseName)\"",
          allowed: experimentNameRule, help: "rename the file; it names the experiment's folders"))
    }
    var draft = read(chain)
    let assignments = readOptions(options, into: &draft)
    let longer = options.extension.flatMap { readExtension($0, draft) }
    // A sweep that could not be read would make everything behind it look wrong.
    guard !findings.hasErrors else { return finished(nil) }
    draft.decode()

    var planner = Planner(index: index, draft: draft, overrides: assignments)
    var expansion = planner.expand()
    if let longer, let shorter = expansion {
      findings += longer.tooShort(for: shorter.variants)
      planner = Planner(index: index, draft: draft, overrides: assignments + [longer])
      expansion = planner.expand()
    }
    findings += planner.findings
    guard let expansion, !findings.hasErrors else { return finished(nil) }
    let whole = plan(draft, expansion, name: baseName, given: options.given)
    let space = draft.search.flatMap {
      searchSpace($0, draft, expansion, whole, assignments, isExtended: longer != nil)
    }
    let sequence = draft.seedRange.flatMap {
      sequentialSpace($0, draft, expansion, whole)
    }
    guard !findings.hasErrors else { return finished(nil) }
    if space == nil, sequence == nil, let finding = draft.tooFewSeeds { findings.append(finding) }
    findings += whole.unreachableScores(draft)
    var loaded = finished(whole)
    loaded.cluster = draft.cluster
    (loaded.search, loaded.sequence) = (space, sequence)
    return loaded
  }

  /// The file, laid over those that it starts from.
  private mutating func read(_ chain: FileChain) -> ExperimentDraft {
    var draft = ExperimentDraft(source: source)
    sources += chain.files.dropLast().reversed().map(\.source)
    findings += chain.findings
    for (source, document) in chain.files {
      findings += document.findings
      // Where the text broke off before an object began, there is nothing to judge.
      guard let root = document.value, document.isWhole || root.members != nil else { continue }
      var reader = ExperimentReader(
        source: source, index: index, baseName: ExperimentFile.baseName(source.name))
      draft = reader.read(root, over: draft)
      // Of a text that broke off only what is there can be judged.
      let guesses = ["missing-key", "empty-sweep", "wrong-count"]
      findings += reader.findings.filter { document.isWhole || !guesses.contains($0.code) }
    }
    draft.source = source
    return draft
  }

  private mutating func schema() -> LoadedExperiment {
    findings = [
      Finding(
        code: "not-an-experiment", file: source.name,
        problem: "it is a JSON Schema, by which editors check experiment files")
    ]
    var loaded = finished(nil)
    loaded.isSchema = true
    return loaded
  }

  /// What the search looks in; nil when something speaks against it, which is then reported.
  private mutating func searchSpace(
    _ settings: SearchSettings, _ draft: ExperimentDraft, _ expansion: SweepVariants,
    _ plan: Plan, _ overrides: [Assignment], isExtended: Bool
  ) -> SearchSpace? {
    let checks = SearchChecks(
      settings: settings, draft: draft, expansion: expansion, score: plan.score)
    findings += checks.findings()
    if isExtended {
      findings.append(
        checks.finding(
          "not-extendable", "a search decides by itself how long its trials train",
          help: "raise the length in the file"))
    }
    let space = SearchSpace(
      settings: settings, header: plan.withoutTrials(settings), length: checks.length,
      size: expansion.variants.count, draft: draft, index: index, overrides: overrides)
    if settings.reference != nil {
      var planner = space.referencePlanner
      _ = planner.expand()
      // Keys of base that only the reference leaves unused are no matter.
      findings += planner.findings.filter(\.isError)
    }
    return findings.hasErrors ? nil : space
  }

  /// The looks at the hypotheses; nil when something speaks against them, which is then reported.
  private mutating func sequentialSpace(
    _ range: Plan.SeedRange, _ draft: ExperimentDraft, _ expansion: SweepVariants, _ plan: Plan
  ) -> SequentialSpace? {
    let count = draft.hypotheses.count
    func report(_ code: String, _ problem: String, help: String) {
      findings.append(
        Finding(code: code, at: draft.seedsPlace, path: "seeds", problem: problem, help: help))
    }
    if draft.search != nil {
      report(
        "search-seeds", "a search decides by itself what is trained further",
        help: "write the number of seeds that it has, or leave \"search\" out")
    } else if count == 0 {
      report(
        "no-hypothesis", "there is no hypothesis that could be decided",
        help: "add \"hypotheses\", or write a number of seeds")
    } else if let looks = LookPlan(from: range.from, to: range.to, hypotheses: count) {
      return SequentialSpace(plan: plan, looks: looks, variants: expansion)
    } else {
      let fewest = (range.to...FileKeys.seedLimit).first {
        LookPlan(from: range.from, to: $0, hypotheses: count) != nil
      }
      let claims =
        count == 1
        ? "the hypothesis" : "any of the \(Numbers.count(count, "hypothesis", "hypotheses"))"
      report(
        "too-few-seeds",
        "up to \(Numbers.count(range.to, "seed")) cannot decide \(claims), whatever the scores",
        help: fewest.map { "\"to\": \($0) can" } ?? "ask for fewer at a time")
    }
    return nil
  }

  private mutating func readOptions(
    _ options: Options, into draft: inout ExperimentDraft
  ) -> [Assignment] {
    if let seeds = options.seeds {
      var reader = optionReader("--seeds", seeds)
      let values = reader.readSeedsOption(seeds) ?? []
      draft.values["seeds"] = .array(values.map { .number(Double($0)) })
      let place = reader.place(0..<seeds.utf8.count)
      draft.written["seeds"] = .init(key: place, value: place)
      findings += reader.findings
    }
    guard !options.overrides.isEmpty else { return [] }
    var reader = optionReader("--set", options.overrides.joined(separator: "\n"))
    let assignments = reader.readOverrides(options.overrides)
    findings += reader.findings
    return assignments
  }

  private mutating func readExtension(_ option: String, _ draft: ExperimentDraft) -> Assignment? {
    var reader = optionReader("--extend", option)
    let assignment = reader.readExtension(option, sweep: draft.sweep)
    findings += reader.findings
    return assignment
  }

  /// A reader of an option, whose text findings can point into.
  private mutating func optionReader(_ name: String, _ text: String) -> ExperimentReader {
    let source = SourceText(name: name, text: text)
    sources.append(source)
    return ExperimentReader(source: source, index: index)
  }

  private func plan(
    _ draft: ExperimentDraft, _ expansion: SweepVariants, name: String, given: [String]
  ) -> Plan {
    var score = draft.score
    if score.range == nil, score.metric != .episodesToThreshold, let range = expansion.returnRange {
      score.range = [range.lowerBound, range.upperBound]
    }
    var plan = Plan(
      name: name, experimentFile: source.name, experimentHash: SHA256.hex(source.bytes),
      rootSeed: draft.rootSeed, seeds: draft.seeds, score: score,
      axes: expansion.axes, variants: expansion.variants,
      trials: expansion.trials, arithmetic: expansion.arithmetic)
    plan.title = draft["title"] ?? name
    (plan.question, plan.notes) = (draft["question"] ?? "", draft["notes"] ?? "")
    let about = Plan.About(
      author: draft["author"] ?? "", tags: draft["tags"] ?? [],
      description: draft["description"] ?? "")
    plan.about = about == Plan.About() ? nil : about
    plan.overrides = given
    plan.hypotheses = expansion.hypotheses.map { hypothesis in
      var hypothesis = hypothesis
      if let own = hypothesis.score, own.range == nil, own.metric != .episodesToThreshold {
        hypothesis.score?.range = score.range
      }
      return hypothesis
    }
    plan.seedRange = draft.seedRange
    return plan
  }

  private func finished(_ plan: Plan?) -> LoadedExperiment {
    LoadedExperiment(
      plan: plan, findings: findings.sortedByPlace(files: sources.map(\.name)), sources: sources)
  }
}

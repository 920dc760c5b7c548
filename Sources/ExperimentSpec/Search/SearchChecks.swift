// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// What only the whole experiment can say against its `search` block.
struct SearchChecks {
  let settings: SearchSettings
  let draft: ExperimentDraft
  let expansion: SweepVariants
  let score: Plan.Score

  func findings() -> [Finding] {
    var findings: [Finding] = []
    if !draft.hypotheses.isEmpty {
      findings.append(
        finding(
          "search-hypotheses",
          "a search chooses variants by their scores, so a test on the same seeds says little",
          help: "leave \"hypotheses\" out and name a \"reference\": the winner is compared with it "
            + "on fresh seeds"))
    }
    if score.metric == .episodesToThreshold {
      findings.append(
        finding(
          "search-score",
          "a search compares scores that every trial has, and \"episodesToThreshold\" is not one",
          help: "use the metric \"return\" or \"evaluationReturn\""))
    }
    guard draft.sweep != nil else {
      return findings + [
        finding("search-sweep", "there is no \"sweep\" to search in")
      ]
    }
    switch settings.method {
    case .halving(let rungs, _): findings += halving(rungs)
    case .tpe: findings += tpe()
    case .racing(let perRound, let alpha): findings += racing(perRound, alpha)
    }
    return findings
  }

  /// What all variants train for, and the path that says so; nil where they differ.
  var length: (path: String, count: Int)? {
    guard let first = expansion.variants.first?.length,
      expansion.variants.allSatisfy({ $0.length.map { $0 == first } ?? false })
    else { return nil }
    return (first.path, Int(first.count))
  }

  private func halving(_ rungs: [Int]) -> [Finding] {
    guard let length else {
      return [
        finding(
          "search-sweep",
          "the variants train for different lengths, which halving varies by itself",
          help: "leave training.episodes and training.decisions to base")
      ]
    }
    guard let last = rungs.last, last >= length.count else { return [] }
    return [
      Finding(
        code: "out-of-range", at: draft.written["search.rungs"]?.value, path: "search.rungs",
        found: canonicalNumber(Double(last)),
        allowed:
          "less than the \(canonicalNumber(Double(length.count))) of \(length.path), for which "
          + "the last variants train")
    ]
  }

  private func tpe() -> [Finding] {
    guard let sweep = draft.sweep, case .random = sweep.kind, sweep.conditions.isEmpty,
      sweep.exclusions.isEmpty
    else {
      return [
        finding(
          "search-sweep",
          "\"tpe\" proposes values for the paths of a random sweep, and the sweep is not just that",
          help: "write \"sweep\": { \"random\": { … } }, without \"when\" and \"exclude\"")
      ]
    }
    return []
  }

  private func racing(_ perRound: Int, _ alpha: Double) -> [Finding] {
    let count = expansion.variants.count
    guard count > 1 else {
      return [
        finding("search-sweep", "the sweep makes one variant, and a race needs two")
      ]
    }
    let schedule = RaceSchedule(
      variants: count, seeds: draft.seeds.count, perRound: perRound, alpha: alpha)
    guard schedule == nil else { return [] }
    let fewest = RaceSchedule.fewestSeeds(variants: count, perRound: perRound, alpha: alpha)
    let reason =
      "with \(Numbers.whole(count)) variants and \(Numbers.count(draft.seeds.count, "seed")) "
      + "no paired test can find a difference"
    let help =
      fewest.map { "at least \($0) seeds can drop something, at the earliest before the last" }
      ?? "that is more variants than a race can distinguish; try \"halving\""
    return [finding("search-seeds", reason, help: help)]
  }

  func finding(_ code: String, _ problem: String, help: String? = nil) -> Finding {
    Finding(
      code: code, at: draft.written["search"]?.key, path: "search", problem: problem, help: help)
  }
}

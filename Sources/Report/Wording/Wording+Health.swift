// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting

/// What is said about the updates.
extension Wording {
  /// `Check how it learned: entropy collapse, stuck at the bottom`; nil where no rule fired.
  static func findingsInShort(_ findings: [HealthView.Finding]) -> String? {
    var rules: [String] = []
    for finding in findings {
      let name = finding.rule.hasPrefix("KL") ? finding.rule : finding.rule.lowercased()
      if !rules.contains(name) { rules.append(name) }
    }
    return rules.isEmpty ? nil : "Check how it learned: \(list(rules))."
  }

  static let showsFigure = "See the figure"

  static func finding(
    _ rule: HealthRule, _ label: String, readings: [HealthRule.Reading], of begun: Int
  ) -> String {
    let seeds =
      readings.count == begun && begun > 1
      ? "all \(begun) seeds"
      : (readings.count == 1 ? "seed " : "seeds ") + list(readings.map { "\($0.seed)" })
    let place = "\(quoted(label)), \(seeds): "
    func span(_ values: [Double], _ text: (Double) -> String) -> String {
      let (low, high) = (text(values.min() ?? 0), text(values.max() ?? 0))
      return low == high ? low : "\(low) to \(high)"
    }
    func span(_ text: (Double) -> String) -> String { span(readings.map(\.value), text) }
    let episodes = span(readings.compactMap(\.episode).map(Double.init)) { count(Int($0)) }
    switch rule {
    case .notANumber:
      return place + "\(span { count(Int($0)) }) rows with a value that is not a finite number."
    case .stuck:
      return place
        + "the mean return of the last 100 episodes is \(span { score($0) }),"
        + " worse than chance (−20.5)."
    case .fellBack:
      return place + "the mean return ends \(span { score($0) }) points below its best, which it"
        + " had after \(episodes) episodes."
    case .entropyCollapse:
      return place + "the entropy fell to \(span { Numbers.text($0) }) nats per decision (chance:"
        + " 0.69) before the policy was any good: it has stopped exploring."
    case .divergenceSpike:
      return place + "the largest update moved the policy by a mean KL of"
        + " \(span { Numbers.text($0) }) nats per decision, after \(episodes) episodes."
    case .rejectedSteps:
      return place
        + "\(span { Numbers.percent($0) }) of the line searches found no acceptable step."
    case .deadUnits:
      return place
        + "at the end \(span { Numbers.percent($0) }) of the hidden units did not fire once in an"
        + " update."
    case .timeLimit:
      return place
        + "at the end a time limit ended \(span { Numbers.percent($0) }) of the episodes, and"
        + " without a value baseline what would have come after it counts as nothing."
    case .twoGroups: return place
    }
  }

  /// Variants in which a rule fires too, beyond those that have a sentence each.
  static func moreFindings(_ labels: [String]) -> String {
    let named = labels.count > 6 ? Array(labels.prefix(5)) : labels
    let rest = labels.count - named.count
    let others = rest > 0 ? [count(rest, "other")] : []
    return "\(count(labels.count, "more variant")): \(list(named.map(quoted) + others))."
  }

  static func finding(_ groups: SeedGroups, _ label: String) -> String {
    func span(_ scores: [Double]) -> String {
      "\(score(scores.first)) to \(score(scores.last))"
    }
    let gap = (groups.high.first ?? 0) - (groups.low.last ?? 0)
    return "\(quoted(label)): \(count(groups.low.count, "seed")) at \(span(groups.low)) and"
      + " \(count(groups.high.count)) at \(span(groups.high)) with nothing between, a gap of"
      + " \(score(gap)). The mean describes neither group."
  }

  static let throughputCaption =
    "Decisions a second while training, games included, on one core."

  /// What a line of a measure stands for.
  static func healthLines(_ lines: [HealthLine]) -> String {
    let (low, high) = seedCounts(lines)
    let line =
      high == 1
      ? "one seed, mean over neighbouring updates"
      : "mean over \(seedsText(low, high)) and neighbouring updates"
    return "Line: \(line); band: from the least to the greatest of them." + held(lines)
  }

  static func throughputLines(_ lines: [HealthLine]) -> String {
    let (low, high) = seedCounts(lines)
    return (high == 1 ? "One seed." : "Mean over \(seedsText(low, high)).") + held(lines)
  }

  private static func seedCounts(_ lines: [HealthLine]) -> (Int, Int) {
    (lines.map(\.seeds).min() ?? 0, lines.map(\.seeds).max() ?? 0)
  }

  private static func seedsText(_ low: Int, _ high: Int) -> String {
    low == high ? count(low, "seed") : "\(count(low)) to \(count(high)) seeds"
  }

  private static func held(_ lines: [HealthLine]) -> String {
    lines.contains(where: \.isHeld)
      ? " A seed that has finished counts with its last value until the longest of its variant ends."
      : ""
  }
}

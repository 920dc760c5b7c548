// SPDX-License-Identifier: MIT

import ExperimentSpec
import Statistics

extension HealthView.Finding {
  /// Sentences of one rule that are read; what is beyond is named in one.
  private static let mostSentences = 12

  /// One finding for each rule and variant in which it fires, in the order of the rules.
  ///
  /// - Parameter anchors: figures that there are; a finding links to the first that shows it.
  static func all(in digest: RunDigest, anchors: Set<String>) -> [HealthView.Finding] {
    HealthRule.allCases.flatMap { rule -> [HealthView.Finding] in
      let figure = rule.figures.first(where: anchors.contains).map {
        LinkView(target: "#\($0)", text: Wording.showsFigure)
      }
      let found = digest.variants.compactMap { variant in
        sentence(rule, variant, in: digest).map { (label: variant.label, text: $0) }
      }
      let shown = found.count > mostSentences ? mostSentences - 1 : found.count
      var sentences = found.prefix(shown).map(\.text)
      if shown < found.count {
        sentences.append(Wording.moreFindings(found.dropFirst(shown).map(\.label)))
      }
      return sentences.map {
        HealthView.Finding(rule: rule.rawValue, sentence: $0, figure: figure)
      }
    }
  }

  private static func sentence(
    _ rule: HealthRule, _ variant: VariantSummary, in digest: RunDigest
  ) -> String? {
    if rule == .twoGroups {
      let scale = digest.scale.map { $0.upperBound - $0.lowerBound }
      return SeedGroups(variant.scores.scores, scale: scale).map {
        Wording.finding($0, variant.label)
      }
    }
    let readings = variant.trials.compactMap { rule.reading($0, in: digest) }
    guard !readings.isEmpty else { return nil }
    return Wording.finding(
      rule, variant.label, readings: readings, of: variant.trials.count { $0.episodeCount > 0 })
  }
}

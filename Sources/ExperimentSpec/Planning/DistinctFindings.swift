// SPDX-License-Identifier: MIT
import Diagnostics

/// Findings of many variants, each kept once, with the variants that have it.
struct DistinctFindings {
  private var order: [Finding] = []
  private var labels: [Finding: (first: String, count: Int)] = [:]

  /// Counts a finding of a variant.
  mutating func add(_ finding: Finding, variant: String) {
    if let known = labels[finding] {
      labels[finding] = (known.first, known.count + 1)
    } else {
      labels[finding] = (variant, 1)
      order.append(finding)
    }
  }

  /// In order of first appearance; a note names the variant where there are several.
  func all(ofVariants total: Int) -> [Finding] {
    order.map { finding in
      guard total > 1, let known = labels[finding] else { return finding }
      var named = finding
      let more = known.count > 1 ? " and \(Numbers.whole(known.count - 1)) more" : ""
      named.notes.append("in variant \"\(known.first)\"\(more)")
      return named
    }
  }
}

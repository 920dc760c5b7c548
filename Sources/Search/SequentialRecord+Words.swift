// SPDX-License-Identifier: MIT

import Diagnostics
import Statistics

// What people read of it.
extension SequentialRecord {
  /// A line for each look: what it decided, and what is still open and why.
  package var decisions: [String] {
    changes.map { "the plan changed, and its level is lost: \($0)" }
      + pairs.enumerated().compactMap { number, count in
        let looked = claims.compactMap { claim in
          claim.looks.firstIndex { $0.pairs == count }.map { (claim, $0) }
        }
        guard !looked.isEmpty else { return nil }
        let parts = looked.map { claim, place in
          let look = claim.looks[place]
          let isLast = place == claim.looks.count - 1
          let word =
            isLast && [.supported, .refuted].contains(claim.outcome)
            ? claim.outcome.rawValue : isLast && claim.outcome == .undecided ? "undecided" : "open"
          let why =
            look.hangsOnFailures == true
            ? "; it hangs on trials that failed" : look.lower == nil ? "; its seeds drift" : ""
          return "\(word): \(claim.claim) (\(look.numbers))\(why)"
        }
        return "look \(number + 1) at \(Numbers.count(count, "pair")): "
          + parts.joined(separator: "; ")
      }
  }

  package var ended: [String] {
    guard state == .over else { return [] }
    return claims.filter { $0.outcome == .failing }.map {
      "given up: \($0.claim): more than half of its seeds failed"
    }
  }
}

extension SequentialRecord.Look {
  /// `+1.2 [0.4, 2.1], p = 0.013`.
  package var numbers: String {
    guard let estimate else { return "no value" }
    let ends = [lower, upper].compactMap { $0 }
    let precision = Precision(
      [estimate] + ends, widths: ends.count == 2 ? [ends[1] - ends[0]] : [])
    let interval = ends.count == 2 ? " \(precision.interval(ends[0], ends[1]))" : ""
    return "\(precision.text(estimate))\(interval), \(Numbers.pValue(adjustedP))"
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics

/// Which series of a file is the curve: columns of a CSV file, tags, names of metrics.
package struct CurveColumns: Hashable, Sendable {
  package enum Role: String, CaseIterable, Sendable {
    /// What a CSV file counts.
    case step
    /// The time of a CSV file.
    case seconds
    /// Returns of single episodes.
    case `return`
    /// Returns that are means of several episodes already.
    case mean
    /// Lengths of the episodes, or the means of them.
    case length
  }

  package private(set) var names: [Role: String] = [:]

  package init() {}

  /// - Parameter text: such as `step=frames,return=score`.
  package init(_ text: String) throws(ImportError) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1).map(String.init)
      let known = Role.allCases.map(\.rawValue)
      guard words.count == 2, let role = Role(rawValue: words[0]) else {
        let nearest = words.first.flatMap { NearestMatch.find($0, in: known) }
        throw ImportError(
          "--columns: found \"\(part)\"; allowed: \(known.joined(separator: ", ")), each with ="
            + " and a name\(suggestion(nearest))")
      }
      guard names.updateValue(words[1], forKey: role) == nil else {
        throw ImportError("--columns names \(role.rawValue) twice")
      }
    }
    if names[.return] != nil && names[.mean] != nil {
      throw ImportError("--columns: either return or mean is the curve, not both")
    }
  }

  /// A series that is the curve, with the series of its lengths.
  struct Curve {
    let value: String
    let length: String
    /// Whether each point is a mean already.
    var isMean = false
  }

  /// What the programs call their curves, best first: single episodes, then means of the training, then
  /// means of evaluations.
  ///
  /// Sources: CleanRL's scripts; stable-baselines3, `common/on_policy_algorithm.py` and
  /// `common/callbacks.py`; tianshou's `utils/logger` and `data/stats.py`.
  private static let known: [Curve] = [
    Curve(value: "charts/episodic_return", length: "charts/episodic_length"),
    Curve(value: "return", length: "length"),
    Curve(value: "rollout/ep_rew_mean", length: "rollout/ep_len_mean", isMean: true),
    Curve(value: "training/returns_stat/mean", length: "training/lens_stat/mean", isMean: true),
    Curve(value: "train/returns_stat/mean", length: "train/lens_stat/mean", isMean: true),
    Curve(value: "eval/mean_reward", length: "eval/mean_ep_length", isMean: true),
    Curve(value: "test/returns_stat/mean", length: "test/lens_stat/mean", isMean: true),
  ]

  /// The curve among some series; nil where none is known.
  ///
  /// - Throws: where one was asked for that is not there.
  func curve(among series: [String], of path: String) throws(ImportError) -> Curve? {
    for role in [Role.return, .mean, .length] {
      guard let name = names[role], !series.contains(name) else { continue }
      throw ImportError(
        "\(path): no series \"\(name)\"\(suggestion(NearestMatch.find(name, in: series))); there are:"
          + " \(series.joined(separator: ", "))")
    }
    if let name = names[.return] ?? names[.mean] {
      let usual = Self.known.first { $0.value == name }?.length
      return Curve(
        value: name, length: names[.length] ?? usual ?? "length", isMean: names[.mean] != nil)
    }
    return Self.known.first { series.contains($0.value) }
  }
}

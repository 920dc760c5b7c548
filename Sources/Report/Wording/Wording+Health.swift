// SPDX-License-Identifier: MIT

import Plotting

/// What is said about the updates.
extension Wording {
  static func finding(
    _ rule: HealthRule, _ label: String, readings: [(seed: Int, value: Double)], of begun: Int,
    episodes: [Int]
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
    switch rule {
    case .notANumber:
      return place + "\(span { count(Int($0)) }) rows with a value that is not a finite number."
    case .stuck:
      return place
        + "the mean return of the last 100 episodes is \(span { fixedNumber($0, decimals: 2) }),"
        + " worse than chance (−20.5)."
    case .entropyCollapse:
      return place + "the entropy fell to \(span { shortNumber($0) }) nats per decision (chance:"
        + " 0.69) before the policy was any good: it has stopped exploring."
    case .largeStep:
      return place + "the largest update moved the policy by a mean KL of"
        + " \(span { shortNumber($0) }) nats per decision,"
        + " after \(span(episodes.map(Double.init)) { count(Int($0)) }) episodes."
    case .deadUnits:
      return place
        + "at the end \(span { fixedNumber(100 * $0, decimals: 0) + " %" }) of the hidden"
        + " units fired on no decision of an update."
    }
  }

  static let throughputCaption =
    "Decisions a second while training, games included, on one core. Mean over seeds."
}

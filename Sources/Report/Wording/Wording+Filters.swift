// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Plotting

/// What is said about filters.
extension Wording {
  static func filtersLead(_ label: String, seed: Int, best: Bool) -> String {
    "What the first layer looks for: each picture is a row of W1, 80×80 weights, white positive and"
      + " black negative. From \(quoted(label)), seed \(seed)"
      + (best ? ", the first finished seed of the best variant." : ".")
  }

  static func filtersNote(shown: Int, total: Int) -> String {
    "Shown: \(count(shown)) of \(count(total)) hidden units, first to last row by row, one pixel"
      + " a weight and one grey scale for all."
  }

  static func plateAlternative(units: [Int], episode: Int) -> String {
    "Grid of \(count(units.count)) grey pictures, eight a row: the input weights of hidden units"
      + " \(stop(episode)). Unit numbers, row by row: "
      + units.map { "\($0)" }.joined(separator: ", ") + "."
  }

  static func plateCaption(white: Float, episode: Int, _ roughness: Double?) -> String {
    let text =
      "\(capitalized(stop(episode))): white is +\(Numbers.text(Double(white))) and more,"
      + " black −\(Numbers.text(Double(white))) and less"
    guard let roughness else { return text + "." }
    return text + "; median roughness \(Numbers.fixed(roughness, decimals: 3))."
  }

  static func choice(_ choice: FilterChoice) -> String {
    switch choice {
    case .norm: "norm of the input weights"
    case .output: "output weight"
    case .index: "index"
    }
  }

  static func stopLink(_ episode: Int) -> String { "PNG \(stop(episode))" }

  static func filterAlternative(_ unit: Int) -> String { "Filter of hidden unit \(unit)" }

  static func filterRows(_ number: Int) -> String {
    "The numbers of \(count(number, "unit")), of every choice"
  }

  static let roughnessMeaning =
    "Total variation relative to that of noise: mean |difference of neighbouring weights| over √2"
    + " times mean |weight|"

  static let roughnessLead =
    "Roughness is a picture’s total variation relative to that of noise: 1 is what independent"
    + " normal weights have, as all units do before training, and 0 is an even grey. The median over"
    + " all hidden units of each variant’s first finished seed, at its newest checkpoint:"

  static func excitementLead(_ game: Int) -> String {
    "The moments of evaluation game \(count(game)) at which the units with the greatest norm"
      + " respond most strongly, at least two seconds apart, with their activations. What moved is also"
      + " drawn faintly where it was one decision earlier, since the policy sees the difference. Each"
      + " picture links to its moment in the replay."
  }

  /// Which way a unit votes.
  static func vote(_ weight: Double, _ actions: [String]) -> String {
    guard actions.count == 2 else { return "output \(Numbers.fixed(weight, decimals: 2))" }
    return
      "votes \(action(actions[weight >= 0 ? 0 : 1])), \(Numbers.fixed(abs(weight), decimals: 2))"
  }

  static func momentAlternative(_ frame: ReplayFile.Frame) -> String {
    "The field at \(frame.computerScore) to \(frame.playerScore)"
  }
}

// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import RunStore
import Statistics

/// `rallybook simulate-verdicts`, of `make simulate-verdicts`: how often sequential verdicts err on
/// scores whose truth is known, and how many seeds they take.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate-verdicts",
    abstract: "Simulate sequential verdicts on scores whose truth is known.",
    shouldDisplay: false)

  @Option(help: "Simulated files for each kind of scores.") var files = 10_000
  @Option(help: "Simulated comparisons for each effect.") var comparisons = 1_000
  @Option(help: "Writes the scores of the comparisons there, for other programs.")
  var scores: String?

  func run() throws {
    guard let simulation = VerdictSimulation() else { return }
    say("no effect: files with a wrong verdict, of \(Numbers.whole(files))")
    for law in VerdictSimulation.Law.allCases {
      let one = simulation.wrongFiles(law, claims: 1, of: files)
      let four = simulation.wrongFiles(law, claims: 4, of: files)
      say(
        "  \(law.rawValue): one claim \(share(one, of: files)), four claims \(share(four, of: files))"
      )
    }
    say("normal scores: decided, and mean pairs of \(Numbers.whole(comparisons)) comparisons")
    var rows = "correlation,effect,comparison,seed,better,than\n"
    for correlation in [0, 0.5, 0.8] {
      for effect in [0, 0.5, 0.8, 1.2] {
        var (decided, pairs) = (0, 0)
        for comparison in 0..<comparisons {
          var source = SimulatedScores(seed: 1_000_000 + comparison, .normal)
          let (better, than) = source.pairs(100, correlation: correlation, effect: effect)
          let found = simulation.pairs(until: zip(better, than).map { $0 - $1 })
          if found != nil { decided += 1 }
          pairs += found ?? 100
          guard scores != nil else { continue }
          for (seed, (x, y)) in zip(better, than).enumerated() {
            rows += "\(correlation),\(effect),\(comparison),\(seed),\(x),\(y)\n"
          }
        }
        say(
          "  correlation \(correlation), effect \(effect): \(share(decided, of: comparisons)), "
            + Numbers.fixed(Double(pairs) / Double(comparisons), decimals: 1))
      }
    }
    if let scores { try AtomicFile.write(Array(rows.utf8), to: scores) }
  }

  private func share(_ count: Int, of all: Int) -> String {
    Numbers.percent(Double(count) / Double(max(1, all)), decimals: 1)
  }
}

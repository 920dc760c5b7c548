// SPDX-License-Identifier: MIT

import Algorithms
import ArgumentParser
import Artifacts
import Diagnostics
import Environments
import ExperimentSpec
import ParameterSchema
import RunStore
import Trials

/// `rallybook imitate FILE GAME… --to policy.safetensors`
struct ImitateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "imitate",
    abstract: "Let a policy learn what a player did in recorded games of Pong.",
    discussion: """
      FILE is an experiment whose first variant says what the policy sees, its actions and its network; \
      GAME is a trace, as arena.html saves your own and trace record makes. The right player is \
      imitated: each decision takes the action nearest to what the hand did in its frames. The last \
      tenth of each game is held out, and the pass that foretells it best is kept.

      What is written goes on by policy gradient where training.startFrom names it.
      """)

  @Argument(help: "The experiment file.", completion: .experiments) var file: String
  @Argument(help: "Traces (*.pongtrace, *.pongtrace2).") var games: [String]
  @OptionGroup var experiment: ExperimentOptions
  @Option(help: ArgumentHelp("The policy's file to write.", valueName: "file.safetensors"))
  var to: String
  @Option(help: "How often all decisions are gone over.") var passes = 20
  @Option(help: "Of Adam, which takes the steps.") var learningRate = 1e-3

  func validate() throws {
    if games.isEmpty { throw ValidationError("no game; allowed: one or more traces") }
    if !(1...10_000).contains(passes) {
      throw ValidationError("--passes \(passes): allowed are 1 to 10,000")
    }
    if !(learningRate > 0 && learningRate <= 1) {
      throw ValidationError("--learning-rate \(learningRate): allowed are numbers above 0, to 1")
    }
    if !to.hasSuffix(".safetensors") {
      throw ValidationError("--to \(to): allowed are names that end in .safetensors")
    }
  }

  func run() throws {
    let plan = try experiment.loadExperiment(file).plan
    guard let planned = plan.trials.first else { throw end(2, "error: \(file) has no trial") }
    var stored = plan.configuration(of: planned)
    stored[path: "optimizer"] = ["kind": "adam", "learningRate": .number(learningRate)]
    let configuration = Catalogue.standard.completing(stored)
    let recorded: RecordedGames
    do {
      recorded = try RecordedGames(configuration, rootSeed: plan.rootSeed, seed: planned.seed)
      for game in games { try recorded.add(TraceFile(contentsOf: game), path: game) }
    } catch let error as ArtifactError {
      throw end(2, "error: \(error)")
    } catch let error as EnvironmentError {
      throw end(2, "error: \(error.description)")
    }
    let imitation = recorded.imitation
    let counts = imitation.counts
    guard counts.held > 0, counts.learned > 0 else {
      throw end(
        2,
        "error: \(games.joined(separator: ", ")): nothing to learn from: too short, or the "
          + "player did nothing that the policy's actions do")
    }
    say(
      "\(Numbers.whole(counts.learned)) decisions to learn from, \(Numbers.whole(counts.held)) held "
        + "out; at \(Numbers.whole(counts.without)) the policy has no action like the player's")
    func told(_ fit: Imitation.Fit) -> String {
      "log loss \(Numbers.text(fit.loss, digits: 3)), the player's action at "
        + "\(Numbers.percent(fit.agreement)) of what was held out"
    }
    let kept = imitation.learn(passes: passes) { pass, fit in say("pass \(pass): \(told(fit))") }
    try AtomicFile.write(recorded.policy(path: to).encoded(), to: to)
    say("\(to): the policy after pass \(kept.pass), \(told(kept.fit))")
  }
}

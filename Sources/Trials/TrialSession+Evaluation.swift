// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import GymnasiumBridge
import ParameterSchema
import Randomness
import RunStore

/// Evaluation, when the training is done.
extension TrialSession {
  /// Plays the evaluation episodes that are missing, and the games for the report.
  ///
  /// - Returns: false when asked to stop on the way.
  func evaluate() throws -> Bool {
    let settings = Settings(configuration, section: "evaluation")
    let wanted = settings.integer("episodes")
    guard let choice = ActionChoice(rawValue: settings.string("mode")) else {
      fatalError("no evaluation mode \(settings.string("mode"))")
    }
    var judge: (any Environment)?
    if training.environment.rival != nil {
      judge = try makeEnvironments(
        evaluationConfiguration(configuration), rootSeed: streams.root, count: 1,
        logPath: folder.logPath)[0]
    }
    let evaluator = Evaluator(
      training: training, environment: judge, streams: streams, choice: choice)
    guard try play(wanted, with: evaluator, into: folder.evaluationsPath) else { return false }
    if let other = settings.optionalString("transferTo"), wanted > 0 {
      let elsewhere = try monitor.compute(.starting) { () throws(EnvironmentError) in
        try makeEnvironments(
          Trials.configuration(configuration, playing: other), rootSeed: streams.root, count: 1,
          logPath: folder.logPath)
      }
      let evaluator = Evaluator(
        training: training, environment: elsewhere[0], streams: streams, choice: choice)
      guard try play(wanted, with: evaluator, into: folder.transfersPath) else { return false }
    }
    return try wanted == 0 || recordGames(choice)
  }

  /// Keeps for the report where an environment of Gymnasium's gives another game for the same seed.
  ///
  /// Only now, as it moves whatever such an environment goes on from.
  func noteRepetition() {
    let games = training.environments.compactMap { $0.innermost as? GymnasiumEnvironment }
    guard let first = games.first, let last = games.last else { return }
    // What fails now fails no training.
    let repeats = try? monitor.compute(.evaluating) { () throws(EnvironmentError) in
      try GymnasiumEnvironment.repeats(first, last)
    }
    if repeats == false {
      monitor.note { $0.provenance?.settings[Provenance.repeatsItself] = "no" }
    }
  }

  /// Plays those of `wanted` episodes that a file lacks; false when asked to stop on the way.
  private func play(
    _ wanted: Int, with evaluator: Evaluator, into path: String
  ) throws -> Bool {
    let episodes = training.progress.episodes
    let stored = try Disk.isPresent(path) ? readCSV(EvaluationRecord.self, at: path) : []
    let kept = stored.filter { $0.checkpoint == episodes }
    if kept.count < stored.count {
      folder.appendLog(
        "plays again: \(stored.count - kept.count) games of other weights in \(path)")
    }
    let log = try CSVLog(path: path, keeping: kept)
    evaluated = kept.count
    noteProgress()
    while evaluated < wanted {
      if StopRequest.isAsked { return false }
      let number = evaluated + 1
      log.append(
        try monitor.compute(.evaluating) { () throws(EnvironmentError) in
          try evaluator.play(number)
        })
      try log.flush()
      evaluated = number
      noteProgress()
    }
    try log.sync()
    return true
  }

  /// Records evaluation episode 1 as the policy of every stored checkpoint plays it, where that is
  /// missing, so that a reader sees what each point of the learning curve looks like.
  ///
  /// - Returns: false when asked to stop on the way; the next session goes on.
  private func recordGames(_ choice: ActionChoice) throws -> Bool {
    for (episodes, path) in try folder.checkpoints() {
      if StopRequest.isAsked { return false }
      let place = folder.replayPath(episodes: episodes)
      if Disk.isPresent(place) { continue }
      let checkpoint: Checkpoint
      do throws(ArtifactError) {
        // A game needs no optimizer, whose state is as large as the weights.
        checkpoint = TrainingCheckpoint.weightsOnly(try TrainingCheckpoint.read(path))
      } catch {
        folder.appendLog("no game of a damaged checkpoint: \(error)")
        continue
      }
      let replay = try monitor.compute(.recording) {
        try Evaluator(
          checkpoint: checkpoint, path: path, configuration: configuration, streams: streams,
          choice: choice, counter: monitor.counter
        ).record(1)
      }
      guard let replay else { return true }
      try AtomicFile.write(replay.encoded(), to: place)
    }
    return true
  }
}

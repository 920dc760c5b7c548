// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import Environments
import GymnasiumBridge
import ParameterSchema
import RunStore
import Trials

/// `rallybook trace check FILE…`, `rallybook trace record FILE`
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Compare the embedded game with games recorded from ALE.",
    subcommands: [TraceCheckCommand.self, TraceRecordCommand.self])
}

/// `rallybook trace check FILE…`
struct TraceCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Replay recorded games; exit status 3 at the first difference.")

  @Argument(help: "Traces (*.pongtrace, *.pongtrace2).") var files: [String]
  @Option(
    help: ArgumentHelp(
      "Play the actions there instead: Pong by Gymnasium's id, or pettingzoo:pong_v3.",
      valueName: "id"))
  var env = "pong"

  func validate() throws {
    if env != "pong" { try checkReal(env) }
  }

  func run() throws {
    var status: Int32 = 0
    let tracer = try PongTracer(environmentID: env)
    for file in files {
      do {
        let trace = try TraceFile(contentsOf: file)
        let difference = try tracer.firstDifference(from: trace)
        say("\(file): \(difference ?? "\(trace.acts.count) frames, 0 differences")")
        if difference != nil { status = max(status, 3) }
      } catch let error as ArtifactError {
        printError("\(error)")
        status = max(status, 2)
      }
    }
    if status != 0 { throw ExitCode(status) }
  }
}

/// Refuses what is no real Pong.
private func checkReal(_ env: String) throws {
  guard PongID.isReal(env) || env == PongTracer.twoPlayers else {
    throw ValidationError(
      "--env \(env): allowed are Pong through ALE, such as gymnasium:ALE/Pong-v5, and "
        + PongTracer.twoPlayers)
  }
}

/// `rallybook trace record FILE`
struct TraceRecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record whole games of the real Pong from ALE, frame by frame.",
    discussion: """
      Policies:
      \(TracePlayer.Kind.allCases.map { "  \($0.rawValue): \($0.doc)" }.joined(separator: "\n"))

      Needs Python with gymnasium and ale-py; rallybook doctor says whether it is there. Games of two
      players, pettingzoo:pong_v3, need other packages; where they are missing the error names them.
      """)

  @Argument(help: "File to write; with several episodes, their numbers come before its extension.")
  var file: String
  @Option(
    help: """
      Pong by Gymnasium's id, whose frame skip and stickiness are not used here; or \
      pettingzoo:pong_v3, for two players.
      """)
  var env = "gymnasium:ALE/Pong-v5"
  @Option(
    help: ArgumentHelp(
      "Record a trained policy in the embedded Pong instead; --seed is the first game's number.",
      valueName: "checkpoint"))
  var from: String?
  @Option(help: "Who plays; see below.") var policy: TracePlayer.Kind = .random18
  @Option(help: "Who has the left paddle in games of two players; by default the same.")
  var second: TracePlayer.Kind?
  @Option(help: "Seed of the first game's player; each further game has the next.")
  var seed: UInt32 = 0
  @Option(help: "Games to record.") var episodes = 1
  @Option(help: "Frames after which a recording ends, 21 points or not.") var maxFrames = 108_000

  func validate() throws {
    try checkReal(env)
    if second != nil, env != PongTracer.twoPlayers {
      throw ValidationError("--second: in \(env) the computer has the left paddle")
    }
    if !(1...10_000).contains(episodes) {
      throw ValidationError("--episodes \(episodes): allowed are 1 to 10,000")
    }
    if !(1...10_000_000).contains(maxFrames) {
      throw ValidationError("--max-frames \(maxFrames): allowed are 1 to 10,000,000")
    }
  }

  func run() throws {
    let game = try recording()
    for episode in 0..<episodes {
      let path = episodes == 1 ? file : numbered(episode + 1)
      if Disk.isPresent(path) { throw end(4, "error: \(path) exists; nothing was written") }
      let trace = try game(episode)
      try AtomicFile.write(trace.encoded(), to: path)
      let (left, right) = (trace.finalScores.left, trace.finalScores.right)
      let names = trace.game > 2 ? ("left", "right") : ("computer", "player")
      say("\(path): \(trace.acts.count) frames, \(names.0) \(left), \(names.1) \(right)")
    }
  }

  /// What plays a game by its number from 0: the real machine, or with `--from` the embedded one,
  /// for `trace check --env` on the real one.
  private func recording() throws -> (Int) throws -> TraceFile {
    guard let from else {
      let tracer = try PongTracer(environmentID: env)
      let kinds = env == PongTracer.twoPlayers ? [policy, second ?? policy] : [policy]
      return { try tracer.record(kinds, seed: seed &+ UInt32($0), frameLimit: maxFrames) }
    }
    let player = try TrialPlayer(checkpoint: from, mode: nil)
    return { episode in
      guard let trace = try player.evaluator.trace(max(1, Int(seed)) + episode) else {
        throw end(2, "error: \(from) was not trained in the embedded Pong")
      }
      return trace
    }
  }

  /// `games/a-2.pongtrace`
  private func numbered(_ number: Int) -> String {
    let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return "\(file)-\(number)"
    }
    return "\(file.dropLast(name[dot...].count))-\(number)\(name[dot...])"
  }
}

extension TracePlayer.Kind: ExpressibleByArgument {}

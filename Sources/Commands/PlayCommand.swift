// SPDX-License-Identifier: MIT

import Algorithms
import ArgumentParser
import Artifacts
import Diagnostics
import Environments
import Glibc
import Report
import RunStore
import Statistics
import Trials

/// `rallybook play CHECKPOINT`
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Let a trained policy play: its results, or one game saved to watch.",
    discussion: """
      CHECKPOINT is a file in a trial's folder, such as \
      runs/demo/trials/1a2b3c4d5e6f/checkpoints/002000.safetensors; it plays with the trial's own \
      configuration and random streams, so episode N is the trial's evaluation game N. Or it is a \
      policy that `export --format safetensors` wrote, in any folder; it names its own game and plays \
      on the random streams of seed 0.

      --save FILE.html writes a page that plays the game, FILE.apng or FILE.gif an animated picture of \
      a part of it, FILE.mp4 the same as a film where ffmpeg is installed, FILE.replay the recording itself. \
      --save arena.html, or a name that ends so, writes a page \
      in which you play Pong against the policy, or it against another.
      """)

  @Argument(help: "A checkpoint of a trial, or an exported policy.", completion: .policies)
  var checkpoint: String
  @Option(
    help: ArgumentHelp(
      "The environment to play in, if not that of the training: pong or gymnasium:ID.",
      valueName: "id"))
  var env: String?
  @Option(help: "Evaluation episodes to play.") var episodes = 10
  @Option(help: "Number of the first game to play, and of the one that --save records.")
  var episode = 1
  @Option(help: "How to choose actions from the probabilities: sample or greedy.")
  var mode: ActionChoice?
  @Option(
    help: ArgumentHelp(
      "Record one game into this file: .html, .apng (or .png), .gif, .mp4 or .replay; arena.html: a page to play on.",
      valueName: "file"))
  var save: String?
  @Option(
    help: ArgumentHelp(
      "Another policy for arena.html, a checkpoint too.", valueName: "checkpoint"))
  var against: String?
  @Option(help: "Where in the game the animated picture begins, in seconds.") var from = 1.0
  @Option(help: "How long the animated picture is, in seconds.") var seconds = 20.0

  func validate() throws {
    if episodes < 1 { throw ValidationError("--episodes is \(episodes); allowed: 1 and more") }
    if let env, env != "pong", !env.hasPrefix("gymnasium:") {
      throw ValidationError("--env \(env): allowed are pong and gymnasium:ID")
    }
    if episode < 1 { throw ValidationError("--episode is \(episode); allowed: 1 and more") }
    guard from >= 0, from.isFinite, seconds > 0, seconds <= 600 else {
      throw ValidationError("--from is 0 or more, and --seconds above 0 and at most 600")
    }
    if let save,
      !["html", "htm", "apng", "png", "gif", "mp4", "replay"].contains(Self.ending(save))
    {
      throw ValidationError(
        "--save \(save): allowed: a file that ends in .html, .apng, .png, .gif, .mp4 or .replay")
    }
    if against != nil, !isArena {
      throw ValidationError("--against goes with --save arena.html")
    }
  }

  private static func ending(_ path: String) -> String? {
    path.contains(".") ? path.split(separator: ".").last?.lowercased() : nil
  }

  private var isArena: Bool { save?.lowercased().hasSuffix("arena.html") == true }

  func run() throws {
    let player = try TrialPlayer(checkpoint: checkpoint, mode: mode, environmentID: env)
    if let save, isArena { return try writeArena(player, to: save) }
    if let save { return try record(player, to: save) }
    var returns: [Double] = []
    for number in episode..<episode + episodes {
      let row = try player.evaluator.play(number)
      returns.append(row.return)
      say("game \(number): \(plain(row.return)) in \(Numbers.count(row.length, "decision"))")
    }
    // Only a game of two sides is won.
    let won = player.isPong ? ", won \(returns.count { $0 > 0 }) of \(returns.count)" : ""
    say("mean \(Numbers.score(mean(returns) ?? 0))\(won)")
  }

  private func record(_ player: TrialPlayer, to path: String) throws {
    guard let replay = try player.evaluator.record(episode) else {
      throw end(2, "error: --save records games of Pong only")
    }
    let bytes: [UInt8]
    do throws(ReportError) {
      switch Self.ending(path) {
      case "replay": bytes = replay.encoded()
      case "html", "htm":
        bytes = Array(
          try playerPage(of: replay, policy: player.checkpoint, title: player.title).utf8)
      default:
        bytes = try PongAnimation.file(
          of: replay, from: from, seconds: seconds,
          notes: [
            ("Software", "Rallybook"), ("Title", player.title),
            ("Source", "rallybook play \(shellWord(checkpoint)) --episode \(episode)"),
          ], isGIF: Self.ending(path) == "gif")
      }
    } catch {
      // Such as a part of the game that it does not have.
      throw end(2, "error: \(path): \(error.detail)")
    }
    var size = bytes.count
    if Self.ending(path) == "mp4" {
      size = try film(bytes, to: path)
    } else {
      try AtomicFile.write(bytes, to: path)
    }
    say(path)
    printError(
      "game \(episode): \(plain(replay.header.return)) in"
        + " \(Numbers.count(replay.decisions.count, "decision")), \(Numbers.bytes(size))")
  }

  /// An animated picture as a film, by ffmpeg; it takes the old one's place when it is whole.
  ///
  /// - Returns: its bytes.
  private func film(_ picture: [UInt8], to path: String) throws -> Int {
    // Names that no file of a person's has.
    let (source, made) = ("\(path).\(getpid()).apng", "\(path).\(getpid()).part")
    try AtomicFile.write(picture, to: source)
    defer { for file in [source, made] { unlink(file) } }
    // Most players know no other form of the colours.
    let words = [
      "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", "file:\(source)", "-pix_fmt",
      "yuv420p",
      "-movflags", "+faststart", "-f", "mp4", "file:\(made)",
    ]
    guard let process = startDetached(words, output: 2) else {
      throw end(
        2,
        "error: --save \(path) needs ffmpeg, which is not here: apt install ffmpeg, or save .gif or"
          + " .apng, which need nothing")
    }
    var status: Int32 = 0
    guard waitpid(process, &status, 0) == process, status == 0, rename(made, path) == 0 else {
      throw end(1, "error: ffmpeg did not make \(path)")
    }
    return try Disk.read(path).count
  }

  private func writeArena(_ player: TrialPlayer, to path: String) throws {
    let other = try against.map {
      try TrialPlayer(checkpoint: $0, mode: mode, environmentID: env)
    }
    let page = try arenaPage(of: [player, other].compactMap { try $0?.arenaPolicy() })
    try AtomicFile.write(Array(page.utf8), to: path)
    say(path)
    printError(Numbers.bytes(page.utf8.count))
  }

  private func plain(_ number: Double) -> String { Numbers.text(number, digits: 4) }
}

extension ActionChoice: ExpressibleByArgument {}

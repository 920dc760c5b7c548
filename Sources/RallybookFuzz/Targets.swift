// SPDX-License-Identifier: MIT

import Artifacts
import Commands
import Diagnostics
import ExperimentSpec
import Foundation
import Imports
import ParameterSchema
import Report
import RunStore
import Trials

/// A reader under test.
struct Target: Sendable {
  let name: String
  /// Reads an input; whether the reader took it for what it reads. It must not trap.
  let accepts: @Sendable ([UInt8]) -> Bool
  /// Makes another input of one, keeping what would be refused at once; nil leaves it to libFuzzer.
  let mutated: @Sendable ([UInt8], inout Draws) -> [UInt8]?

  static let all = [
    Target(name: "experiment", accepts: acceptsExperiment, mutated: mutatedExperiment),
    Target(name: "query", accepts: acceptsQuery, mutated: { _, _ in nil }),
    Target(name: "stats", accepts: acceptsScores, mutated: Mutation.fields),
    Target(name: "records", accepts: acceptsRecords, mutated: Mutation.fields),
    Target(name: "trace", accepts: acceptsTrace, mutated: mutatedTrace),
    Target(name: "replay", accepts: acceptsReplay, mutated: mutatedReplay),
    Target(
      name: "safetensors", accepts: { (try? Checkpoint(safetensors: $0, path: "memory")) != nil },
      mutated: Mutation.tensors),
    Target(name: "checkpoint", accepts: acceptsCheckpoint, mutated: Mutation.tensors),
    Target(name: "policy", accepts: acceptsPolicy, mutated: Mutation.tensors),
    Target(name: "stored", accepts: acceptsStored, mutated: mutatedStored),
    Target(
      name: "events", accepts: { importsCurve("events.out.tfevents.0", $0) },
      mutated: Mutation.events),
    Target(
      name: "numpy", accepts: { importsCurve("evaluations.npz", $0) }, mutated: { _, _ in nil }),
    Target(
      name: "curves",
      accepts: { importsCurve("curve.csv", $0) || importsCurve("0.monitor.csv", $0) },
      mutated: Mutation.fields),
  ]

  // MARK: Experiments, conditions, scores

  /// The experiment file, expanded and shown by `plan`; a plan must read back as it was written.
  private static func acceptsExperiment(_ input: [UInt8]) -> Bool {
    guard plan(input) != nil else { return false }
    let file = Scratch.write(input, to: "experiments/fuzz.json")
    Scratch.run("plan", file, "--runs", Scratch.path("runs"))
    return true
  }

  private static func mutatedExperiment(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    let source = json(input) ?? ["score": ["goal": "maximize"]]
    var changed = source
    // Most of what is drawn at random is refused; then something else is drawn.
    for _ in 0..<6 {
      changed = source
      for _ in 0...draws.index(3) { ExperimentMutation.apply(to: &changed, &draws) }
      if draws.happens(1, in: 16) || plan(bytes(changed)) != nil { break }
    }
    return bytes(changed)
  }

  private static func json(_ bytes: some Sequence<UInt8>) -> ConfigValue? {
    ConfigValue(json: String(decoding: Array(bytes), as: UTF8.self))
  }

  private static func bytes(_ value: ConfigValue) -> [UInt8] { Array(canonicalJSON(value).utf8) }

  private static func plan(_ input: [UInt8]) -> Plan? {
    let loaded = loadExperiment(
      source: SourceText(name: "experiments/fuzz.json", bytes: input), catalogue: .standard)
    _ = loaded.renderedFindings()
    guard let plan = loaded.plan else { return nil }
    let bytes = plan.encoded()
    guard let again = try? Plan(decoding: bytes), again.encoded() == bytes else {
      preconditionFailure("a plan that does not read back")
    }
    return plan
  }

  /// `query` and `--only`: read, checked, asked of a trial; its negation says the opposite.
  private static func acceptsQuery(_ input: [UInt8]) -> Bool {
    let text = String(decoding: input, as: UTF8.self)
    guard let query = try? QueryExpression(text) else { return false }
    try? query.check(TrialFacts.vocabulary(.standard, plans: []))
    func holds(_ query: QueryExpression) -> Bool {
      query.matches { name in name.count % 2 == 0 ? .number(Double(name.count)) : nil }
    }
    // Nested too deep, a negation may not be readable.
    if let negated = try? QueryExpression("not (\(text))") {
      precondition(holds(negated) != holds(query), "a condition and its negation agree")
    }
    return true
  }

  /// Anyone's scores: `stats`.
  private static func acceptsScores(_ input: [UInt8]) -> Bool {
    let file = Scratch.write(input, to: "scores.csv")
    Scratch.run("stats", file, "--json")
    return Scratch.run("stats", file)
  }

  // MARK: Single files

  /// A trial's CSV files; what is read must be written again as it reads.
  private static func acceptsRecords(_ input: [UInt8]) -> Bool {
    let file = Scratch.write(input, to: "rows.csv")
    return reads(EpisodeRecord.self, file) || reads(UpdateRecord.self, file)
      || reads(EvaluationRecord.self, file) || reads(TimingRecord.self, file)
  }

  private static func reads<Record: CSVRecord>(_ type: Record.Type, _ file: String) -> Bool {
    _ = try? readCSV(type, at: file, through: 3) { _ in 2 }
    guard let rows = try? readCSV(type, at: file) else { return false }
    let text = Record.headerLine + rows.map(\.line).joined()
    let again = try? readCSV(type, at: Scratch.write(Array(text.utf8), to: "again.csv"))
    precondition(again?.map(\.line) == rows.map(\.line), "rows that do not read back")
    return !rows.isEmpty
  }

  /// Games recorded from the real machine: `trace check`.
  private static func acceptsTrace(_ input: [UInt8]) -> Bool {
    guard let trace = try? TraceFile(decoding: input, path: "memory") else { return false }
    precondition((try? TraceFile(decoding: trace.encoded(), path: "memory")) != nil)
    Scratch.run("trace", "check", Scratch.write(input, to: "game.pongtrace"))
    return true
  }

  private static func mutatedTrace(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    guard let trace = try? TraceFile(decoding: input, path: "memory"), draws.happens(2, in: 3)
    else { return nil }
    var acts = Array(trace.acts.prefix(min(400, draws.whole(0...trace.acts.count))))
    if !acts.isEmpty { acts.insert(draws.one(of: acts), at: draws.index(acts.count)) }
    return TraceFile(
      game: trace.game, resetFrameCRC: trace.resetFrameCRC, seed: trace.seed,
      policyName: trace.policyName, acts: acts
    ).encoded()
  }

  /// Replays, as the report's page and picture show them.
  private static func acceptsReplay(_ input: [UInt8]) -> Bool {
    guard let replay = try? ReplayFile(decoding: input, path: "memory") else { return false }
    precondition((try? ReplayFile(decoding: replay.encoded(), path: "memory")) != nil)
    _ = ReplayStream(replay)
    return true
  }

  private static func mutatedReplay(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    guard var replay = try? ReplayFile(decoding: input, path: "memory"), draws.happens(2, in: 3)
    else { return nil }
    replay.frames = Array(replay.frames.prefix(draws.whole(0...200)))
    replay.decisions = Array(replay.decisions.prefix(draws.whole(0...100)))
    if !replay.decisions.isEmpty {
      let place = draws.index(replay.decisions.count)
      replay.decisions[place].frame = draws.whole(0...max(1, replay.frames.count))
      replay.decisions[place].action = UInt8(draws.index(3))
      replay.decisions[place].probability = Double(draws.index(1001)) / 1000
    }
    replay.header.frameCount = replay.frames.count
    replay.header.decisionCount = replay.decisions.count
    return replay.encoded()
  }

  private static func tensors(_ input: [UInt8]) -> Checkpoint? {
    (try? Safetensors.decoded(input, path: "memory")).map {
      Checkpoint(metadata: $0.metadata, tensors: $0.tensors)
    }
  }

  /// Policies for other programs.
  private static func acceptsPolicy(_ input: [UInt8]) -> Bool {
    guard let file = tensors(input) else { return false }
    _ = try? PolicyFile.policy(of: file, path: "memory")
    return (try? PolicyFile.contents(of: file, path: "memory")) != nil
  }

  /// What another program wrote of a training: `import`. Steps rise, whatever the file says.
  private static func importsCurve(_ name: String, _ input: [UInt8]) -> Bool {
    guard let source = try? SourceFile(path: name, contents: input),
      let curve = try? TrialCurve(
        [source], columns: CurveColumns(), unit: StepUnit(.frames, frameSkip: 4), name: "fuzz")
    else { return false }
    var last: EpisodeRecord?
    for row in curve.episodes {
      precondition(row.mayFollow(last), "\(row.line) does not follow \(last?.line ?? "")")
      last = row
    }
    var game: EvaluationRecord?
    for row in curve.evaluations {
      precondition(row.mayFollow(game), "\(row.line) does not follow \(game?.line ?? "")")
      game = row
    }
    return true
  }

  // MARK: A run's folder

  /// Runs that the tests keep of an earlier version, the folder named by `RALLYBOOK_FUZZ_RUNS`.
  private static let files: [String] = {
    guard let source = ProcessInfo.processInfo.environment["RALLYBOOK_FUZZ_RUNS"] else {
      fatalError("RALLYBOOK_FUZZ_RUNS names no folder of runs")
    }
    return Scratch.copyRun(from: source)
  }()

  /// Those of them that are replaced.
  private static let kept = files.filter { $0.hasSuffix(".json") || $0.hasSuffix(".csv") }

  private static func contents(_ file: String) -> [UInt8]? {
    FileManager.default.contents(atPath: Scratch.path("runs/\(file)")).map { [UInt8]($0) }
  }

  /// A checkpoint that is well signed, whatever it holds: it plays, and a game is saved.
  private static func acceptsCheckpoint(_ input: [UInt8]) -> Bool {
    guard let signed = tensors(input)?.encoded(),
      let place = files.first(where: { $0.hasPrefix("pong/") && $0.hasSuffix(".safetensors") })
    else { return false }
    let file = Scratch.write(signed, to: "runs/\(place)")
    Scratch.run("export", file, "--format", "safetensors", "--to", Scratch.path("out.bin"))
    return Scratch.run("play", file, "--episodes", "1")
      && Scratch.run("play", file, "--save", Scratch.path("game.replay"))
  }

  /// The records of a run: the first byte says which file the rest replaces, then the verbs that
  /// read it are asked.
  private static func acceptsStored(_ input: [UInt8]) -> Bool {
    guard let first = input.first else { return false }
    let file = kept[Int(first) % kept.count]
    guard let good = contents(file) else { fatalError("\(file) is gone") }
    defer { _ = Scratch.write(good, to: "runs/\(file)") }
    _ = Scratch.write(Array(input.dropFirst()), to: "runs/\(file)")
    let parts = file.split(separator: "/").map(String.init)
    let runs = ["--runs", Scratch.path("runs")]
    let shown = Scratch.run(["status", parts[0]] + runs)
    Scratch.run(["query", "score > 0 or state = \"failed\"", parts[0], "--json"] + runs)
    if parts.count > 2 { Scratch.run(["show", "\(parts[0])/\(parts[2])"] + runs) }
    if input.count % 8 == 0 {
      Scratch.run(["report", parts[0], "--reports", Scratch.path("reports")] + runs)
      Scratch.run(["export", parts[0], "--output", Scratch.path("exports")] + runs)
    }
    return shown
  }

  private static func mutatedStored(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    let rest = Array(input.dropFirst())
    guard let first = input.first, !rest.isEmpty, !draws.happens(1, in: 20) else {
      let place = draws.index(min(256, kept.count))
      return [UInt8(place)] + (contents(kept[place]) ?? [])
    }
    if kept[Int(first) % kept.count].hasSuffix(".csv") {
      return Mutation.fields(rest, &draws).map { [first] + $0 }
    }
    guard var value = json(rest) else { return nil }
    for _ in 0...draws.index(2) { Mutation.change(&value, &draws) }
    return [first] + bytes(value)
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import Plotting
import RunStore

/// Where the numbers come from and how to get them again.
enum ProvenanceFacts {
  struct Fact {
    let name: String
    let value: String
    var isCode = false
  }

  /// For the PNG and SVG files: all that the page says of it.
  static func notes(_ run: RunSummary) -> [PNGText] {
    [
      PNGText("Software", "Rallybook"), PNGText("Title", run.plan.name),
      PNGText("Source", run.plan.command),
    ] + facts(run).map { PNGText($0.name, $0.value) }
  }

  static func facts(_ run: RunSummary) -> [Fact] {
    let plan = run.plan
    let records = run.trials.compactMap(\.provenance)
    let root = plan.rootSeed == 0 ? "" : "; root seed \(plan.rootSeed)"
    let hashed = run.isImported ? "Imported files, SHA-256 of theirs" : "Experiment file, SHA-256"
    var facts = [
      Fact(name: hashed, value: plan.experimentHash, isCode: true),
      Fact(name: "Seeds", value: named(plan.seeds) + root),
    ]
    if run.isImported {
      facts.append(Fact(name: "Written by", value: run.importedFormats.joined(separator: ", ")))
    }
    func add(_ name: String, isCode: Bool = false, _ value: (Provenance) -> String?) {
      let values = records.compactMap(value).uniqued
      if !values.isEmpty {
        facts.append(Fact(name: name, value: values.joined(separator: "; "), isCode: isCode))
      }
    }
    add("Versions") { "Rallybook \($0.versions.rallybook), Swift \($0.versions.swift)" }
    add("Commit", isCode: true) { record in
      record.git.map {
        ($0.commit.isEmpty ? "none yet" : String($0.commit.prefix(12)))
          + ($0.dirty ? ", with changes" : "")
      }
    }
    add("Machine") {
      "\($0.machine.cpu), \(Numbers.count($0.machine.cores, "core")), \($0.machine.vectorExtension)"
    }
    add("System") { "\($0.machine.os), \($0.machine.kernel)" }
    add("Environment") { record in
      record.settings.isEmpty
        ? nil
        : record.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", ")
    }
    let skipped = run.trials.flatMap { trial in
      (trial.provenance?.sessions ?? []).flatMap { $0.skipped ?? [] }.map {
        "trial \(trial.planned.number), \($0)"
      }
    }
    // Equal trials may differ in it, as in their times.
    if run.includesTiming && !skipped.isEmpty {
      facts.append(
        Fact(
          name: "Checkpoints that were skipped, what they held trained again",
          value: skipped.joined(separator: "; ")))
    }
    return run.includesTiming ? facts + timing(records) : facts
  }

  private static func timing(_ records: [Provenance]) -> [Fact] {
    let sessions = records.flatMap(\.sessions)
    guard let first = sessions.map(\.startedAt).min() else { return [] }
    let wall = sessions.reduce(0) { $0 + $1.wallSeconds }
    let cpu = sessions.reduce(0) { $0 + $1.cpuSeconds }
    let peak = sessions.map(\.peakMemoryBytes).max() ?? 0
    return [
      Fact(name: "From", value: first),
      Fact(name: "To", value: sessions.compactMap(\.endedAt).max() ?? "running"),
      Fact(
        name: "All trials together",
        value: "\(Durations.text(wall)) wall, \(Durations.text(cpu)) CPU"),
      Fact(name: "Peak memory of a trial", value: Numbers.bytes(peak)),
    ]
  }

  private static func named(_ seeds: [Int]) -> String {
    if seeds.count > 2, let first = seeds.first, let last = seeds.last,
      seeds == Array(first..<first + seeds.count)
    {
      return "\(first) to \(last)"
    }
    return seeds.map { "\($0)" }.joined(separator: ", ")
  }
}

extension Section {
  private static let trained =
    "This command gives the same numbers, seed by seed, on the same kind of processor. It runs only"
    + " what is not stored yet."
  private static let imported =
    "Other programs trained these trials; nothing here can verify them. This command reads their"
    + " files again and tells what has changed."

  static func provenance(_ run: RunSummary) -> Section {
    let facts = ProvenanceFacts.facts(run).html {
      """
      <div><dt>\($0.name)</dt><dd\(" class=\"code\"", if: $0.isCode)>\($0.value)</dd></div>

      """
    }
    return Section(
      "provenance", "Provenance",
      """
      <p class="lead">\(run.isImported ? imported : trained)</p>
      <pre class="command" tabindex="0"><code>\(run.plan.command)</code></pre>
      <dl class="facts">
      \(facts)</dl>
      <p class="fine">Intervals are percentile bootstrap intervals at 95\u{A0}%, hypotheses are judged \
      by an interval and a paired sign-flip test with Holm&#39;s correction, and the random numbers \
      of resampling depend only on the experiment&#39;s name and the statistic, so the same trials \
      give the same page.</p>

      """)
  }
}

extension Plan {
  /// The command that runs the same plan; several where some added to it.
  var command: String {
    if let imported {
      return (["rallybook", "import"] + imported.arguments).map(shellWord).joined(separator: " ")
    }
    return commands.map { options in
      // `--set path=value` is stored as one text, and is two words.
      let words = options.flatMap { $0.split(separator: " ", maxSplits: 1).map(String.init) }
      return (["rallybook", "run", experimentFile] + words).map(shellWord).joined(separator: " ")
    }.joined(separator: " && ")
  }
}

/// As a shell reads it back: in single quotes unless it is plain.
package func shellWord(_ word: String) -> String {
  let plain = word.utf8.allSatisfy {
    switch $0 {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_./=,:+@%".utf8.contains($0)
    }
  }
  if plain && !word.isEmpty { return word }
  return "'"
    + word.split(separator: "'", omittingEmptySubsequences: false)
    .joined(separator: "'\\''") + "'"
}

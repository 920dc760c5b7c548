// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Runs of other programs", .serialized)
struct ImportTests {
  /// A folder with what stable-baselines3 itself wrote under `logs`; see `ImportsTests/Fixtures`.
  private static func program() throws -> Program {
    let program = try Program()
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "ImportsTests/Fixtures")
    for name in ["sb3", "cleanrl", "mlflow.db"] {
      try FileManager.default.copyItem(
        at: fixtures.appending(path: name), to: program.folder.appending(path: name))
    }
    return program
  }

  private static let monitors = "sb3/{variant}/seed{seed}/*.monitor.csv"
  private static let evaluations = "sb3/{variant}/seed{seed}/evaluations.npz"

  @Test("They are listed, shown, queried, reported, exported and judged like our own, as imported")
  func asOwn() throws {
    let program = try Self.program()
    defer { program.remove() }
    let done = try program.run("import", "sb3", Self.monitors, Self.evaluations)
    #expect(done.status == 0, "\(done.error)")
    #expect(done.output.contains("2 variants, 4 trials imported; next: rallybook report sb3"))
    #expect(
      done.output.contains("ppo-fast, seed 1: 19 episodes, 603 decisions, 6 evaluation games"))
    let again = try program.run("import", "sb3", Self.monitors, Self.evaluations)
    #expect(again.output.contains("4 trials imported, 4 unchanged"), "\(again.error)")

    #expect(try program.run("list").output.contains("4 imported"))
    let trials = try program.run("list", "sb3").output.split(separator: "\n").dropFirst()
    #expect(trials.count == 4 && trials.allSatisfy { $0.contains("  imported  ") })
    #expect(try program.run("status", "sb3").output.contains("sb3: 4 imported · best mean"))
    let found = try program.run("query", "imported and label = \"ppo\" and score > 0", "--ids")
    let ids = found.output.split(separator: "\n").map(String.init)
    #expect(ids.count == 2, "\(found.error)")
    let shown = try program.run("show", ids[0])
    #expect(shown.output.contains("sb3/ppo/seed0/0.monitor.csv") && shown.status == 0)

    let report = try program.run("report", "sb3")
    #expect(report.status == 0, "\(report.error)")
    let page = try program.text("reports/sb3/index.html")
    #expect(page.contains("All 4 trials imported"))
    #expect(page.contains("rallybook import sb3"))
    #expect(page.contains("nothing here can verify them"))
    #expect(page.contains("stable-baselines3 Monitor"))
    let read = page.replacing(/<script(?s).*?<\/script>/, with: "")
    #expect(!read.contains("p ="))
    // There is no experiment file in which anything could be written.
    #expect(!read.contains("score.range") && !read.contains("experiment file"))

    #expect(try program.run("export", "sb3").status == 0)
    let rows = try program.lines("exports/sb3/curves.csv")
    #expect(rows[0] == "trial,variant,seed,episode,decisions,wallSeconds,runningMean")
    let stats = try program.run("stats", "exports/sb3/trials.csv")
    #expect(stats.status == 0, "\(stats.error)")
    #expect(stats.output.contains("ppo-fast"))
    let events = try program.run("export", "sb3", "--format", "tensorboard", "--output", "tb")
    #expect(events.status == 0, "\(events.error)")
    let back = try program.run(
      "import", "back", "tb/*-{variant}/seed-{seed}/events*", "--steps", "decisions")
    #expect(back.status == 0, "\(back.error)")
    #expect(
      try program.lines("exports/sb3/episodes.csv").count
        == 1
        + (try program.trialFolders("back").reduce(0) { sum, folder in
          sum + (try program.lines("\(folder.path)/episodes.csv").count) - 1
        }))
  }

  @Test("Nothing trains, extends, verifies or plays them")
  func readOnly() throws {
    let program = try Self.program()
    defer { program.remove() }
    try program.run("import", "small", Self.monitors)
    let trial = try #require(try program.trialFolders("small").first).lastPathComponent
    let verified = try program.run("verify", trial)
    #expect(verified.status == 2)
    #expect(
      verified.error.contains("was imported: another program trained it, so it cannot be verified"))
    try program.writeSmall("small", episodes: 4, seeds: 1)
    for words in [["run"], ["run", "--extend", "training.episodes=9"]] {
      let arguments = [words[0], "experiments/small.json"] + words.dropFirst()
      let run = try program.start(arguments).wait()
      #expect(run.status == 4, "\(run.error)")
      #expect(run.error.contains("holds imported trials, which are read only"))
    }
    let played = try program.run("play", "runs/small/trials/\(trial)/checkpoints/1.safetensors")
    #expect(played.status == 2)
    #expect(played.error.contains("was imported: its records are here, and no policy that could"))
    try program.writeSmall("own", episodes: 4, seeds: 2)
    #expect(try program.run("run", "experiments/own.json", "--no-report").status == 0)
    let over = try program.run("import", "own", Self.monitors)
    #expect(over.status == 4 && over.error.contains("runs/own exists and holds no import"))

    let compared = try program.run("compare", "own", "small")
    #expect(compared.status == 0, "\(compared.error)")
    let page = try program.text("reports/compare-own-small/index.html")
    #expect(page.contains("equal seeds are no pairs"))
  }

  @Test("What is asked and not said is an error with the reason, and nothing is written")
  func asked() throws {
    let program = try Self.program()
    defer { program.remove() }
    let pattern = "cleanrl/CartPole-v1__{variant}__{seed}__*"
    let unsaid = try program.run("import", "foreign", pattern)
    #expect(unsaid.status == 2)
    #expect(unsaid.error.contains("what a step counts does not stand in"))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/runs"))
    let frames = try program.run("import", "foreign", pattern, "--steps", "frames")
    #expect(frames.status == 2 && frames.error.contains("--frame-skip N"))
    let said = try program.run("import", "foreign", pattern, "--steps", "decisions")
    #expect(said.status == 0 && said.error.contains("10 points of a training that went on"))
    #expect(
      try program.run("import", "foreign", "logs/{variant}/{seed}", "--steps", "decisions").error
        .contains("nothing fits \"logs\" in this folder"))
    #expect(try program.run("import", "a/b", pattern).status == 2)
  }

  @Test("The ten lines of pandas on the page of exports run on what is exported")
  func pandas() throws {
    let program = try Self.program()
    defer { program.remove() }
    try program.run("import", "tracked", "mlflow.db/{variant}-seed{seed}", "--steps", "decisions")
    #expect(try program.run("export", "tracked").status == 0)
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let page = try String(
      contentsOf: root.appending(path: "docs/reference/export.md"), encoding: .utf8)
    let code = try #require(
      page.components(separatedBy: "```").first { $0.hasPrefix("python\nimport sys, pandas") })
    let printed = try Tools.runPython(
      String(code.dropFirst(7)), [program.folder.path + "/exports/tracked"])
    #expect(printed.contains("a2c") && printed.contains("ppo") && printed.contains("count"))
    #expect(printed.split(separator: "\n").count == 2 + 2 + 4 + 3)
  }
}

// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import Foundation
import Report
import RunStore
import Testing

@Suite("Templates") struct TemplateTests {
  @Test("Every tag of every template has a value, seen from where it stands")
  func tagsHaveValues() throws {
    var crowded = SyntheticRun.Recipe()
    crowded.labels = (0..<9).map { "variant \($0)" }
    crowded.seeds = [0, 1]
    crowded.episodes = 100
    crowded.states = [2: .failed]
    crowded.curve = { variant, share in variant == 0 ? -40 : -20 + 30 * share }
    var stuck = SyntheticRun.Recipe()
    stuck.curve = { _, _ in -40 }
    stuck.states = [2: .failed]
    // Without a scale of the score, and with notes that are older than the data.
    var unscaled = SyntheticRun.Recipe()
    unscaled.metric = .episodesToThreshold
    unscaled.episodes = 200
    // With a figure too tall to be drawn, and a variant without a score.
    var tall = SyntheticRun.Recipe()
    tall.states = [1: .failed, 2: .failed, 3: .failed]
    tall.tensors = { _ in
      [
        Tensor(
          name: "policy.w1", shape: [4_000, 1, 2, 2], values: .init(repeating: 1, count: 16_000)),
        Tensor(name: "policy.w2", shape: [1, 4_000], values: .init(repeating: 1, count: 4_000)),
      ]
    }
    var walk = TemplateWalk()
    for recipe in [crowded, stuck, unscaled, tall, SyntheticRun.Recipe()] {
      let scratch = try Scratch()
      let run = try SyntheticRun(in: scratch.path, recipe)
      if recipe.metric == .episodesToThreshold {
        try run.folder.recordNotes(of: RunSnapshot(run.folder))
        let trial = run.folder.trial(run.plan.trials[0].id)
        var status = try #require(try trial.readStatus())
        status.evaluated += 1
        try trial.writeStatus(status)
      }
      let page = try reportPage(
        of: run.folder, beside: "\(scratch.path)/report",
        options: ReportOptions(catalogue: SyntheticRun.catalogue))
      try walk.visit("page", with: page)
    }
    let searched = try Scratch()
    try walk.visit(
      "page",
      with: try reportPage(
        of: SyntheticRun.searched(in: searched.path), beside: "\(searched.path)/report"))
    let scratch = try Scratch()
    let run = try SyntheticRun(in: scratch.path, crowded)
    let id = run.plan.trials[0].id
    try walk.visit(
      "compare",
      with: try comparePage(
        of: ComparedRun(run: run.folder, trial: nil), and: ComparedRun(run: run.folder, trial: id),
        beside: "\(scratch.path)/compare"))
    try Disk.makeFolder("\(scratch.path)/reports")
    _ = try renderReport(of: run.folder, to: "\(scratch.path)/reports/one")
    try walk.visit("index", with: try indexPage(of: "\(scratch.path)/reports"))
    try walk.visit(
      "game",
      with: try playerView(
        of: SyntheticRun.replay(checkpoint: 9, trace: nil),
        policy: SyntheticRun.checkpoint(episode: 9, seed: 1), title: "t"))
    #expect(walk.missing.isEmpty, "\(walk.missing.sorted())")
    #expect(walk.unseen.isEmpty, "no run reaches \(walk.unseen)")
  }

  @Test("Every part that a template names exists")
  func partsExist() {
    let names = Set(PageTemplates.sources.map(\.name))
    for source in PageTemplates.sources {
      for piece in source.text.components(separatedBy: "{{>").dropFirst() {
        let name = piece.prefix { $0 != "}" }.trimmingCharacters(in: .whitespaces)
        #expect(names.contains(name), "\(source.name) asks for \(name)")
      }
    }
  }

  @Test("Only Markdown, style and script go into the page as they are")
  func rawTags() {
    let raw = PageTemplates.sources.flatMap { source in
      source.text.components(separatedBy: "{{{").dropFirst().map {
        "\(source.name): \($0.prefix { $0 != "}" })"
      }
    }
    #expect(
      raw.sorted() == [
        "answer: .", "compare: script", "compare: styleSheet", "game: script", "game: styleSheet",
        "index: styleSheet", "notes: html", "page: script", "page: styleSheet",
      ])
  }
}

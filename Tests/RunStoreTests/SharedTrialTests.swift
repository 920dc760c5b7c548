// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import Testing

@Suite("Folders that were copied together: duplicates are recognized, conflicts named")
struct SharedTrialTests {
  @Test("A copy under another name is held against its trial")
  func copies() throws {
    let stored = try SampleRun(seeds: 4)
    let ids = (0..<4).map { SampleRun.id(seed: $0) }
    for (seed, episodes) in [(0, 20), (1, 25), (2, 11)] {
      try stored.write(
        seed: seed, episodes: episodes, to: stored.folder.trial("\(ids[seed]) (copy)"))
    }
    let conflict = stored.folder.trial("\(ids[3])~")
    try stored.write(seed: 3, episodes: 20, to: conflict)
    let text = try String(contentsOfFile: conflict.episodesPath, encoding: .utf8)
    let line = text.split(separator: "\n")[7]
    try text.replacing(line, with: "7,70,210,99,10").write(
      toFile: conflict.episodesPath, atomically: true, encoding: .utf8)

    let run = try StoredRun(stored.folder)
    #expect(run.copies.count == 4 && run.foreign.isEmpty)
    let twice = StoredTwice.all(in: [run])
    let compared = Dictionary(uniqueKeysWithValues: twice.map { ($0.id, $0.comparison) })
    #expect(compared[ids[0]] == .same)
    #expect(compared[ids[1]] == .further(lines: 5))
    #expect(compared[ids[2]] == .behind(lines: 9))
    #expect(
      compared[ids[3]]
        == .conflict(file: "episodes.csv", line: 8, this: "7,70,210,99,10", other: String(line)))
    #expect(twice.filter(\.isConflict).map(\.id) == [ids[3]])
    #expect(twice.allSatisfy { $0.isCopy && $0.other == stored.folder.trial($0.id) })
  }

  @Test("The same trial in two runs is recognized by its records")
  func twoRuns() throws {
    let first = try SampleRun(seeds: 3, name: "first")
    let second = try SampleRun(seeds: 5, stored: 2, name: "second")
    try second.write(seed: 1, episodes: 30)
    let copy = second.folder.trial("theirs")
    try second.write(seed: 2, episodes: 20, to: copy)
    let twice = StoredTwice.all(in: [try StoredRun(first.folder), try StoredRun(second.folder)])
    let compared = Dictionary(uniqueKeysWithValues: twice.map { ($0.id, $0.comparison) })
    #expect(
      compared == [
        SampleRun.id(seed: 0): .same, SampleRun.id(seed: 1): .further(lines: 10),
        SampleRun.id(seed: 2): .same,
      ])
    // Its own run has no such trial: it is held against the other run's.
    #expect(twice[0].folder == copy && twice[0].other == first.trial(2))
  }

  @Test("A folder in which two copies were mixed says so and has no score")
  func mixed() throws {
    let stored = try SampleRun(seeds: 1)
    let path = stored.trial(0).episodesPath
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    try lines.prefix(11).map { $0 + "\n" }.joined().write(
      toFile: path, atomically: true, encoding: .utf8)
    let trial = try StoredRun(stored.folder).trials[0]
    #expect(trial.measures.score == nil)
    #expect(
      trial.measures.problem?.contains(
        "episodes.csv: is damaged\n  found: 10 of 20 episodes that were recorded\n"
      )
        == true)
  }

  @Test("A return that is no number leaves neither a score nor a mean, not that of the others")
  func noNumber() throws {
    let stored = try SampleRun(seeds: 1)
    let path = stored.trial(0).episodesPath
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing(/(?m)^(20,200,600),[^,]*/) { "\($0.output.1),nan" }
      .write(toFile: path, atomically: true, encoding: .utf8)
    let measures = try StoredRun(stored.folder).trials[0].measures
    #expect(measures.problem == nil && measures.score == nil && measures.finalMean == nil)
  }
}

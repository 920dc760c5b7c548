// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@testable import RunStore

@Suite struct TrialFolderTests {
  @Test("An error is one line where a status keeps it, and lines where a person reads it")
  func errorInALine() {
    let error = RunStoreError(
      .damagedRecord, path: "a/provenance.json", found: "2 bytes", allowed: "JSON", remedy: "go")
    #expect(error.sentence == "a/provenance.json: is damaged; found: 2 bytes; allowed: JSON; go")
    #expect(
      error.description
        == "error[damaged-record]: a/provenance.json: is damaged\n  found: 2 bytes\n  allowed: JSON\n  go"
    )
  }

  @Test("The status is written with every key, sorted, and read back")
  func statusRoundTrip() throws {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: "\(temporary.path)/\(SamplePlan.id(seed: 0))")
    try folder.create()
    #expect(try folder.readStatus() == nil)
    var status = SamplePlan.status(
      .running, process: ProcessIdentity(pid: 7, startTicks: 8, bootId: "b"))
    status.smoothedMean = .nan
    try folder.writeStatus(status)
    #expect(
      String(decoding: try Disk.read(folder.statusPath), as: UTF8.self) == """
        {
          "decisions" : 12345,
          "episodes" : 2000,
          "evaluated" : 0,
          "formatVersion" : 1,
          "host" : null,
          "message" : null,
          "process" : {
            "bootId" : "b",
            "pid" : 7,
            "startTicks" : 8
          },
          "smoothedMean" : null,
          "startedAt" : "2026-11-24T06:39:00Z",
          "state" : "running",
          "targetEpisodes" : 2000,
          "updatedAt" : "2026-11-24T06:40:00Z"
        }

        """)
    status.smoothedMean = nil
    #expect(try folder.readStatus() == status)
  }

  @Test("A trial of a run that was moved away is not begun again at the old place")
  func moved() throws {
    let temporary = try TemporaryFolder()
    let gone = RunFolder(runs: temporary.path, name: "gone").trial("0123456789ab")
    let error = #expect(throws: RunStoreError.self) { try gone.record(.failed, reason: "why") }
    #expect(error?.found == "no folder \(temporary.path)/gone")
    #expect(!Disk.isPresent("\(temporary.path)/gone"))
  }

  @Test("The provenance is read as it was written")
  func provenanceRoundTrip() throws {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: temporary.path)
    let session = Provenance.Session(
      startedAt: "2026-11-24T06:39:00Z", endedAt: nil, wallSeconds: 1.5, cpuSeconds: 1.25,
      peakMemoryBytes: 1 << 20, fromEpisode: 0, toEpisode: 10)
    let provenance = Provenance(
      versions: .init(rallybook: "0.1.0", swift: "6.3.1", format: 1), experimentHash: "ab",
      git: nil, machine: .current(), settings: ["rom": "none"], sessions: [session])
    try folder.writeProvenance(provenance)
    #expect(try folder.readProvenance() == provenance)
  }

  @Test("Records of a later format are refused, whatever else stands in them")
  func laterFormats() throws {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: temporary.path)
    let versions = "{\"versions\":{\"format\":2,\"rallybook\":\"9\"}}"
    try AtomicFile.write(Array(versions.utf8), to: folder.provenancePath)
    let provenance = #expect(throws: RunStoreError.self) { try folder.readProvenance() }
    #expect(provenance?.code == .newerFormat)
    #expect(provenance?.found == "versions.format 2")
    let run = RunFolder(path: temporary.path)
    try AtomicFile.write(Array("{\"formatVersion\":2}".utf8), to: run.notesPath)
    let notes = #expect(throws: RunStoreError.self) { try run.readNotesRecord() }
    #expect(notes?.code == .newerFormat)
    #expect(notes?.allowed == "at most 1")
  }

  @Test("A file where the folder of the runs should be is bad input")
  func runsThatAreAFile() throws {
    let temporary = try TemporaryFolder()
    let file = "\(temporary.path)/runs"
    try AtomicFile.write([], to: file)
    let error = #expect(throws: RunStoreError.self) { try RunFolder.names(in: file) }
    #expect(error?.exitStatus == 2)
    #expect(
      error?.description
        == "error[not-a-folder]: \(file): is not a folder\n  allowed: the folder of the runs")
  }

  @Test("Checkpoints are listed by their episodes; other files are not among them")
  func checkpoints() throws {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: temporary.path)
    try folder.create()
    #expect(folder.checkpointPath(episodes: 500).hasSuffix("/checkpoints/000500.safetensors"))
    #expect(folder.replayPath(episodes: 1_234_567).hasSuffix("/replays/1234567.replay"))
    for episodes in [1_000_000, 500, 20_000] {
      try AtomicFile.write([], to: folder.checkpointPath(episodes: episodes))
    }
    for name in [".000700.safetensors.partial-1-0", "notes.txt", "x.safetensors"] {
      try temporary.write("", to: "checkpoints/\(name)")
    }
    #expect(try folder.checkpoints().map(\.episodes) == [500, 20_000, 1_000_000])
    #expect(try folder.replays().isEmpty)
  }

  @Test("A configuration of another trial is found out")
  func identity() throws {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: "\(temporary.path)/\(SamplePlan.id(seed: 0))")
    try folder.create()
    #expect(try !folder.verifyIdentity())
    try folder.writeConfig(SamplePlan.config(seed: 0))
    #expect(try folder.verifyIdentity())
    try AtomicFile.write(SamplePlan.config(seed: 1), to: folder.configPath)
    let error = #expect(throws: RunStoreError.self) { try folder.verifyIdentity() }
    #expect(error?.exitStatus == 4)
    #expect(
      error?.description == """
        error[identity-mismatch]: \(folder.path): holds a configuration that does not match the \
        folder's name
          found: config.json with SHA-256 \(SamplePlan.id(seed: 1))…
          allowed: config.json with SHA-256 \(SamplePlan.id(seed: 0))…
          move the folder away; the trial will then be trained again
        """)
  }

  @Test(
    "Only twelve lowercase hexadecimal digits name a trial",
    arguments: [
      ("0123456789ab", true), ("0123456789aB", false), ("0123456789a", false),
      ("0123456789abc", false), ("0123456789ag", false), ("", false),
    ])
  func identifiers(name: String, isOne: Bool) {
    #expect(TrialFolder.isIdentifier(name) == isOne)
  }
}

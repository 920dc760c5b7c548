// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@testable import RunStore

@Suite("Sessions carry their own program, commit and machine")
struct ProvenanceTests {
  static func session(
    _ from: Int, _ to: Int, commit: String, ended: Bool = true
  ) -> Provenance.Session {
    Provenance.Session(
      startedAt: "2026-11-24T06:39:00Z", endedAt: ended ? "2026-11-24T06:40:00Z" : nil,
      wallSeconds: 1, cpuSeconds: 1, peakMemoryBytes: 1, fromEpisode: from, toEpisode: to,
      versions: .init(rallybook: commit, swift: "6.3", format: 1),
      git: GitState(commit: commit, dirty: true),
      machine: MachineFacts(
        cpu: "CPU \(commit)", cores: 2, kernel: "Linux", os: "Debian", vectorExtension: "avx2"),
      experimentHash: commit, binary: commit)
  }

  /// As the first version wrote it: one program, commit and machine for all sessions.
  static let first = """
    {"versions":{"rallybook":"0.1.0","swift":"6.3","format":1},"experimentHash":"old",
     "git":{"commit":"old","dirty":false},
     "machine":{"cpu":"old","cores":2,"kernel":"k","os":"o","vectorExtension":"avx2"},
     "settings":{"evaluation.mode":"sample"},
     "sessions":[{"startedAt":"2026-11-24T06:39:00Z","endedAt":"2026-11-24T06:40:00Z",
       "wallSeconds":1,"cpuSeconds":1,"peakMemoryBytes":1,"fromEpisode":0,"toEpisode":20}]}
    """

  @Test("A record of the first layout is read, and a new session replaces nothing in it")
  func older() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.first, to: "provenance.json")
    let trial = TrialFolder(path: folder.path)
    var record = try #require(try trial.readProvenance())
    #expect(record.sessions[0].versions == nil)
    #expect(record.completeSessions[0].git?.commit == "old")
    record.begin(Self.session(20, 20, commit: "new"))
    try trial.writeProvenance(record)
    let read = try #require(try trial.readProvenance())
    #expect(read == record)
    #expect(read.git?.commit == "new")
    #expect(read.sessions.map { $0.git?.commit } == ["old", "new"])
    #expect(read.sessions.map { $0.machine?.cpu } == ["old", "CPU new"])
    #expect(read.sessions.map(\.experimentHash) == ["old", "new"])
    // The new session only evaluated: what trained is still the old one.
    #expect(read.trainingSession?.git?.commit == "old")
    #expect(read.trainingSession?.versions?.rallybook == "0.1.0")
  }

  @Test("The sessions that trained are told apart; a killed one may have")
  func trained() {
    var record = Provenance(
      versions: .init(rallybook: "", swift: "", format: 1), experimentHash: "", git: nil,
      machine: Self.session(0, 0, commit: "a").machine
        ?? MachineFacts(cpu: "", cores: 1, kernel: "", os: "", vectorExtension: ""))
    #expect(record.trainingSession == nil)
    record.begin(Self.session(0, 10, commit: "a"))
    record.begin(Self.session(10, 10, commit: "b", ended: false))
    record.begin(Self.session(10, 20, commit: "c"))
    record.begin(Self.session(20, 20, commit: "d"))
    #expect(record.trainingSessions.map(\.experimentHash) == ["a", "b", "c"])
    #expect(record.versions.rallybook == "d")
  }

  @Test("The build id is read out of an ELF file, and out of nothing else")
  func buildID() {
    // A header, one program header of type PT_NOTE, and in it two notes.
    var file = [UInt8](repeating: 0, count: 200)
    file.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    func put(_ value: Int, at place: Int, bytes: Int) {
      for i in 0..<bytes { file[place + i] = UInt8(value >> (8 * i) & 0xFF) }
    }
    put(64, at: 32, bytes: 8)  // where the program headers stand
    put(56, at: 54, bytes: 2)
    put(1, at: 56, bytes: 2)
    put(4, at: 64, bytes: 4)  // PT_NOTE
    put(120, at: 72, bytes: 8)
    put(60, at: 96, bytes: 8)
    put(4, at: 120, bytes: 4)  // another note: name of 4, value of 4, type 1
    put(4, at: 124, bytes: 4)
    put(1, at: 128, bytes: 4)
    put(4, at: 140, bytes: 4)  // the build id: name of 4, value of 20, type 3
    put(20, at: 144, bytes: 4)
    put(3, at: 148, bytes: 4)
    file.replaceSubrange(152..<156, with: Array("GNU\0".utf8))
    for i in 0..<20 { file[156 + i] = UInt8(i + 9) }
    #expect(BinaryIdentity.buildID(inELF: file) == "090a0b0c0d0e0f10")
    for count in 0..<file.count {
      // Cut anywhere: an answer or none, never a trap.
      let id = BinaryIdentity.buildID(inELF: Array(file[..<count]))
      #expect(id == nil || count >= 176)
    }
    #expect(BinaryIdentity.buildID(inELF: Array("#!/bin/sh\n".utf8)) == nil)
  }
}

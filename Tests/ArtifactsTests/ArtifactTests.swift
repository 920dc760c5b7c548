// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Artifacts

@Suite("Stored files")
struct ArtifactTests {
  static let checkpoint = Checkpoint(
    metadata: ["format": "test", "note": "quotes \" and \\ and\nlines", "trial": "1a2b"],
    tensors: [
      Tensor(name: "policy.w1", shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 1e-30]),
      Tensor(name: "policy.w2", shape: [1, 2], values: [0.1, -0.1]),
    ])

  @Test("A checkpoint reads back as it was written, and the same bytes come out again")
  func roundTrip() throws {
    let bytes = Self.checkpoint.encoded()
    let read = try Checkpoint(decoding: bytes, path: "memory")
    #expect(read == Self.checkpoint)
    #expect(read.encoded() == bytes)
  }

  @Test("A checkpoint is a safetensors file that other programs can read")
  func safetensors() throws {
    let bytes = Self.checkpoint.encoded()
    let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    let w2 = try #require(header["policy.w2"] as? [String: Any])
    #expect(w2["dtype"] as? String == "F32")
    #expect(w2["shape"] as? [Int] == [1, 2])
    #expect(w2["data_offsets"] as? [Int] == [24, 32])
    #expect(bytes.count == 8 + length + 32)
  }

  @Test("One flipped bit anywhere is noticed")
  func everyBit() {
    let bytes = Self.checkpoint.encoded()
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      #expect(throws: ArtifactError.self) { try Checkpoint(decoding: damaged, path: "memory") }
    }
  }

  @Test("A checkpoint cut short anywhere is noticed")
  func everyLength() {
    let bytes = Self.checkpoint.encoded()
    for count in 0..<bytes.count {
      #expect(throws: ArtifactError.self) {
        try Checkpoint(decoding: Array(bytes.prefix(count)), path: "memory")
      }
    }
  }

  @Test("A replay reads back as it was written; a cut one is refused")
  func replay() throws {
    let header = ReplayFile.Header(
      environment: "pong", checkpoint: 10, episode: 1, return: -21, actions: ["RIGHT", "LEFT"],
      units: 2, frameCount: 2, decisionCount: 1)
    let frame = ReplayFile.Frame(
      playerY: 1, robotY: 2, ballX: 3, ballY: 4, computerScore: 5, playerScore: 6)
    let decision = ReplayFile.Decision(
      frame: 1, probability: 1, action: 1, reward: -1, units: [199, 3])
    let replay = ReplayFile(header: header, frames: [frame, frame], decisions: [decision])
    let bytes = replay.encoded()
    #expect(try ReplayFile(decoding: bytes, path: "memory") == replay)
    for count in 0..<bytes.count {
      #expect(throws: ArtifactError.self) {
        try ReplayFile(decoding: Array(bytes.prefix(count)), path: "memory")
      }
    }
  }

  @Test("A trace whose policy's name is no UTF-8 is refused")
  func traceName() throws {
    let act = TraceFile.Act(
      action: 3, reward: 0, rightY: 1, leftY: 2, ballX: 3, ballY: 4, leftScore: 5, rightScore: 6,
      frameCRC: 7)
    var file = TraceFile(resetFrameCRC: 1, seed: 2, policyName: "follow", acts: [act]).encoded()
    let read = try TraceFile(decoding: file, path: "memory")
    #expect(read.policyName == "follow" && read.finalScores.right == 6)
    file[33] = 0xFF
    let error = #expect(throws: ArtifactError.self) { try TraceFile(decoding: file, path: "m") }
    #expect(error?.code == .damaged)
    #expect(
      error?.detail == "the policy's name is no UTF-8: [102, 255, 108, 108, 111, 119]")
  }

  @Test("A trace of two players keeps both; of another game than 3 and 4 it is refused")
  func traceOfTwo() throws {
    let acts = (0..<3).map { i in
      TraceFile.Act(
        action: 3, reward: -1, rightY: 1, leftY: 2, ballX: 3, ballY: 4, leftScore: 5,
        rightScore: 6, frameCRC: 0x0807_0605,
        second: .init(action: 12, reward: 1, serveTimer: UInt8(60 + i), liveFire: 1))
    }
    let trace = TraceFile(
      game: 4, resetFrameCRC: 9, seed: 8, policyName: "follow/rally", acts: acts)
    var file = trace.encoded()
    #expect(file[64...79] == [3, 12, 255, 1, 1, 2, 3, 4, 5, 6, 60, 1, 5, 6, 7, 8])
    #expect(try TraceFile(decoding: file, path: "memory") == trace)
    file[22] = 5
    let error = #expect(throws: ArtifactError.self) { try TraceFile(decoding: file, path: "m") }
    #expect(error?.detail == "its game of two players is number 5; allowed: 3, 4")
  }

  @Test("CSV rows read back; a line that was never finished is left out; a bad one is named")
  func csv() throws {
    let path = NSTemporaryDirectory() + "rallybook-csv-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let rows = (1...3).map {
      EpisodeRecord(episode: $0, decisions: $0 * 1000, frames: $0 * 3000, return: -20.5, length: 7)
    }
    let text = EpisodeRecord.headerLine + rows.map(\.line).joined()
    try (text + "4,4000,12").write(toFile: path, atomically: false, encoding: .utf8)
    #expect(try readCSV(EpisodeRecord.self, at: path) == rows)
    try (text + "4,x,1,1,1\n").write(toFile: path, atomically: false, encoding: .utf8)
    let error = #expect(throws: ArtifactError.self) { try readCSV(EpisodeRecord.self, at: path) }
    #expect(error?.detail == "line 5 cannot be read: 4,x,1,1,1")
  }

  @Test("Fields that were not measured stay empty")
  func emptyFields() throws {
    var row = UpdateRecord(update: 1, episode: 10, decisions: 12_345)
    row.entropy = 0.6931
    #expect(row.line == "1,10,12345,,,0.6931,,,,,,,,,,,,\n")
  }
}

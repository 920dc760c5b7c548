// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Artifacts

@Suite("A replay is shown as it was played, or refused in words")
struct ReplayReadingTests {
  static func replay() -> ReplayFile {
    let frame = ReplayFile.Frame(
      playerY: 1, robotY: 2, ballX: 3, ballY: 4, computerScore: 5, playerScore: 6)
    let decisions = [0, 2].map {
      ReplayFile.Decision(frame: $0, probability: 1, action: 1, reward: 0, units: [])
    }
    return ReplayFile(
      header: .init(
        environment: "pong", checkpoint: 10, episode: 1, return: -21, actions: ["RIGHT", "LEFT"],
        units: 0, frameCount: 3, decisionCount: 2),
      frames: [frame, frame, frame], decisions: decisions)
  }

  static func refusal(_ change: (inout ReplayFile) -> Void) -> String? {
    var replay = replay()
    change(&replay)
    let error = #expect(throws: ArtifactError.self) {
      try ReplayFile(decoding: replay.encoded(), path: "memory")
    }
    return error?.detail
  }

  @Test("A layout of a later version")
  func later() throws {
    #expect(try ReplayFile(decoding: Self.replay().encoded(), path: "memory") == Self.replay())
    #expect(
      Self.refusal { $0.header.formatVersion = 4 } == "a replay of format 4; allowed: 1 to 3")
    #expect(Self.refusal { $0.header.formatVersion = 0 }?.hasPrefix("a replay of format 0") == true)
  }

  @Test("A window is kept with each decision; one that leaves the screen is refused")
  func window() throws {
    var replay = Self.replay()
    (replay.header.formatVersion, replay.header.window) = (3, .init(height: 48, width: 40))
    replay.decisions[0].gaze = .init(top: 35, left: 0)
    replay.decisions[1].gaze = .init(top: 162, left: 120)
    #expect(try ReplayFile(decoding: replay.encoded(), path: "memory") == replay)
    let plain = Self.replay().encoded().count
    #expect(replay.encoded().count > plain + 2 * 2)
    for (top, left) in [(163, 120), (162, 121)] as [(UInt8, UInt8)] {
      replay.decisions[1].gaze = .init(top: top, left: left)
      let error = #expect(throws: ArtifactError.self) {
        try ReplayFile(decoding: replay.encoded(), path: "memory")
      }
      #expect(
        error?.detail
          == "decision 2 looks at 48 × 40 pixels from row \(top), column \(left) on; the screen has "
          + "210 × 160")
    }
    replay.header.window?.height = 211
    let error = #expect(throws: ArtifactError.self) {
      try ReplayFile(decoding: replay.encoded(), path: "memory")
    }
    #expect(error?.detail.contains("makes no sense") == true)
  }

  @Test("Decisions of frames or actions that there are not, or out of order")
  func decisions() {
    #expect(
      Self.refusal { $0.decisions[1].frame = 3 }
        == "decision 2 is of frame 3, action 1; it has 3 frames and 2 actions")
    #expect(Self.refusal { $0.decisions[0].action = 2 }?.hasPrefix("decision 1 is of") == true)
    #expect(Self.refusal { $0.decisions.reverse() }?.hasPrefix("decision 2 is of") == true)
    #expect(Self.refusal { $0.header.actions = [] }?.contains("makes no sense") == true)
  }
}

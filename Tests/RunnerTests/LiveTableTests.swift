// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import Testing

@testable import Runner

@Suite(.serialized) struct LiveTableTests {
  private let style = TerminalStyle(usesColor: false, usesUnicode: true)

  private func written(_ body: (Int32) throws -> Void) throws -> String {
    let pipe = Pipe()
    try body(pipe.fileHandleForWriting.fileDescriptor)
    try pipe.fileHandleForWriting.close()
    return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test("Frames are drawn in place, a trial that ended stays above, the cursor comes back")
  func frames() throws {
    let text = try written { descriptor in
      var table = LiveTable(descriptor: descriptor, style: style)
      table.receive(.began(try FakeRun.batch(seeds: 1), workers: 1), at: 0)
      table.receive(.started(job: 0, pid: 1), at: 0)
      table.receive(.ended(job: 0, .init(result: .finished, status: nil, seconds: 3)), at: 3)
      table.receive(.done(BatchOutcome()), at: 3)
    }
    let begin = "\u{1B}[?2026h\r"
    let end = "\u{1B}[J\u{1B}[?2026l"
    let frames = text.components(separatedBy: end)
    #expect(frames.count == 5)
    #expect(frames[0].hasPrefix("\u{1B}[?25l" + begin + "fake: 1 trial · 1 to run, 1 at a time"))
    // One line was there, then three: heading, trial, sum.
    #expect(frames[1].hasPrefix(begin + "\u{1B}[1A trial "))
    #expect(
      frames[2].hasPrefix(
        begin + "\u{1B}[3A ✓ discount off · normalize episode  seed 0  3 s\u{1B}[K\n"))
    #expect(frames[3] == begin + "\u{1B}[1A")
    #expect(frames[4] == "\u{1B}[?25h")
  }

  @Test("Nothing is written while nothing changes")
  func stillness() throws {
    let text = try written { descriptor in
      var table = LiveTable(descriptor: descriptor, style: style)
      // Of these times the tenths of a second are not shown.
      table.receive(.began(try FakeRun.batch(seeds: 1), workers: 1), at: 100)
      for step in 0..<100 { table.receive(.tick, at: 100 + Double(step) * 0.004) }
      table.receive(.suspending, at: 101)
    }
    #expect(text.components(separatedBy: "\u{1B}[?2026h").count == 3)
    #expect(text.hasSuffix("\u{1B}[?25h"))
  }

  @Test("The cursor comes back when the process dies of a trap")
  func trap() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var table = LiveTable(style: .init(usesColor: false, usesUnicode: true))
      table.receive(.began(try FakeRun.batch(seeds: 1), workers: 1), at: 0)
      preconditionFailure("as a bug would")
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("\u{1B}[?25l"))
    #expect(text.contains("\u{1B}[?25h"))
  }
}

// SPDX-License-Identifier: MIT

import Runner
import Testing

@Suite struct OutputTailTests {
  /// As Swift 6.3 writes it, cut.
  private static let report = """
    before it
    *** Signal 4: Backtracing from 0x55e7c5daccf8... done ***

    *** Swift runtime failure: precondition failure ***

    Thread 0 "rallybook":

      0      0x00007fd9e0e5a301 sigsuspend + 65 in libc.so.6

    Thread 1 "oot.default-qos" crashed:

      0 [inlined] [system] 0x000055e7c5daccf8 Swift runtime failure: precondition failure in rallybook at //<compiler-generated>
      1                    0x000055e7c5daccf8 specialized NetworkLayout.init(inputs:outputs:) + 1096 in rallybook at /a/Sources/Policies/NetworkLayout.swift:35:5
      2 [ra]               0x000055e7c5daa703 Network.init(form:) + 162 in rallybook at /a/Sources/Policies/Network.swift:57:14

    Backtrace took 6.93s

    """

  private func text(_ output: String, block: Int) -> String {
    var tail = OutputTail()
    var rest = Array(output.utf8)[...]
    while !rest.isEmpty {
      tail.add(rest.prefix(block))
      rest = rest.dropFirst(block)
    }
    return tail.text()
  }

  @Test("A backtrace is told by what failed and the first place of ours", arguments: [7, 100_000])
  func backtrace(block: Int) {
    let padding = String(repeating: "  9 0x00 something + 1 in libc.so.6\n", count: 2000)
    #expect(
      text(Self.report + padding, block: block) == """
        Swift runtime failure: precondition failure in NetworkLayout.init(inputs:outputs:), \
        NetworkLayout.swift:35
        """)
  }

  @Test("A fatal error's own sentence is kept whole; what is no crash is told by its last lines")
  func others() {
    let fatal = "rallybook/Network.swift:57: Fatal error: a row of 9 entries, allowed: 8\n"
    #expect(text(fatal, block: 10) == "Fatal error: a row of 9 entries, allowed: 8")
    #expect(text("error: one\n\nerror: two\n", block: 10) == "error: one\nerror: two")
  }

  @Test("The tail keeps the last lines only, and survives bytes that are no text")
  func tail() {
    var tail = OutputTail(limit: 64)
    for number in 0..<1_000 { tail.add(Array("line \(number)\n\n".utf8)) }
    #expect(tail.text(lines: 2) == "line 998\nline 999")
    tail.add([0xFF, 0xFE, 0x0A])
    #expect(tail.text(lines: 1) == "\u{FFFD}\u{FFFD}")
    #expect(OutputTail().text() == "")
  }

  @Test("A line without end takes bounded memory; the crash after it is still found")
  func endless() {
    var tail = OutputTail()
    for _ in 0..<100 { tail.add([UInt8](repeating: 65, count: 10_000)) }
    tail.add(Array("\nFatal error: a row\n".utf8))
    #expect(tail.text() == "Fatal error: a row")
  }
}

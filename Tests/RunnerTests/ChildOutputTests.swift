// SPDX-License-Identifier: MIT

import RunStore
import Runner
import Testing

@Suite struct ChildOutputTests {
  @Test("Lines come whole whatever the pieces", arguments: 1...7)
  func pieces(size: Int) {
    let text = Array("first\n\nthird, longer\nrest".utf8)
    var splitter = LineSplitter()
    var lines: [String] = []
    for start in stride(from: 0, to: text.count, by: size) {
      lines += splitter.lines(adding: text[start..<min(start + size, text.count)])
        .map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(lines == ["first", "", "third, longer"])
  }

  @Test("A line without end takes bounded memory and is dropped, the next is whole")
  func endless() {
    var splitter = LineSplitter()
    for _ in 0..<100 {
      #expect(splitter.lines(adding: [UInt8](repeating: 65, count: 10_000)).isEmpty)
    }
    let lines = splitter.lines(adding: Array("\nnext\n".utf8))
    #expect(lines == [Array("next".utf8)])
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

  @Test(
    "Anything but a sensible progress object is ignored",
    arguments: [
      "", "hello", "{}", "{\"episodes\":-1}", "{\"episodes\":\"1\"}", "[1]", "{\"episodes\":1",
      "{\"episodes\":1,\"phase\":\"sleeping\"}", "\u{0}", "{\"episodes\":1e400}",
    ])
  func garbage(line: String) {
    #expect(ProgressLine(line: Array(line.utf8)) == nil)
  }

  @Test("A progress object is read; unknown keys are left aside")
  func progress() {
    let text =
      #"{"episodes":5,"decisions":900,"smoothedMean":null,"rate":1.5,"phase":"training","x":1}"#
    #expect(
      ProgressLine(line: Array(text.utf8))
        == ProgressLine(episodes: 5, decisions: 900, rate: 1.5, phase: .training))
  }

  private func status(_ state: TrialStatus.State, message: String? = nil) -> TrialStatus {
    TrialStatus(
      state: state, episodes: 1, targetEpisodes: 1, decisions: 1, smoothedMean: nil, evaluated: 0,
      message: message, process: .current, startedAt: "", updatedAt: "")
  }

  @Test("How an attempt ended follows from the exit status and the trial's own record")
  func ends() {
    func end(_ termination: ChildTermination, _ status: TrialStatus?, _ tail: String = "")
      -> ChildEnd
    {
      ChildEnd(termination, status: status, errorTail: tail)
    }
    #expect(end(.exited(0), status(.finished)) == .finished)
    #expect(end(.exited(5), status(.stopped)) == .stopped)
    #expect(end(.exited(1), status(.failed, message: "NaN")) == .failed("NaN"))
    #expect(
      end(.exited(0), status(.running))
        == .crashed(
          signal: nil, "its process ended with status 0, but status.json says \"running\""))
    #expect(
      end(.exited(0), nil)
        == .crashed(signal: nil, "its process ended with status 0, but status.json says nothing"))
    #expect(
      end(.exited(70), nil, "a\nb")
        == .crashed(signal: nil, "its process ended with status 70; last line on stderr: b"))
    #expect(
      end(.signalled(9), status(.running))
        == .crashed(signal: 9, "its process was ended by signal 9 (killed)"))
    #expect(end(.notStarted("x"), nil) == .notStarted("x"))
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics
import Testing

@testable import RunStore
@testable import Runner

@Suite struct TableRendererTests {
  private let renderer = TableRenderer(style: .init(usesColor: false, usesUnicode: true))

  private func progress() throws -> BatchProgress {
    let batch = try FakeRun.batch(seeds: 12)
    var progress = BatchProgress()
    progress.apply(.began(batch, workers: 2), at: 0)
    for job in 0..<4 { progress.apply(.started(job: job, pid: 1), at: 0) }
    var status = TrialStatus(
      state: .running, episodes: 100, targetEpisodes: 0, decisions: 9, smoothedMean: -20.04,
      evaluated: 0, process: .current, startedAt: "", updatedAt: "")
    for job in 0..<4 { progress.apply(.progressed(job: job, status, rate: 1_214_000), at: 1) }
    progress.apply(.ended(job: 0, .init(result: .finished, status: nil, seconds: 9)), at: 10)
    progress.apply(
      .ended(job: 1, .init(result: .failed(reason: "NaN"), status: nil, seconds: 9)), at: 10)
    (status.episodes, status.smoothedMean) = (1_050, -14.25)
    progress.apply(.progressed(job: 2, status, rate: 1_214_000), at: 11)
    (status.episodes, status.smoothedMean, status.evaluated) = (2_000, 3, 4)
    progress.apply(.progressed(job: 3, status, rate: nil), at: 11)
    progress.apply(.tick, at: 11.4)
    return progress
  }

  private func text(_ columns: Int, height: Int = 30) throws -> String {
    try renderer.lines(progress(), columns: columns, height: height).map(\.plain)
      .joined(separator: "\n")
  }

  @Test("At 80 columns")
  func eighty() throws {
    let found = try text(80)
    #expect(
      found == """
         trial                     seed  progress       trend     smoothed         left
         discount off…ize episode     2  ━━━━────  52%  ▁▁▁▁▁▁▁█     −14.3         10 s
         discount off…ize episode     3  ━───────  20%  ▁▁▁▁           3.0            –
         1 of 12 done · 1 failed · 11 s  ━━──────  29%                             38 s
        """)
  }

  @Test("At 200 columns")
  func twoHundred() throws {
    let found = try text(200)
    #expect(
      found == """
         trial                             seed  progress                                   e\
        pisodes  trend                             smoothed    dec/s         left
         discount off · normalize episode     2  ━━━━━━━━━━━━━━━━────────────────  52%   1,05\
        0/2,000  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█     −14.3   1.21 M         10 s
         discount off · normalize episode     3  ━━━━━━──────────────────────────  20%     ev\
        al 4/20  ▁▁▁▁                                   3.0        –            –
         1 of 12 done · 1 failed · 11 s          ━━━━━━━━━───────────────────────  29%       \
                                                                             38 s
        """)
  }

  @Test("At 40 columns a trial takes two lines")
  func forty() throws {
    let found = try text(40)
    #expect(
      found == """
         discount off · …malize episode  seed 2
         ━━━───  52% ▁▁▁▁█   −14.3         10 s
         discount off…lize episode  seed 3 eval
         ━─────  20% ▁▁▁▁      3.0            –
         ━─────  29%
         1 of 12 done · 1 failed · 38 s left
        """)
  }

  @Test("Without Unicode there is speed in place of the sparkline")
  func ascii() throws {
    let plain = TableRenderer(style: .init(usesColor: false, usesUnicode: false))
    let lines = try plain.lines(progress(), columns: 80, height: 30).map(\.plain)
    #expect(
      lines.joined(separator: "\n") == """
         trial                      seed  progress       smoothed    dec/s         left
         discount of...ize episode     2  ####....  52%     -14.3   1.21 M         10 s
         discount of...ize episode     3  #.......  20%       3.0        -            -
         1 of 12 done, 1 failed, 11 s     ##......  29%                            38 s
        """)
    #expect(lines.allSatisfy { $0.allSatisfy(\.isASCII) })
  }

  @Test("In a low window some trials are only counted")
  func low() throws {
    let found = try text(80, height: 3)
    #expect(
      found == """
         … and 2 more
         1 of 12 done · 1 failed · 11 s  ━━──────  29%                             38 s
        """)
  }

  @Test("No line is as wide as the terminal, none is lost to the height", arguments: 1...250)
  func fits(columns: Int) throws {
    let progress = try progress()
    for height in 3...10 {
      let lines = renderer.lines(progress, columns: columns, height: height)
      #expect(lines.count <= height)
      for line in lines { #expect(line.width < max(columns, 2), "\(line.plain)") }
    }
    for result in [JobEnd.Result.finished, .failed(reason: "a reason that is long " * 9)] {
      let line = renderer.line(
        ended: .init(result: result, status: nil, seconds: 3), label: FakeRun.label, seed: 7,
        labelColumns: 40, columns: columns)
      #expect(line.width < max(columns, 2), "\(line.plain)")
    }
  }

  @Test("A trial that ended leaves one line; a long reason takes from the label at most half")
  func ended() {
    let status = TrialStatus(
      state: .finished, episodes: 2_000, targetEpisodes: 2_000, decisions: 1, smoothedMean: -3.25,
      evaluated: 20, process: .current, startedAt: "", updatedAt: "")
    func line(_ result: JobEnd.Result, _ columns: Int) -> String {
      renderer.line(
        ended: .init(result: result, status: status, seconds: 41), label: FakeRun.label, seed: 3,
        labelColumns: 34, columns: columns
      ).plain
    }
    #expect(
      line(.finished, 80)
        == " ✓ discount off · normalize episode   seed 3  smoothed mean −3.3  2,000 episod…"
    )
    #expect(
      line(.stopped, 80)
        == " ■ discount off · normalize episode    seed 3  stopped  2,000 episodes  41 s")
    #expect(
      line(.failed(reason: "the gradient is NaN at update 52"), 60)
        == " ✗ discount of…ize episode  seed 3  failed: the gradient i…")
  }

  @Test("Colours are left out, or end where their piece ends")
  func color() {
    let text = TerminalText("a", .good) + TerminalText("b")
    #expect(text.rendered(color: false) == "ab")
    #expect(text.rendered(color: true) == "\u{1B}[32ma\u{1B}[0mb")
    #expect(TerminalText("\u{1B}[2J\n").rendered(color: true) == "\\u{1b}[2J\\u{a}")
  }

  @Test("Labels are cut in their middle by what they take on the screen")
  func fitting() {
    #expect(TerminalText.fitted("abcdefgh", columns: 5, mark: "…") == "ab…gh")
    #expect(TerminalText.fitted("abc", columns: 3, mark: "…") == "abc")
    #expect(TerminalText.fitted("学習学習", columns: 5, mark: "…") == "学…習")
    #expect(TerminalText.width("学e\u{301}") == 3)
    #expect(TerminalText.padded("学", columns: 4, right: true) == "  学")
  }
}

private func * (text: String, count: Int) -> String { String(repeating: text, count: count) }

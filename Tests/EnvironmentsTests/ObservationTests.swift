// SPDX-License-Identifier: MIT

import Environments
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite("What policies see of pictures")
struct ObservationTests {
  /// The slow judge: a binary frame of a picture, row by row.
  static func binary(_ picture: [UInt8], _ screen: ScreenSize, _ rule: PictureRule) -> [Float] {
    (0..<rule.height * rule.width).map { i in
      let row = rule.crop.top + (i / rule.width) * rule.crop.height / rule.height
      let column = rule.crop.left + (i % rule.width) * rule.crop.width / rule.width
      let value = picture[row * screen.width + column]
      return value == 0 || rule.background.contains(value) ? 0 : 1
    }
  }

  static func dense(_ observer: PictureObserver) -> [Float] {
    if observer.form.entries == .numbers {
      var numbers: [Float] = []
      observer.observe(into: &numbers)
      return numbers
    }
    let batch = SparseSignBatch(width: observer.form.count)
    batch.append { observer.observe(&$0) }
    var result = [Float](repeating: 0, count: observer.form.count)
    for i in batch.entries(of: 0).plus { result[i] += 1 }
    for i in batch.entries(of: 0).minus { result[i] -= 1 }
    return result
  }

  @Test("Difference, frame, stack and raw of random RGB pictures are what their words say")
  func words() {
    let screen = ScreenSize(height: 23, width: 31)
    let rule = PictureRule(
      crop: .init(top: 3, left: 2, height: 17, width: 29), height: 9, width: 13,
      background: [1, 3])
    let difference = PictureObserver(kind: .difference, rule: rule, screen: screen)
    let frame = PictureObserver(kind: .frame, rule: rule, screen: screen)
    let stack = PictureObserver(kind: .stack(3), rule: rule, screen: screen)
    let raw = PictureObserver(kind: .raw, rule: rule, screen: screen)
    var draws = Xoshiro256(seed: 4)
    for _ in 0..<3 {
      for observer in [difference, frame, stack, raw] { observer.reset() }
      var seen: [[Float]] = []
      for _ in 0..<6 {
        let reds = (0..<23 * 31).map { _ in UInt8(draws.next(below: 5)) }
        let rgb = reds.flatMap { [$0, UInt8(draws.next(below: 256)), 7] }
        rgb.withUnsafeBytes { bytes in
          for observer in [difference, frame, stack, raw] {
            observer.look(at: bytes, bytesPerPixel: 3)
          }
        }
        seen.append(Self.binary(reds, screen, rule))
        let now = seen[seen.count - 1]
        let before = seen.count > 1 ? seen[seen.count - 2] : now
        let third = seen.count > 2 ? seen[seen.count - 3] : seen[0]
        #expect(Self.dense(difference) == zip(now, before).map { $0 - $1 })
        #expect(Self.dense(frame) == now)
        #expect(Self.dense(stack) == third + before + now, "oldest first")
        let values = (0..<9 * 13).map { i in
          Float(reds[(3 + i / 13 * 17 / 9) * 31 + 2 + i % 13 * 29 / 13]) / 255
        }
        #expect(Self.dense(raw) == values)
      }
    }
  }

  @Test("Signs are written column by column, channel by channel")
  func order() {
    let screen = ScreenSize(height: 12, width: 10)
    let stack = PictureObserver(kind: .stack(2), rule: .whole(screen), screen: screen)
    var draws = Xoshiro256(seed: 8)
    let batch = SparseSignBatch(width: stack.form.count)
    let picture = (0..<120).map { _ in UInt8(draws.next(below: 2)) }
    picture.withUnsafeBytes { stack.look(at: $0, bytesPerPixel: 1) }
    var written: [Int] = []
    batch.append { writer in
      let start = writer.end
      stack.observe(&writer)
      written = (0..<writer.end - start).map { Int(start[$0]) }
    }
    let place = { (i: Int) in (i / 120, i % 10, i % 120 / 10) }
    #expect(written.count > 60)
    #expect(written == written.sorted { place($0) < place($1) })
  }

  @Test(
    "The fast views of the embedded game equal those of its drawn picture",
    arguments: ["difference", "frame", "stack"])
  func fastPaths(kind: String) throws {
    let fast = ContractTests.pong(ContractTests.picture(kind, ["frames": 4]))
    let observer = PictureObserver(
      kind: kind == "difference" ? .difference : kind == "frame" ? .frame : .stack(4), rule: .post,
      screen: .atari)
    let pong = try #require(fast.innermost as? PongEnvironment)
    var shown = PongGame()
    pong.onFrame = { shown = $0 }
    var choices = Xoshiro256(seed: 12)
    var decisions = 0
    for episode in 0..<3 as Range<UInt64> {
      try fast.reset(draws: Xoshiro256(seed: episode))
      observer.reset()
      var isOver = false
      while !isOver && decisions < 400 * (Int(episode) + 1) {
        let reds = PongScreen.render(shown).map { PongScreen.red($0) }
        reds.withUnsafeBytes { observer.look(at: $0, bytesPerPixel: 1) }
        let seen = observed(fast)
        guard seen == Self.dense(observer) else {
          Issue.record("\(kind) differs at decision \(decisions)")
          return
        }
        isOver = try fast.step(.number(Int(choices.next(below: 2)))).isEnd
        decisions += 1
      }
    }
    #expect(decisions > 1000)
  }

  @Test("Whole patterns stand for their entries, in every channel of a stack")
  func patterns() throws {
    let view = ContractTests.picture("stack", ["frames": 3])
    let (whole, plain) = (ContractTests.pong(view), ContractTests.pong(view))
    let form = whole.form
    #expect(form.count == 3 * 6400 && !form.patterns.isEmpty)
    for environment in [whole, plain] { try environment.reset(draws: Xoshiro256(seed: 6)) }
    for decision in 0..<300 {
      let batch = SparseSignBatch(
        width: form.count, patternBase: form.count, patterns: form.patterns)
      batch.append { whole.observe(&$0) }
      let lit = batch.entries(of: 0).plus
      let expected = observed(plain)
      #expect(lit.sorted() == expected.indices.filter { expected[$0] == 1 })
      #expect(batch.rows[0].total < lit.count, "patterns are fewer than their entries")
      for environment in [whole, plain] { _ = try environment.step(.number(decision / 4 % 2)) }
    }
  }

  @Test("A rule that does not fit the picture says where it ends")
  func misfits() {
    let low = PictureRule(
      crop: .init(top: 60, left: 0, height: 160, width: 160), height: 80, width: 80, background: [])
    #expect(
      low.misfit(.atari) == "the crop ends at row 220; allowed: at most 210, the picture's height")
    let wide = PictureRule(
      crop: .init(top: 0, left: 1, height: 210, width: 160), height: 80, width: 80, background: [])
    #expect(
      wide.misfit(.atari)
        == "the crop ends at column 161; allowed: at most 160, the picture's width")
    #expect(PictureRule.post.misfit(.atari) == nil)
  }

  @Test("Objects are where the drawn picture has them")
  func objects() throws {
    let pong = ContractTests.pong(["kind": "objects", "permutePixels": false])
    let inner = try #require(pong.innermost as? PongEnvironment)
    var shown = PongGame()
    inner.onFrame = { shown = $0 }
    try pong.reset(draws: Xoshiro256(seed: 3))
    var balls = 0
    var before = observed(pong)
    #expect(before[1] == 0 && before[3] == 0 && before[4...] == [0, 0, 0, 0])
    for decision in 0..<1200 {
      if try pong.step(.number(decision / 9 % 2)).isEnd { break }
      let now = observed(pong)
      #expect(now.allSatisfy { abs($0) <= 1 }, "\(now)")
      let middle = { (rows: Range<Int>) in
        max(34, min(194, Float(rows.lowerBound + rows.upperBound) / 2))
      }
      #expect(abs(now[0] * 80 + 114 - middle(PongGeometry.rightRows(shown.rightY))) < 1e-3)
      if shown.leftY > 45 {
        #expect(abs(now[2] * 80 + 114 - middle(PongGeometry.leftRows(shown.leftY))) < 1e-3)
      }
      #expect(abs(now[1] - (now[0] - before[0]) * 80 / 24) < 1e-5)
      if shown.ballY != 0 {
        balls += 1
        let rows = PongGeometry.ballRows(shown, column: 80)
        #expect(abs(now[5] * 80 + 114 - middle(rows)) < 1e-3)
        #expect(abs(now[4] * 80 + 80 - Float(PongGeometry.ballColumns(shown).0) - 1) < 1e-3)
        #expect(now[6] == -Float(shown.velocityX) / 4 && now[6] != 0)
      } else {
        #expect(now[4...] == [0, 0, 0, 0])
      }
      before = now
    }
    #expect(balls > 300)
  }
}

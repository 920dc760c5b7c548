// SPDX-License-Identifier: MIT

import Runner
import Testing

@Suite struct TrendTests {
  @Test("It grows with the work, and never shows more columns than parts that have passed")
  func growth() {
    var trend = Trend(total: 6_400)
    #expect(trend.samples(columns: 8) == [])
    trend.note(-21, at: 0)
    #expect(trend.samples(columns: 8) == [-21])
    for episode in 1...3_200 { trend.note(Double(episode), at: episode) }
    let samples = trend.samples(columns: 8)
    #expect(samples.count == 8)
    #expect(samples.compactMap { $0 } == samples.compactMap { $0 }.sorted())
    #expect(samples.last == 3_200)
  }

  @Test("What is unknown stays unknown, until another knows it")
  func gaps() {
    var late = Trend(total: 64)
    late.note(5, at: 63)
    #expect(late.samples(columns: 64).filter { $0 == nil }.count == 63)
    var early = Trend(total: 64)
    for place in 0..<40 { early.note(1, at: place) }
    late.fill(from: early)
    #expect(late.samples(columns: 64).filter { $0 == nil }.count == 23)
    late.note(.nan, at: 50)
    late.note(1, at: -1)
    #expect(late.samples(columns: 64).filter { $0 == nil }.count == 23)
  }

  @Test("A stretch that turns out longer keeps what it had, in wider parts")
  func beyond() {
    var trend = Trend(total: 64)
    for place in 0...64 { trend.note(Double(place), at: place) }
    trend.note(100, at: 65)
    let odd: [Double] = (0..<31).map { Double(2 * $0 + 1) }
    #expect(trend.samples(columns: 64).compactMap { $0 } == odd + [64, 100])
    var early = Trend(total: 64)
    early.note(7, at: 3)
    early.fill(from: trend)
    #expect(early.samples(columns: 64).count == 33)
    #expect(early.samples(columns: 64)[1] == 7)
    var far = Trend(total: 1)
    far.note(1, at: .max)
    #expect(far.samples(columns: 4) == [])
    far.note(2, at: 1_000_000_007)
    #expect(far.samples(columns: 4).compactMap { $0 } == [2])
  }

  @Test("Any stretch and any width", arguments: [1, 2, 7, 63, 64, 65, 1_000_000])
  func widths(total: Int) {
    var trend = Trend(total: total)
    trend.note(1, at: 0)
    trend.note(2, at: total)
    for columns in 0...200 {
      let samples = trend.samples(columns: columns)
      #expect(samples.count <= min(columns, Trend.parts))
      #expect(columns == 0 || samples.last == 2)
    }
  }
}

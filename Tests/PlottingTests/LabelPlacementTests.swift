// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite struct LabelPlacementTests {
  @Test("Spread labels never overlap, stay within range and keep their order", arguments: 0..<100)
  func law(seed: Int) throws {
    var noise = Noise(seed: UInt64(seed))
    let count = seed % 11
    let wanted = (0..<count).map { _ in seed % 3 == 0 ? 50 : noise.next() * 140 }
    let placed = try #require(spread(wanted, height: 12, within: 0...132))
    let pairs = zip(wanted, placed).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
    for (upper, lower) in zip(pairs, pairs.dropFirst()) { #expect(lower - upper >= 12 - 1e-6) }
    #expect(placed.allSatisfy { $0 >= 6 - 1e-6 && $0 <= 126 + 1e-6 })
  }

  @Test("Labels that have room stay where they want")
  func untouched() {
    #expect(spread([80, 20, 50], height: 12, within: 0...100) == [80, 20, 50])
  }

  @Test("Two labels at one place part by half a height each")
  func parted() {
    #expect(spread([50, 50], height: 12, within: 0...100) == [44, 56])
  }

  @Test("More labels than room are refused")
  func refused() {
    #expect(spread([1, 2, 3], height: 12, within: 0...35) == nil)
  }
}

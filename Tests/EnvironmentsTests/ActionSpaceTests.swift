// SPDX-License-Identifier: MIT

import Environments
import Testing

@Suite("Action spaces")
struct ActionSpaceTests {
  private static let spaces: [ActionSpace] = [
    ["RIGHT", "LEFT"], .product([3, 1, 2]),
    .box([-2...2, -Float.infinity...(.infinity), 0.1...0.30000001]),
  ]

  @Test("A space reads back from what a file holds of it", arguments: spaces)
  func stored(space: ActionSpace) {
    let stored = space.stored
    #expect(ActionSpace(kind: stored.kind, entries: stored.entries) == space)
  }

  @Test(
    "What is no space with a choice is none",
    arguments: [
      ("discrete", "ONE"), ("discrete", ""), ("product", "1,1"), ("product", "2,x"),
      ("product", "2,0"), ("box", ""), ("box", "1:-1"), ("box", "nan:1"), ("box", "1"),
      ("sphere", "1:2"),
    ])
  func refused(kind: String, entries: String) {
    #expect(ActionSpace(kind: kind, entries: entries) == nil)
  }

  @Test("People read what they are")
  func described() {
    #expect(
      Self.spaces.map(\.description) == [
        "RIGHT, LEFT", "choices of 3, 1, 2", "numbers in -2.0…2.0, -inf…inf, 0.1…0.3",
      ])
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import Testing

@Suite("Nearest match")
struct NearestMatchTests {
  @Test(
    "Distances count insertions, deletions, substitutions and swaps",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1),
      ("abc", "acb", 1), ("ca", "abc", 2), ("kitten", "sitting", 3), ("optimiser", "optimizer", 1),
    ])
  func distance(a: String, b: String, expected: Int) {
    #expect(NearestMatch.damerauLevenshtein(a, b) == expected)
    #expect(NearestMatch.damerauLevenshtein(b, a) == expected)
  }

  @Test("A third of the word's length may differ, and one character always")
  func limit() {
    let keys = ["kind", "learningRate", "l2"]
    #expect(NearestMatch.find("knid", in: keys) == "kind")
    #expect(NearestMatch.find("learning_rate", in: keys) == "learningRate")
    #expect(NearestMatch.find("LEARNINGRATE", in: keys) == "learningRate")
    #expect(NearestMatch.find("l3", in: keys) == "l2")
    #expect(NearestMatch.find("depth", in: keys) == nil)
  }

  @Test("The closest wins, the first of equals")
  func order() {
    #expect(NearestMatch.find("abcdeg", in: ["abcdff", "abcdef"]) == "abcdef")
    #expect(NearestMatch.find("abx", in: ["aby", "abz"]) == "aby")
  }
}

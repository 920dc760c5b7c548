// SPDX-License-Identifier: MIT

/// The candidate that a misspelt word probably meant.
package enum NearestMatch {
  /// The closest of `candidates` within max(1, length / 3) edits, the first of equals; nil when
  /// none is that close. A word that differs in case only is always close.
  package static func find(_ word: String, in candidates: [String]) -> String? {
    guard word.count <= 100 else { return nil }
    let limit = max(1, word.count / 3)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let distance =
        candidate.lowercased() == word.lowercased()
        ? 0 : damerauLevenshtein(word, candidate)
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// The least number of insertions, deletions, substitutions and swaps of neighbours that turn
  /// `a` into `b`, after Lowrance and Wagner 1975: text may be edited between swapped characters.
  package static func damerauLevenshtein(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    let far = a.count + b.count
    let width = b.count + 2
    var table = [Int](repeating: 0, count: (a.count + 2) * width)
    table[0] = far
    for i in 0...a.count {
      table[(i + 1) * width] = far
      table[(i + 1) * width + 1] = i
    }
    for j in 0...b.count {
      table[j + 1] = far
      table[width + j + 1] = j
    }
    var lastRow: [Character: Int] = [:]
    for i in 0..<a.count {
      var lastColumn = 0
      for j in 0..<b.count {
        let row = lastRow[b[j]] ?? 0
        let column = lastColumn
        let cost = a[i] == b[j] ? 0 : 1
        if cost == 0 { lastColumn = j + 1 }
        let swap = table[row * width + column] + (i - row) + 1 + (j - column)
        table[(i + 2) * width + j + 2] = min(
          table[(i + 1) * width + j + 1] + cost, table[(i + 2) * width + j + 1] + 1,
          table[(i + 1) * width + j + 2] + 1, swap)
      }
      lastRow[a[i]] = i + 1
    }
    return table[(a.count + 1) * width + b.count + 1]
  }
}

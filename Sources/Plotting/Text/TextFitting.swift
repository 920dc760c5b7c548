// SPDX-License-Identifier: MIT

extension TextStyle {
  /// `string`, or as much of its beginning as fits into `width` points with an ellipsis.
  func truncated(_ string: String, to width: Double) -> String {
    cut(drawable(string), to: width, keepsEnd: false)
  }

  /// `string` broken at spaces into lines of at most `width` points.
  ///
  /// A word longer than a line is broken within; when `maximumLines` do not suffice, the last one
  /// ends in an ellipsis.
  func wrapped(_ string: String, to width: Double, maximumLines: Int = .max) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { self.width(of: text) <= width }
    for word in drawable(string).split(separator: " ") {
      let joined = line.isEmpty ? String(word) : line + " " + word
      if fits(joined) {
        line = joined
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, !fits(line + String(character)) {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    if !line.isEmpty { lines.append(line) }
    if lines.count > maximumLines {
      let rest = lines[(maximumLines - 1)...].joined(separator: " ")
      lines = Array(lines[..<(maximumLines - 1)]) + [truncated(rest, to: width)]
    }
    return lines
  }
}

extension TextStyle {
  /// The labels in at most `width` points each, such that those that differ still do.
  ///
  /// A long one keeps words of its beginning and its end around an ellipsis. Where that makes two look
  /// alike, it keeps as many letters as fit, then it begins at the word in which they differ, and
  /// where even that does not help, with a number.
  func shortened(_ labels: [String], to width: Double) -> [String] {
    let whole = labels.map { drawable($0) }
    var short = whole.map { cut($0, to: width, atWords: true) }
    for group in alike(short, whole) {
      for index in group { short[index] = cut(whole[index], to: width) }
    }
    for group in alike(short, whole) {
      let start = differingPlace(group.map { whole[$0] })
      for index in group {
        short[index] = cut("…\(whole[index].dropFirst(start))", to: width)
      }
    }
    for group in alike(short, whole) {
      for (number, index) in group.enumerated() {
        short[index] = cut("\(number + 1): \(whole[index])", to: width)
      }
    }
    return short
  }

  /// The text, or as much of its beginning and its end as fits into `width` points.
  ///
  /// - Parameters:
  ///   - atWords: whether it is cut between words where one begins or ends near.
  ///   - keepsEnd: whether its end stays as well.
  private func cut(
    _ text: String, to width: Double, atWords: Bool = false, keepsEnd: Bool = true
  ) -> String {
    if self.width(of: text) <= width { return text }
    let letters = text.map { (letter: $0, width: self.width(of: String($0))) }
    var room = width - self.width(of: "…")
    if room < 0 { return "" }
    var (first, last) = (0, letters.count)
    // A beginning says more than an end: it takes three letters of five.
    while first < last {
      let takesFirst = !keepsEnd || first * 2 <= (letters.count - last) * 3
      room -= letters[takesFirst ? first : last - 1].width
      if room < 0 { break }
      if takesFirst { first += 1 } else { last -= 1 }
    }
    if atWords {
      let (start, end) = (letters[..<first], letters[last...])
      let word = start.reversed().prefix { $0.letter != " " }.count
      if word < min(8, first) { first -= word }
      let rest = end.prefix { $0.letter != " " }.count
      if rest < min(8, end.count) { last += rest }
    }
    let head = String(letters[..<first].map(\.letter)).trimmed(fromEnd: true)
    let tail = String(letters[last...].map(\.letter)).trimmed(fromEnd: false)
    return head + (head.hasSuffix("…") ? "" : "…") + tail
  }
}

/// Places whose short forms are one, although the whole texts are not; each group in order.
private func alike(_ short: [String], _ whole: [String]) -> [[Int]] {
  Dictionary(grouping: short.indices) { short[$0] }.values
    .filter { group in group.contains { whole[$0] != whole[group[0]] } }
    .sorted { $0[0] < $1[0] }
}

/// How many characters all texts begin with alike, back to the beginning of a word.
private func differingPlace(_ texts: [String]) -> Int {
  guard let first = texts.min(), let last = texts.max() else { return 0 }
  let common = zip(first, last).prefix { $0 == $1 }.map(\.0)
  let word = common.reversed().prefix { $0 != " " }.count
  return common.count - (word < 12 ? word : 0)
}

extension String {
  /// Without the blanks at one end.
  fileprivate func trimmed(fromEnd: Bool) -> String {
    if !fromEnd { return String(drop { $0 == " " }) }
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}

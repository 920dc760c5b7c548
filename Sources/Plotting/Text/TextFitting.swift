// SPDX-License-Identifier: MIT

extension TextStyle {
  /// `string`, or as much of its beginning as fits into `width` points with an ellipsis.
  func truncated(_ string: String, to width: Double) -> String {
    let clean = drawable(string)
    if self.width(of: clean) <= width { return clean }
    let room = width - self.width(of: "…")
    if room < 0 { return "" }
    var kept = ""
    var used = 0.0
    for character in clean {
      used += self.width(of: String(character))
      if used > room { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
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

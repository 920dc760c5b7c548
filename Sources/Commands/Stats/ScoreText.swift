// SPDX-License-Identifier: MIT

/// The text of a file of scores. Bytes that are not UTF-8 are never repaired: what a repair makes of
/// two names may be one.
enum ScoreText {
  /// The text, or where it is none.
  static func read(_ bytes: [UInt8]) -> Result<String, ScoreFile.Problems> {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return .failure(
        ScoreFile.Problems([
          ScoreFile.Problem(
            line: 1, sentence: "found UTF-16; allowed: UTF-8; \(mend("UTF-16"))")
        ]))
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      return .failure(ScoreFile.Problems(problems(bytes)))
    }
    return .success(text)
  }

  /// The first place of each line that is no text.
  private static func problems(_ bytes: [UInt8]) -> [ScoreFile.Problem] {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      guard let found = firstFault(in: line) else { return nil }
      return ScoreFile.Problem(
        line: index + 1, column: found.column,
        sentence: found.byte == 0
          ? "found a byte of value 0; allowed: text in UTF-8; if it is UTF-16: \(mend("UTF-16"))"
          : "found byte 0x\(String(found.byte, radix: 16, uppercase: true)), which is not UTF-8;"
            + " allowed: UTF-8; if it is Latin-1: \(mend("WINDOWS-1252"))")
    }
  }

  /// Columns count characters as an editor would, from 1.
  private static func firstFault(in line: ArraySlice<UInt8>) -> (column: Int, byte: UInt8)? {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = line.makeIterator()
    var (column, place) = (1, line.startIndex)
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        guard line[place] != 0 else { return (column, 0) }
        column += 1
        place += scalar.count
      case .error: return (column, line[place])
      case .emptyInput: return nil
      }
    }
  }

  private static func mend(_ encoding: String) -> String {
    "convert it with: iconv -f \(encoding) -t UTF-8 FILE > mended.csv"
  }
}

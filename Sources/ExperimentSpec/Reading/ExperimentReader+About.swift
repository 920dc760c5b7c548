// SPDX-License-Identifier: MIT
import Diagnostics

extension ExperimentReader {
  static let tagLimit = 100

  /// A list of different words; what is wrong with it is reported.
  mutating func readTags(_ member: PositionedValue.Member) -> [String] {
    guard let elements = array(member.value, path: "tags") else { return [] }
    if elements.count > Self.tagLimit {
      report(
        "wrong-count", place(member.value), path: "tags",
        found: foundSentence(member.value, in: source.bytes),
        allowed: "at most \(Self.tagLimit) tags")
      return []
    }
    var tags: [String] = []
    for (i, element) in elements.enumerated() {
      guard case .string(let tag) = element.content, !tag.isEmpty else {
        reportKind(element, path: "tags[\(i)]", allowed: "a string that is not empty")
        continue
      }
      if tags.contains(where: { $0.utf8.elementsEqual(tag.utf8) }) {
        report(
          "duplicate-value", place(element), path: "tags[\(i)]",
          problem: "\"\(tag)\" appears twice in this list", help: "keep one of them")
      }
      tags.append(tag)
    }
    return tags
  }

  mutating func readExtends(_ member: PositionedValue.Member) {
    if text(member) == "" {
      report("out-of-range", place(member.value), path: "extends", found: "an empty string")
    }
  }

  mutating func readName(_ member: PositionedValue.Member) {
    guard let name = text(member) else { return }
    if !isExperimentName(name) {
      report(
        "bad-name", place(member.value), path: "name", found: "the string \"\(name)\"",
        allowed: experimentNameRule)
    } else if name != baseName {
      report(
        "bad-name", place(member.value), path: "name", found: "the string \"\(name)\"",
        allowed: "\"\(baseName)\", as the file is called", help: "leave it out or rename the file")
    }
  }
}

/// Whether `name` can name an experiment and its folders.
package func isExperimentName(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
  guard let first = bytes.first, isLetterOrDigit(first), bytes.count <= 64 else { return false }
  return bytes.allSatisfy {
    isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
  }
}

/// The same as a regular expression of ECMA-262, for JSON Schema.
let experimentNamePattern = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"

/// The rule of `isExperimentName` in words.
package let experimentNameRule =
  "1 to 64 of A-Z, a-z, 0-9, _ and -, beginning with a letter or digit"

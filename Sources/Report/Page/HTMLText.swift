// SPDX-License-Identifier: MIT

import Mustache

/// The escaping of every `{{tag}}` in the page, in text and in quoted attributes.
///
/// It goes by Unicode scalars: swift-mustache's own goes by characters, so that a quotation mark
/// with a combining accent on it would pass as it is and end an attribute.
package struct HTMLText: MustacheContentType {
  /// The name under which templates ask for it.
  static let contentTypeName = "RALLYBOOK"

  package func escapeText(_ text: String) -> String { Self.escaped(text) }

  /// `text` so that a browser shows it and never reads it as markup.
  ///
  /// Control characters become U+FFFD, and so do marks that turn the direction of writing, since a
  /// hostile title could otherwise rearrange what stands behind it.
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value),
        _ where (0x202A...0x202E).contains(scalar.value),
        _ where (0x2066...0x2069).contains(scalar.value):
        result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// What a browser reads from a text that `escaped` made.
  static func plain(_ text: String) -> String {
    var result = text
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] { result = result.replacing(entity, with: character) }
    return result
  }
}

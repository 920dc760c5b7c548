// SPDX-License-Identifier: MIT

/// A part of a page. What a literal holds is markup; a `String` that is interpolated into it is text
/// and is escaped, and only another `HTML` goes in as it is.
package struct HTML: ExpressibleByStringInterpolation, Sendable {
  package let text: String

  /// Markup from elsewhere that is known to be safe: rendered Markdown, the style sheet, scripts.
  init(markup: String) { text = markup }

  package init(stringLiteral markup: String) { text = markup }

  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(2 * literalCapacity)
    }

    package mutating func appendLiteral(_ markup: String) { text += markup }

    /// Text in an element or in a quoted attribute.
    package mutating func appendInterpolation(_ text: String) { self.text += HTML.escaped(text) }

    package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

    package mutating func appendInterpolation(_ part: HTML?) { text += part?.text ?? "" }

    /// A part that is there under a condition.
    package mutating func appendInterpolation(_ part: HTML, if isThere: Bool) {
      if isThere { text += part.text }
    }
  }

  /// `text` so that a browser shows it and never reads it as markup.
  ///
  /// It goes by Unicode scalars: by characters, a quotation mark with a combining accent on it would
  /// pass as it is and end an attribute. Control characters become U+FFFD, and so do marks that turn
  /// the direction of writing, since a hostile title could otherwise rearrange what stands behind it.
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

extension Sequence {
  /// The parts of all elements, one after the other.
  func html(_ part: (Element) throws -> HTML) rethrows -> HTML {
    let parts = try map { try part($0).text }
    return HTML(markup: parts.joined())
  }
}

extension HTML {
  /// Sentences as a list; empty without any.
  static func list(_ sentences: [String], _ style: String) -> HTML {
    sentences.isEmpty
      ? ""
      : "<ul class=\"\(style)\">\n\(sentences.html { "<li>\($0)</li>\n" })</ul>\n"
  }

  /// Links to files of the report, by target and text.
  static func links(_ links: [(target: String, text: String)], then last: HTML = "") -> HTML {
    let all = links.html { "<a href=\"\($0.target)\">\($0.text)</a>" }
    return "<span class=\"links\">\(all)\(last)</span>"
  }
}

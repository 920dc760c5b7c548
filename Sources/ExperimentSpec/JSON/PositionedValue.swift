// SPDX-License-Identifier: MIT
package import Diagnostics
package import ParameterSchema

/// A JSON value that knows where it stands.
package struct PositionedValue: Sendable {
  package indirect enum Content: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([PositionedValue])
    /// In the order of the text; of duplicate keys only the first.
    case object([Member])
    /// Something that was reported already and is taken for right from here on.
    case unreadable
  }

  /// A key of an object, with its value.
  package struct Member: Sendable {
    package let key: String
    /// Byte offsets, quotes included.
    package let keyRange: Range<Int>
    package let value: PositionedValue
  }

  package let content: Content
  /// Byte offsets into the text.
  package let range: Range<Int>

  package init(content: Content, range: Range<Int>) {
    (self.content, self.range) = (content, range)
  }

  /// A value that stands in no text.
  init(_ value: ConfigValue) {
    let content: Content =
      switch value {
      case .null: .null
      case .bool(let flag): .bool(flag)
      case .number(let number): .number(number)
      case .string(let text): .string(text)
      case .array(let elements): .array(elements.map { Self($0) })
      case .object(let members):
        .object(members.map { Member(key: $0.key, keyRange: 0..<0, value: Self($0.value)) })
      }
    self.init(content: content, range: 0..<0)
  }

  var isUnreadable: Bool { if case .unreadable = content { true } else { false } }

  /// The members of an object; nil for anything else.
  package var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The same value without places; what was unreadable is null.
  package var plain: ConfigValue {
    switch content {
    case .null, .unreadable: .null
    case .bool(let flag): .bool(flag)
    case .number(let number): .number(number)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.plain))
    case .object(let members):
      .object(
        Dictionary(
          members.map { ($0.key, $0.value.plain) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}

/// A stretch of one text.
package struct Place: Sendable {
  package let source: SourceText
  /// Byte offsets.
  package let range: Range<Int>

  package var position: SourcePosition { source.position(at: range.lowerBound) }
}

extension Finding {
  /// A finding at a place; nil means the file as a whole.
  init(
    _ severity: Severity = .error, code: String, at place: Place?, in source: SourceText? = nil,
    path: String = "", problem: String? = nil, found: String? = nil, allowed: String? = nil,
    nearest: String? = nil, help: String? = nil, notes: [String] = []
  ) {
    self.init(
      severity, code: code, file: (place?.source ?? source)?.name,
      range: place.map { $0.source.range(of: $0.range) }, path: path, problem: problem,
      found: found, allowed: allowed, nearest: nearest, help: help, notes: notes)
  }
}

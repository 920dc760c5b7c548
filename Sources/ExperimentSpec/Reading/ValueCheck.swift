// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// What keeps a value from being of a kind, and where within it.
struct ValueMismatch {
  /// `wrong-kind`, `out-of-range`, `unknown-value`, `wrong-count`, `unknown-key` or `missing-key`.
  let code: String
  let at: PositionedValue
  /// Behind the value's path, such as `[1]` or `.min`.
  var subpath = ""
  var nearest: String?
  var help: String?
  /// In place of what the whole parameter allows.
  var allowed: String?
}

/// A value of the kind, normalized so that equal meanings are equal values, or why it is none.
func checked(
  _ value: PositionedValue, _ kind: Parameter.Kind
) -> Result<ConfigValue, ValueMismatchError> {
  switch (kind, value.content) {
  case (_, .unreadable): return .success(.null)
  case (.nullable, .null): return .success(.null)
  case (.nullable(let inner), _): return checked(value, inner)
  case (.boolean, .bool(let flag)): return .success(.bool(flag))
  case (.integer(let range), .number(let number)):
    guard let whole = Int(exactly: number) else { return mismatch("wrong-kind", value) }
    return range.contains(whole) ? .success(.number(number)) : mismatch("out-of-range", value)
  case (.number(let range), .number(let number)):
    return range.contains(number) ? .success(.number(number)) : mismatch("out-of-range", value)
  case (.choice(let words), .string(let text)):
    if text.utf8.allSatisfy({ $0 < 0x80 }), words.contains(text) { return .success(.string(text)) }
    return mismatch("unknown-value", value, nearest: NearestMatch.find(text, in: words))
  case (.text(let rule), .string(let text)):
    return rule.allows(text) ? .success(.string(text)) : mismatch("unknown-value", value)
  case (.integerOrInterval(let range), .number):
    return checked(value, .integer(range))
  case (.integerOrInterval(let range), .object(let members)):
    return checkedInterval(value, members, range)
  case (.record(let fields), .object(let members)):
    return checkedRecord(value, members, fields)
  case (.object, .object): return .success(value.plain)
  case (.list(let element, let count), .array(let elements)):
    return checkedList(value, elements, element, count)
  default: return mismatch("wrong-kind", value, help: kindHelp(value, kind))
  }
}

/// `ValueMismatch` as an error, for `Result`.
struct ValueMismatchError: Error { let mismatch: ValueMismatch }

private func mismatch(
  _ code: String, _ value: PositionedValue, subpath: String = "", nearest: String? = nil,
  help: String? = nil, allowed: String? = nil
) -> Result<ConfigValue, ValueMismatchError> {
  .failure(
    ValueMismatchError(
      mismatch: ValueMismatch(
        code: code, at: value, subpath: subpath, nearest: nearest, help: help, allowed: allowed)))
}

private func checkedInterval(
  _ value: PositionedValue, _ members: [PositionedValue.Member], _ range: ClosedRange<Int>
) -> Result<ConfigValue, ValueMismatchError> {
  var ends: [String: Double] = [:]
  for member in members {
    guard member.key == "min" || member.key == "max" else {
      return mismatch(
        "unknown-key", PositionedValue(content: .null, range: member.keyRange),
        subpath: ".\(member.key)", nearest: NearestMatch.find(member.key, in: ["min", "max"]),
        allowed: "\"min\" and \"max\"")
    }
    switch checked(member.value, .integer(range)) {
    case .success(.number(let number)): ends[member.key] = number
    case .success: return .success(.null)
    case .failure(let error):
      return mismatch(
        error.mismatch.code, member.value, subpath: ".\(member.key)", help: error.mismatch.help)
    }
  }
  guard let low = ends["min"], let high = ends["max"] else {
    let missing = ends["min"] == nil ? "min" : "max"
    return mismatch("missing-key", value, help: "\"\(missing)\" is missing")
  }
  guard low <= high else {
    return mismatch("out-of-range", value, help: "\"min\" may not be above \"max\"")
  }
  return .success(low == high ? .number(low) : ["min": .number(low), "max": .number(high)])
}

private func checkedRecord(
  _ value: PositionedValue, _ members: [PositionedValue.Member], _ fields: [Parameter.Field]
) -> Result<ConfigValue, ValueMismatchError> {
  let names = fields.map(\.name)
  var values: [String: ConfigValue] = [:]
  for member in members {
    guard let field = fields.first(where: { $0.name == member.key }) else {
      return mismatch(
        "unknown-key", PositionedValue(content: .null, range: member.keyRange),
        subpath: ".\(member.key)", nearest: NearestMatch.find(member.key, in: names),
        allowed: list(names.map { "\"\($0)\"" }))
    }
    switch checked(member.value, .integer(field.range)) {
    case .success(let number): values[member.key] = number
    case .failure(let error):
      return mismatch(
        error.mismatch.code, member.value, subpath: ".\(member.key)", help: error.mismatch.help,
        allowed: allowedSentence(.integer(field.range), name: field.name, unit: nil))
    }
  }
  let missing = names.filter { values[$0] == nil }.map { "\"\($0)\"" }
  guard missing.isEmpty else {
    let verb = missing.count == 1 ? "is" : "are"
    return mismatch(
      "missing-key", value,
      help: missing.joined(separator: ", ") + " \(verb) missing")
  }
  return .success(.object(values))
}

private func checkedList(
  _ value: PositionedValue, _ elements: [PositionedValue], _ kind: Parameter.Kind,
  _ count: ClosedRange<Int>
) -> Result<ConfigValue, ValueMismatchError> {
  var values: [ConfigValue] = []
  for (i, element) in elements.enumerated() {
    switch checked(element, kind) {
    case .success(let value): values.append(value)
    case .failure(let error):
      var inner = error.mismatch
      inner.subpath = "[\(i)]" + inner.subpath
      return .failure(ValueMismatchError(mismatch: inner))
    }
  }
  guard count.contains(elements.count) else { return mismatch("wrong-count", value) }
  return .success(.array(values))
}

/// What a person probably meant by a value of another kind.
private func kindHelp(_ value: PositionedValue, _ kind: Parameter.Kind) -> String? {
  var isNullable = false
  var kind = kind
  if case .nullable(let inner) = kind {
    isNullable = true
    kind = inner
  }
  switch (kind, value.content) {
  case (.list(.choice, _), .string(let text)), (.list(.text, _), .string(let text)):
    return "write [\"\(text)\"]"
  case (.list, .number(let number)): return "write [\(canonicalNumber(number))]"
  case (.boolean, .number(0)): return "write false"
  case (.boolean, .number(1)): return "write true"
  case (.boolean, .string(let text)) where text == "true" || text == "false":
    return "write \(text) without quotes"
  case (.integer, .string(let text)), (.number, .string(let text)),
    (.integerOrInterval, .string(let text)):
    if let number = Double(text), number.isFinite {
      return "write \(canonicalNumber(number)) without quotes"
    }
    let isOff = ["null", "off", "none", "None", "false", ""].contains(text)
    return isNullable && isOff ? "write null for off" : nil
  case (.integer, .bool(false)), (.number, .bool(false)):
    return isNullable ? "write null for off" : nil
  default: return nil
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

/// What keeps a value from being of a kind, and where within it.
struct ValueMismatch: Error {
  /// `wrong-kind`, `out-of-range`, `unknown-value`, `wrong-count`, `unknown-key` or `missing-key`.
  let code: String
  let at: PositionedValue
  /// Behind the value's path, such as `[1]` or `.min`.
  var subpath = ""
  var nearest: String?
  var help: String?
  /// In place of what the whole parameter allows.
  var allowed: String?

  init(_ code: String, _ value: PositionedValue, nearest: String? = nil, help: String? = nil) {
    (self.code, at, self.nearest, self.help) = (code, value, nearest, help)
  }
}

/// A value of the kind, normalized so that equal meanings are equal values.
func checked(
  _ value: PositionedValue, _ kind: Parameter.Kind
) throws(ValueMismatch) -> ConfigValue {
  switch (kind, value.content) {
  case (_, .unreadable): return .null
  case (.nullable, .null): return .null
  case (.nullable(let inner), _): return try checked(value, inner)
  case (.boolean, .bool(let flag)): return .bool(flag)
  case (.integer(let range), .number(let number)):
    guard let whole = Int(exactly: number) else { throw ValueMismatch("wrong-kind", value) }
    if range.contains(whole) { return .number(number) }
  case (.number(let range), .number(let number)):
    if range.contains(number) { return .number(number) }
  case (.choice(let words), .string(let text)):
    if text.utf8.allSatisfy({ $0 < 0x80 }), words.contains(text) { return .string(text) }
    throw ValueMismatch("unknown-value", value, nearest: NearestMatch.find(text, in: words))
  case (.text(let rule), .string(let text)):
    if rule.allows(text) { return .string(text) }
    let whole = rule.prefix + text
    let isMeant = !rule.prefix.isEmpty && text.contains(/-v[0-9]+$/) && rule.allows(whole)
    throw ValueMismatch(rule.code, value, nearest: isMeant ? whole : nil)
  case (.integerOrInterval(let range), .number): return try checked(value, .integer(range))
  case (.integerOrInterval(let range), .object(let members)):
    return try checkedInterval(value, members, range)
  case (.record(let fields), .object(let members)): return try checked(value, members, fields)
  case (.object, .object), (.any, _): return value.plain
  case (.hashedFile(let rule), .string): return try checked(value, .text(rule))
  case (.call, .string), (.call, .object): return try checkedCall(value)
  case (.list(let element, let count), .array(let elements)):
    var values: [ConfigValue] = []
    for (i, part) in elements.enumerated() {
      do throws(ValueMismatch) {
        values.append(try checked(part, element))
      } catch {
        var inner = error
        inner.subpath = "[\(i)]" + inner.subpath
        throw inner
      }
    }
    guard count.contains(elements.count) else { throw ValueMismatch("wrong-count", value) }
    return .array(values)
  default: throw ValueMismatch("wrong-kind", value, help: kindHelp(value, kind))
  }
  throw ValueMismatch("out-of-range", value)
}

private func checkedInterval(
  _ value: PositionedValue, _ members: [PositionedValue.Member], _ range: ClosedRange<Int>
) throws(ValueMismatch) -> ConfigValue {
  let ends: ConfigValue
  do throws(ValueMismatch) {
    ends = try checked(value, members, [.init("min", range), .init("max", range)])
  } catch {
    // What the interval may be says more than what its end may be.
    var whole = error
    if whole.code != "unknown-key" { whole.allowed = nil }
    throw whole
  }
  guard case .number(let low)? = ends[path: "min"], case .number(let high)? = ends[path: "max"]
  else { return .null }
  if low > high {
    throw ValueMismatch("out-of-range", value, help: "\"min\" may not be above \"max\"")
  }
  return low == high ? .number(low) : ends
}

/// A name by itself where there are no arguments.
private func checkedCall(_ value: PositionedValue) throws(ValueMismatch) -> ConfigValue {
  let rule = TextRule(rest: "a name")
  var name = value
  var arguments: ConfigValue = [:]
  for member in value.members ?? [] {
    switch (member.key, member.value.content) {
    case ("name", _): name = member.value
    case ("kwargs", .object): arguments = member.value.plain
    default: throw ValueMismatch("wrong-kind", value)
    }
  }
  guard case .string(let text) = name.content, rule.allows(text) else {
    throw ValueMismatch("wrong-kind", value)
  }
  return arguments == [:] ? .string(text) : ["name": .string(text), "kwargs": arguments]
}

/// The members of a record: all of its fields and nothing else.
private func checked(
  _ value: PositionedValue, _ members: [PositionedValue.Member], _ fields: [Parameter.Field]
) throws(ValueMismatch) -> ConfigValue {
  let names = fields.map(\.name)
  var values: [String: ConfigValue] = [:]
  for member in members {
    var fault: ValueMismatch
    if let field = fields.first(where: { $0.name == member.key }) {
      do throws(ValueMismatch) {
        values[member.key] = try checked(member.value, field.kind)
        continue
      } catch {
        fault = error
        fault.allowed = allowedSentence(field.kind, name: field.name, unit: nil)
      }
    } else {
      fault = ValueMismatch(
        "unknown-key", PositionedValue(content: .null, range: member.keyRange),
        nearest: NearestMatch.find(member.key, in: names))
      fault.allowed = list(names.map { "\"\($0)\"" })
    }
    fault.subpath = ".\(member.key)"
    throw fault
  }
  let missing = names.filter { values[$0] == nil }.map { "\"\($0)\"" }
  guard missing.isEmpty else {
    let verb = missing.count == 1 ? "is" : "are"
    throw ValueMismatch(
      "missing-key", value, help: missing.joined(separator: ", ") + " \(verb) missing")
  }
  return .object(values)
}

/// What a person probably meant by a value of another kind.
private func kindHelp(_ value: PositionedValue, _ kind: Parameter.Kind) -> String? {
  var isNullable = false
  var kind = kind
  if case .nullable(let inner) = kind { (isNullable, kind) = (true, inner) }
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

// SPDX-License-Identifier: MIT
import Diagnostics
package import ParameterSchema

extension ConfigValue {
  /// The value of a stored JSON text; nil for anything that is not one.
  package init?(json text: String) {
    let document = JSONReader.read(SourceText(name: "", text: text))
    guard let value = document.value, document.findings.isEmpty else { return nil }
    self = value.plain
  }
}

/// The JSON Canonicalization Scheme (RFC 8785): no white space, keys ordered by UTF-16 code units,
/// numbers as ECMAScript prints them.
///
/// - Precondition: numbers are finite.
package func canonicalJSON(_ value: ConfigValue) -> String {
  var text = ""
  appendCanonical(value, to: &text)
  return text
}

private func appendCanonical(_ value: ConfigValue, to text: inout String) {
  switch value {
  case .null: text += "null"
  case .bool(let flag): text += flag ? "true" : "false"
  case .number(let number): text += canonicalNumber(number)
  case .string(let string): appendQuoted(string, to: &text)
  case .array(let elements):
    text += "["
    for (i, element) in elements.enumerated() {
      if i > 0 { text += "," }
      appendCanonical(element, to: &text)
    }
    text += "]"
  case .object(let members):
    text += "{"
    for (i, key) in members.keys.sorted(by: precedesInUTF16).enumerated() {
      if i > 0 { text += "," }
      appendQuoted(key, to: &text)
      text += ":"
      appendCanonical(members[key] ?? .null, to: &text)
    }
    text += "}"
  }
}

/// The order of RFC 8785, section 3.2.3.
func precedesInUTF16(_ a: String, _ b: String) -> Bool {
  // Among ASCII, Swift's own order is the same and much faster.
  a.utf8.allSatisfy({ $0 < 0x80 }) && b.utf8.allSatisfy({ $0 < 0x80 })
    ? a < b : a.utf16.lexicographicallyPrecedes(b.utf16)
}

/// Appends a JSON string with the escapes of RFC 8785, section 3.2.2.2.
func appendQuoted(_ string: String, to text: inout String) {
  text += "\""
  if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
  {
    text += string
  } else {
    for scalar in string.unicodeScalars { appendEscaped(scalar, to: &text) }
  }
  text += "\""
}

private func appendEscaped(_ scalar: Unicode.Scalar, to text: inout String) {
  switch scalar {
  case "\"": text += "\\\""
  case "\\": text += "\\\\"
  case "\u{08}": text += "\\b"
  case "\u{0C}": text += "\\f"
  case "\n": text += "\\n"
  case "\r": text += "\\r"
  case "\t": text += "\\t"
  case _ where scalar.value < 0x20:
    text += scalar.value < 0x10 ? "\\u000" : "\\u00"
    text += String(scalar.value, radix: 16)
  default: text.unicodeScalars.append(scalar)
  }
}

/// A finite double as ECMAScript's `Number::toString` prints it: the shortest digits that read back
/// as the same double, plain from 1e-6 to below 1e21, else with an exponent.
///
/// Swift's `description` has the same digits, but switches to exponents elsewhere.
package func canonicalNumber(_ number: Double) -> String {
  precondition(number.isFinite, "JSON has no number for \(number)")
  if number == 0 { return "0" }
  if let whole = Int(exactly: number), abs(number) < 9e15 { return String(whole) }
  if abs(number) < 9e15 {
    let plain = "\(number)"
    // Of what is no whole number, both write the same where there is no exponent.
    if !plain.utf8.contains(UInt8(ascii: "e")) { return plain }
  }
  let description = Substring("\(abs(number))")
  let sign = number < 0 ? "-" : ""
  let parts = description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".")
  let whole = mantissa[0]
  let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
  let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0

  var digits = whole + fraction
  // The value is 0.DIGITS · 10^point.
  var point = whole.count + exponent
  while digits.hasPrefix("0") {
    digits = digits.dropFirst()
    point -= 1
  }
  while digits.hasSuffix("0") { digits = digits.dropLast() }
  let k = digits.count
  if k <= point, point <= 21 {
    return sign + digits + String(repeating: "0", count: point - k)
  }
  if 0 < point, point <= 21 {
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }
  if -6 < point, point <= 0 {
    return sign + "0." + String(repeating: "0", count: -point) + digits
  }
  let power = point - 1
  let tail = (power < 0 ? "e-" : "e+") + String(abs(power))
  return sign + digits.prefix(1) + (k > 1 ? "." + digits.dropFirst() : "") + tail
}

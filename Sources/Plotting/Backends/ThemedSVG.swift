// SPDX-License-Identifier: MIT

/// One SVG document for two themes: the light scene's, with the dark scene's colours where a reader
/// prefers dark ones.
///
/// Viewers that know no such preference show the light one.
///
/// - Returns: nil where the scenes differ in more than colours, or where one holds pictures of
///   pixels.
package func themedSVG(
  light: Scene, dark: Scene, text: [PNGText] = []
) throws(PlottingError) -> [UInt8]? {
  if hasImages(light.marks) || hasImages(dark.marks) { return nil }
  let (bright, dim) = (try light.svg(text: text), try dark.svg(text: text))
  let newline = UInt8(ascii: "\n")
  let lines = bright.split(separator: newline, omittingEmptySubsequences: false)
  let others = dim.split(separator: newline, omittingEmptySubsequences: false)
  guard lines.count == others.count else { return nil }
  var rules: [String: Int] = [:]
  var order: [String] = []
  var body: [UInt8] = []
  body.reserveCapacity(bright.count + bright.count / 8)
  var head: Int?
  for (line, other) in zip(lines, others) {
    if line == other {
      body += line
    } else {
      guard
        let changed = differing(
          String(decoding: line, as: UTF8.self), String(decoding: other, as: UTF8.self))
      else { return nil }
      let number = rules[changed.rule] ?? rules.count
      if rules[changed.rule] == nil { order.append(changed.rule) }
      rules[changed.rule] = number
      body += changed.start.utf8
      body += " class=\"k\(number)\"\(changed.rest)".utf8
    }
    body.append(newline)
    if head == nil, line.starts(with: "<desc>".utf8) { head = body.count }
  }
  guard let head else { return nil }
  let style = order.enumerated().map { ".k\($0){\($1)}" }.joined()
  body.insert(
    contentsOf: "<style>@media (prefers-color-scheme:dark){\(style)}</style>\n".utf8, at: head)
  return body
}

/// Two elements that differ in values of their `style` only: the element up to its name, the rest,
/// and the other's values as a rule that beats them.
private func differing(
  _ line: String, _ other: String
) -> (start: String, rest: String, rule: String)? {
  let (a, b) = (parts(line), parts(other))
  guard let a, let b, a.before == b.before, a.after == b.after,
    a.declarations.count == b.declarations.count,
    zip(a.declarations, b.declarations).allSatisfy({ name($0) == name($1) }),
    let end = line.dropFirst().firstIndex(where: { $0 == " " || $0 == ">" }),
    line.first == "<"
  else { return nil }
  let rule = zip(a.declarations, b.declarations).filter { $0 != $1 }
    .map { "\($1)!important" }.joined(separator: ";")
  return (String(line[..<end]), String(line[end...]), rule)
}

private func name(_ declaration: Substring) -> Substring { declaration.prefix { $0 != ":" } }

private func parts(
  _ line: String
) -> (before: Substring, declarations: [Substring], after: Substring)? {
  guard let start = line.firstRange(of: "style=\"") else { return nil }
  let rest = line[start.upperBound...]
  guard let end = rest.firstIndex(of: "\"") else { return nil }
  return (line[..<start.lowerBound], rest[..<end].split(separator: ";"), rest[end...])
}

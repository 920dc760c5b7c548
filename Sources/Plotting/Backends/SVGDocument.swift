// SPDX-License-Identifier: MIT

import CCairo

extension Scene {
  /// The scene as an SVG document (UTF-8) for both themes, with its title, text alternative, and
  /// `text` as metadata; nil where it holds pictures of pixels.
  ///
  /// A viewer that knows no preference for dark colours shows the light ones. Letters are outlines,
  /// so it looks the same without the fonts. The same scene gives the same bytes on one machine.
  package func svg(text notes: [PNGText] = []) throws(PlottingError) -> [UInt8]? {
    try checkCanvas(scale: 1)
    if hasImages { return nil }
    var writer = SVGWriter(letters: try CairoCanvas.outlines())
    writer.add([.rect(bounds, fill: background)] + marks)
    let metadata = notes.map { "\(escapedXML($0.keyword)): \(escapedXML($0.text))\n" }.joined()
    let (wide, high) = (shortest(width), shortest(height))
    return Array(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg role="img" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
      width="\(wide)px" height="\(high)px" viewBox="0 0 \(wide) \(high)">
      <title>\(escapedXML(title))</title>
      <desc>\(escapedXML(alternative))</desc>
      \(notes.isEmpty ? "" : "<metadata>\n\(metadata)</metadata>\n")<style>\(writer.sheet)</style>
      <defs>
      \(writer.outlines)</defs>
      \(writer.body)</svg>

      """.utf8)
  }
}

/// Marks as elements whose colours are classes with a rule for each theme.
private struct SVGWriter {
  /// What of a mark a class says.
  private struct Look: Hashable {
    let fill: Paint?
    let stroke: Stroke?
  }

  /// A glyph of one of the two weights.
  private struct Letter: Hashable {
    let weight: TextWeight
    let index: UInt
  }

  /// Letters are outlined at this size, so that their points are whole numbers; one outline serves
  /// every size of text.
  private static let em = 1_000.0

  /// Where fonts are asked for outlines.
  private let letters: CairoCanvas
  /// The elements, a line each.
  private(set) var body = ""
  /// The letters' outlines, a line each.
  private(set) var outlines = ""
  private var looks: [Look: String] = [:]
  private var rules: [(light: String, dark: String)] = []
  private var names: [Letter: String] = [:]
  private var shared = 0

  init(letters: CairoCanvas) { self.letters = letters }

  /// The style sheet: what all inherit, each class, and what differs in the dark.
  var sheet: String {
    func text(_ rules: [String]) -> String {
      rules.enumerated().map { $1.isEmpty ? "" : ".k\($0){\($1)}" }.joined()
    }
    let dark = text(rules.map(\.dark))
    return "svg{stroke-linecap:round;stroke-linejoin:round}" + text(rules.map(\.light))
      + (dark.isEmpty ? "" : "@media (prefers-color-scheme:dark){\(dark)}")
  }

  /// Adds the marks, later ones over earlier ones.
  mutating func add(_ marks: [Mark]) {
    for mark in marks {
      switch mark {
      case .rect(let rect, let fill, let stroke, let radius) where radius > 0:
        let corner = shortest(min(radius, rect.width / 2, rect.height / 2))
        body += "<rect class=\"\(name(fill, stroke))\" x=\"\(shortest(rect.x))\""
        body += " y=\"\(shortest(rect.y))\" width=\"\(shortest(rect.width))\""
        body += " height=\"\(shortest(rect.height))\" rx=\"\(corner)\"/>\n"
      case .rect(let rect, let fill, let stroke, _): add(outline(of: rect), name(fill, stroke))
      case .line(let points, let stroke): add(steps(through: points), name(nil, stroke))
      case .polygon(let points, let fill):
        add(steps(through: points) + [.close], name(fill, nil))
      case .circle(let center, let radius, let fill, let stroke):
        body += "<circle class=\"\(name(fill, stroke))\" cx=\"\(shortest(center.x))\""
        body += " cy=\"\(shortest(center.y))\" r=\"\(shortest(radius))\"/>\n"
      case .clip(let rect, let inner):
        shared += 1
        body +=
          "<clipPath id=\"c\(shared)\"><path d=\"\(pathData(outline(of: rect)))\"/></clipPath>\n"
        body += "<g clip-path=\"url(#c\(shared))\">\n"
        add(inner)
        body += "</g>\n"
      case .text(let text): add(text)
      case .image: preconditionFailure("pictures of pixels have no SVG")
      }
    }
  }

  private mutating func add(_ steps: [PathStep], _ look: String) {
    body += "<path class=\"\(look)\" d=\"\(pathData(steps))\"/>\n"
  }

  /// Adds a text as its letters, each an outline that others share.
  private mutating func add(_ text: TextMark) {
    if text.string.isEmpty { return }
    var large = text
    large.style.size = Self.em
    large.position = Point(0, 0)
    let drawn = DrawnText(large, on: letters)
    let scale = text.style.size / Self.em
    var line = ""
    if let shaped = drawn.shaped {
      line = "<path d=\"\(pathData(letters.outline(of: shaped), grid: 100))\"/>"
    } else {
      for glyph in letters.glyphs(of: text.string) {
        let name = name(glyph, text.style.weight)
        if name.isEmpty { continue }
        line += "<use xlink:href=\"#\(name)\" x=\"\(Int(glyph.x.rounded()))\"/>"
      }
    }
    let origin = Point(
      text.position.x + drawn.origin.x * scale, text.position.y + drawn.origin.y * scale)
    let across = decimal(Int((scale * drawn.stretch * 1e5).rounded()), places: 5)
    let down = decimal(Int((scale * 1e5).rounded()), places: 5)
    let place =
      "transform=\"translate(\(shortest(origin.x)) \(shortest(origin.y)))"
      + "scale(\(across == down ? down : "\(across) \(down)"))\""
    let look = name(text.color, nil)
    guard let halo = text.halo else {
      body += "<g class=\"\(look)\" \(place)>\(line)</g>\n"
      return
    }
    shared += 1
    body += "<g \(place)><g class=\"\(name(nil, Stroke(halo, width: 3.5 / scale)))\">"
    body += "<g id=\"t\(shared)\">\(line)</g></g>"
    body += "<use class=\"\(look)\" xlink:href=\"#t\(shared)\"/></g>\n"
  }

  /// The name of a letter's outline; empty for one without ink, such as a space.
  private mutating func name(_ glyph: cairo_glyph_t, _ weight: TextWeight) -> String {
    let letter = Letter(weight: weight, index: glyph.index)
    if let known = names[letter] { return known }
    let data = pathData(letters.outline(of: glyph), grid: 100)
    let name = data.isEmpty ? "" : "g\(names.count)"
    names[letter] = name
    if !data.isEmpty { outlines += "<path id=\"\(name)\" d=\"\(data)\"/>\n" }
    return name
  }

  /// The class of a look.
  private mutating func name(_ fill: Paint?, _ stroke: Stroke?) -> String {
    let look = Look(fill: fill, stroke: stroke)
    if let known = looks[look] { return known }
    let (light, dark) = (declarations(look, .light), declarations(look, .dark))
    let changed = dark.filter { !light.contains($0) }
    let name = "k\(rules.count)"
    looks[look] = name
    rules.append((light.joined(separator: ";"), changed.joined(separator: ";")))
    return name
  }

  private func declarations(_ look: Look, _ theme: Theme) -> [String] {
    func color(_ property: String, _ color: Color) -> [String] {
      ["\(property):\(color.opacity(1).css.lowercased())"]
        + (color.alpha < 1 ? ["\(property)-opacity:\(shortest(color.alpha))"] : [])
    }
    let fill = look.fill.map { color("fill", $0[theme]) } ?? ["fill:none"]
    guard let stroke = look.stroke else { return fill }
    let dashes = stroke.dash.map { shortest($0) }.joined(separator: ",")
    return fill + color("stroke", stroke.color[theme])
      + (stroke.width == 1 ? [] : ["stroke-width:\(shortest(stroke.width))"])
      + (dashes.isEmpty ? [] : ["stroke-dasharray:\(dashes)", "stroke-linecap:butt"])
  }
}

private func steps(through points: [Point]) -> [PathStep] {
  points.enumerated().map { $0 == 0 ? .move($1) : .line($1) }
}

private func outline(of rect: Rect) -> [PathStep] {
  steps(through: [
    Point(rect.x, rect.y), Point(rect.right, rect.y), Point(rect.right, rect.bottom),
    Point(rect.x, rect.bottom),
  ]) + [.close]
}

/// Steps as SVG path data: after the first point relative, exact between points that are rounded to
/// multiples of `grid` hundredths; without a grid, tenths, but hundredths for a few points, which may
/// be a bar or a dot thinner than that.
func pathData(_ steps: [PathStep], grid: Int? = nil) -> String {
  let grid = grid ?? (steps.count > 12 ? 10 : 1)
  var data = ""
  var (last, here, start) = (Character(" "), (x: 0, y: 0), (x: 0, y: 0))
  func rounded(_ point: Point) -> (x: Int, y: Int) {
    (hundredths(point.x, grid: grid), hundredths(point.y, grid: grid))
  }
  func append(_ command: Character, _ numbers: [Int]) {
    if command != last || command == "M" { data.append(command) }
    last = command
    for number in numbers {
      if let end = data.last, end.isNumber, number >= 0 { data.append(" ") }
      data += decimal(number, places: 2)
    }
  }
  for (index, step) in steps.enumerated() {
    switch step {
    case .move(let point):
      (here, start) = (rounded(point), rounded(point))
      // A move that nothing is drawn from is left out.
      if index + 1 < steps.count, case .move = steps[index + 1] { continue }
      if index + 1 < steps.count { append("M", [here.x, here.y]) }
    case .line(let point):
      let next = rounded(point)
      let (dx, dy) = (next.x - here.x, next.y - here.y)
      if dy == 0 {
        append("h", [dx])
      } else if dx == 0 {
        append("v", [dy])
      } else {
        append("l", [dx, dy])
      }
      here = next
    case .curve(let a, let b, let end):
      append("c", [a, b, end].map(rounded).flatMap { [$0.x - here.x, $0.y - here.y] })
      here = rounded(end)
    case .close:
      append("z", [])
      here = start
    }
  }
  return data
}

/// Whole hundredths, rounded to a multiple of `grid`; what lies further away than any drawing
/// reaches stays there.
private func hundredths(_ value: Double, grid: Int) -> Int {
  Int((min(max(value, -1e9), 1e9) * 100 / Double(grid)).rounded()) * grid
}

/// A length in hundredths of a point at most.
private func shortest(_ value: Double) -> String { decimal(hundredths(value, grid: 1), places: 2) }

/// `value` tens of `places` as the shortest decimal: `-150` of two is `-1.5`, `25` is `.25`.
private func decimal(_ value: Int, places: Int) -> String {
  var digits = String(value.magnitude)
  digits = String(repeating: "0", count: max(0, places - digits.count)) + digits
  var part = digits.suffix(places)
  while part.last == "0" { part.removeLast() }
  let whole = digits.dropLast(places)
  let text = whole + (part.isEmpty ? "" : "." + part)
  return (value < 0 ? "-" : "") + (text.isEmpty ? "0" : text)
}

/// `text` for the inside of an element.
private func escapedXML(_ text: String) -> String {
  var result = ""
  for character in drawable(text) {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    default: result.append(character)
    }
  }
  return result
}

// SPDX-License-Identifier: MIT

/// Cairo's document made fit for a page: title, alternative and notes inside, the same bytes always.
///
/// Cairo numbers surfaces and images over the whole process (`id="surface5"`, `id="image7"`): a
/// surface's, which nothing refers to, is left out, and images are numbered from 1. A glyph's outline
/// is a path to be used, without a symbol around it.
func finishedSVG(_ document: [UInt8], of scene: Scene, notes: [PNGText] = []) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(document.count + 512)
  var images: [[UInt8]: Int] = [:]
  func number(_ digits: [UInt8]) -> Int {
    let number = images[digits] ?? images.count + 1
    images[digits] = number
    return number
  }
  var isDescribed = false
  /// The name of the glyph whose outline comes next.
  var glyph: ArraySlice<UInt8>?
  for line in document.split(separator: UInt8(ascii: "\n")) {
    if !isDescribed, let rest = suffix(of: line, after: "<svg ") {
      result += "<svg role=\"img\" ".utf8
      result += rest
      result += "\n<title>\(escapedXML(scene.title))</title>".utf8
      result += "\n<desc>\(escapedXML(scene.alternative))</desc>\n".utf8
      if !notes.isEmpty { result += metadata(notes).utf8 }
      isDescribed = true
    } else if suffix(of: line, after: "<g id=\"surface") != nil {
      result += "<g style=\"\(inheritedSVGStyle)\">\n".utf8
    } else if let rest = suffix(of: line, after: "<symbol overflow=\"visible\" id=\"glyph") {
      glyph = rest.prefix { $0 != UInt8(ascii: "\"") }
    } else if let name = glyph, let rest = suffix(of: line, after: "<path ") {
      result += "<path id=\"g".utf8
      result += name
      result += "\" ".utf8
      appendShortened(rest, to: &result, isGlyph: true)
      result.append(UInt8(ascii: "\n"))
    } else if glyph != nil, line.elementsEqual("</symbol>".utf8) {
      glyph = nil
    } else if let name = glyph {
      // A picture, as of a letter in a bitmap font: it stays a symbol.
      result += "<symbol overflow=\"visible\" id=\"g".utf8
      result += name
      result += "\">\n".utf8
      result += line
      result.append(UInt8(ascii: "\n"))
      glyph = nil
    } else if let rest = suffix(of: line, after: "  <use xlink:href=\"#glyph") {
      appendShortened((Array("<use xlink:href=\"#g".utf8) + rest)[...], to: &result)
      result.append(UInt8(ascii: "\n"))
    } else if let rest = suffix(of: line, after: "<image id=\"image") {
      let digits = Array(rest.prefix { $0 != UInt8(ascii: "\"") })
      // Weights and frames are shown as blocks, not blurred.
      result += "<image style=\"image-rendering:pixelated\" id=\"image\(number(digits))".utf8
      result += rest.dropFirst(digits.count)
      result.append(UInt8(ascii: "\n"))
    } else if let rest = suffix(of: line, after: "  <use xlink:href=\"#image") {
      let digits = Array(rest.prefix { $0 != UInt8(ascii: "\"") })
      result += "<use xlink:href=\"#image\(number(digits))".utf8
      result += rest.dropFirst(digits.count)
      result.append(UInt8(ascii: "\n"))
    } else {
      appendShortened(line, to: &result)
      result.append(UInt8(ascii: "\n"))
    }
  }
  return result
}

/// Where the numbers come from, a line each, as `Keyword: text`.
private func metadata(_ notes: [PNGText]) -> String {
  "<metadata>\n"
    + notes.map { "\(escapedXML($0.keyword)): \(escapedXML($0.text))\n" }.joined()
    + "</metadata>\n"
}

private func suffix(of line: ArraySlice<UInt8>, after start: String) -> ArraySlice<UInt8>? {
  line.starts(with: start.utf8) ? line.dropFirst(start.utf8.count) : nil
}

/// `text` for the inside of an element.
func escapedXML(_ text: String) -> String {
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

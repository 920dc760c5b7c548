// SPDX-License-Identifier: MIT

// Cairo spells everything out: each number with six decimals, each point absolutely, each colour in
// per cent, each property even where it has its initial value. What is written here looks the same
// in less than half of the bytes: nothing moves by more than a twentieth of a point.

/// Bytes of path data up to which a shape may be thinner than a tenth of a point: a bar, a dot.
private let smallShape = 240

/// What every mark inherits, so that it need not say it.
let inheritedSVGStyle = "stroke-linecap:round;stroke-linejoin:round"

/// An element's line as Cairo wrote it, shorter: coordinates in tenths of a point, those of a glyph
/// or a small shape in hundredths, path data relative, colours as `#rrggbb`, no property that is
/// initial, in `inheritedSVGStyle`, or a limit of mitres, which round joins have none of.
package func appendShortened(
  _ line: ArraySlice<UInt8>, to result: inout [UInt8], isGlyph: Bool = false
) {
  let grid = isGlyph ? 1 : 10
  let quote = UInt8(ascii: "\"")
  let pieces = line.drop { $0 == UInt8(ascii: " ") }
    .split(separator: quote, omittingEmptySubsequences: false)
  // Names and values of attributes take turns.
  for (index, piece) in pieces.enumerated() {
    guard index % 2 == 1 else {
      // A dropped attribute leaves its blank to the next.
      let isAfterBlank = result.last == UInt8(ascii: " ")
      result += isAfterBlank && piece.first == UInt8(ascii: " ") ? piece.dropFirst() : piece
      continue
    }
    let name = pieces[index - 1].split(separator: UInt8(ascii: " ")).last ?? []
    var value: [UInt8] = []
    switch String(decoding: name, as: UTF8.self) {
    case "d=": appendPath(piece, to: &value, grid: piece.count < smallShape ? 1 : grid)
    case "style=": value = shortenedStyle(piece)
    case "x=", "y=": value = hundredths(piece, grid: grid).map(decimal) ?? Array(piece)
    default: value = Array(piece)
    }
    if value.isEmpty, name.elementsEqual("style=".utf8) {
      result.removeLast(name.count)
      continue
    }
    result.append(quote)
    result += value
    result.append(quote)
  }
  if result.suffix(3).elementsEqual(" />".utf8) {
    result.replaceSubrange((result.count - 3)..., with: "/>".utf8)
  }
}

/// Moves, lines, curves and closings as relative steps, exact between points that are rounded to
/// multiples of `grid` hundredths.
private func appendPath(_ data: ArraySlice<UInt8>, to result: inout [UInt8], grid: Int) {
  var numbers: [Int] = []
  var command = UInt8(ascii: "M")
  var last = UInt8(0)
  var (x, y, startX, startY) = (0, 0, 0, 0)
  /// A move is written when something is drawn from it.
  var isMoved = false
  func letter(_ next: UInt8) {
    if next != last { result.append(next) }
    last = next
  }
  func append(_ steps: [Int]) {
    for step in steps {
      if let end = result.last, end >= UInt8(ascii: "."), end <= UInt8(ascii: "9"), step >= 0 {
        result.append(UInt8(ascii: " "))
      }
      result += decimal(step)
    }
  }
  func start() {
    if isMoved {
      last = 0
      letter(UInt8(ascii: "M"))
      append([x, y])
      isMoved = false
    }
  }
  for token in data.split(separator: UInt8(ascii: " ")) {
    if let number = hundredths(token, grid: grid) {
      numbers.append(number)
    } else {
      command = token.first ?? command
      if command == UInt8(ascii: "Z") {
        start()
        letter(UInt8(ascii: "z"))
        (x, y) = (startX, startY)
      }
      numbers = []
      continue
    }
    switch command {
    case UInt8(ascii: "M") where numbers.count == 2:
      (x, y, startX, startY, isMoved) = (numbers[0], numbers[1], numbers[0], numbers[1], true)
    case UInt8(ascii: "L") where numbers.count == 2:
      start()
      let (dx, dy) = (numbers[0] - x, numbers[1] - y)
      if dy == 0 {
        letter(UInt8(ascii: "h"))
        append([dx])
      } else if dx == 0 {
        letter(UInt8(ascii: "v"))
        append([dy])
      } else {
        letter(UInt8(ascii: "l"))
        append([dx, dy])
      }
      (x, y) = (numbers[0], numbers[1])
    case UInt8(ascii: "C") where numbers.count == 6:
      start()
      letter(UInt8(ascii: "c"))
      append(numbers.enumerated().map { $0.element - ($0.offset % 2 == 0 ? x : y) })
      (x, y) = (numbers[4], numbers[5])
    default: continue
    }
    numbers = []
  }
}

private func shortenedStyle(_ style: ArraySlice<UInt8>) -> [UInt8] {
  let declarations = style.drop { $0 == UInt8(ascii: " ") }
    .split(separator: UInt8(ascii: ";")).map { String(decoding: $0, as: UTF8.self) }
  let isUnstroked = declarations.contains("stroke:none")
  let dull: Set<String> = [
    "fill-opacity:1", "stroke-opacity:1", "fill-rule:nonzero", "stroke-miterlimit:10",
    "stroke-linecap:round", "stroke-linejoin:round", "stroke-width:1", "stroke:none",
  ]
  let kept = declarations.filter {
    !dull.contains($0) && !(isUnstroked && $0.hasPrefix("stroke"))
  }
  return Array(kept.map(shortenedColor).joined(separator: ";").utf8)
}

/// `fill:rgb(100%,0%,0%)` as `fill:#ff0000`.
private func shortenedColor(_ declaration: String) -> String {
  guard let open = declaration.firstRange(of: ":rgb("), declaration.hasSuffix(")") else {
    return declaration
  }
  let channels = declaration[open.upperBound...].dropLast().split(separator: ",")
    .compactMap { $0.hasSuffix("%") ? Double($0.dropLast()) : nil }
  guard channels.count == 3 else { return declaration }
  let digits = channels.map { channel in
    let byte = Int((channel * 2.55).rounded())
    return (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
  return "\(declaration[..<open.lowerBound]):#\(digits.joined())"
}

/// A number in hundredths, rounded to a multiple of `grid`, 1 or 10; nil where `token` is none.
private func hundredths(_ token: ArraySlice<UInt8>, grid: Int) -> Int? {
  let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  let isNegative = token.first == UInt8(ascii: "-")
  let rest = isNegative ? token.dropFirst() : token
  guard let first = rest.first, digits.contains(first) else { return nil }
  var (value, places) = (0, -1)
  for byte in rest {
    if byte == UInt8(ascii: "."), places < 0 {
      places = 0
    } else if digits.contains(byte) {
      // Three decimals decide how the second is rounded.
      // What lies further away than any drawing reaches stays where it is.
      if places < 3, value < 1_000_000_000_000 {
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      if places >= 0, places < 3 { places += 1 }
    } else {
      return nil
    }
  }
  for _ in max(places, 0)..<3 { value *= 10 }
  value = (value + 5 * grid) / (10 * grid) * grid
  return isNegative ? -value : value
}

/// Hundredths as the shortest decimal: `-150` is `-1.5`, `25` is `.25`.
private func decimal(_ hundredths: Int) -> [UInt8] {
  var text = hundredths < 0 ? "-" : ""
  let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
  if whole > 0 || part == 0 { text += "\(whole)" }
  if part > 0 {
    text += part % 10 == 0 ? ".\(part / 10)" : part < 10 ? ".0\(part)" : ".\(part)"
  }
  return Array(text.utf8)
}

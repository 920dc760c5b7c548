// SPDX-License-Identifier: MIT

import Foundation
import Plotting
import Randomness
import Testing

@Suite("Short SVG") struct SVGShorteningTests {
  private func shortened(_ line: String, isGlyph: Bool = false) -> String {
    var bytes: [UInt8] = []
    appendShortened(Array(line.utf8)[...], to: &bytes, isGlyph: isGlyph)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "A line says only what is not initial or inherited",
    arguments: [
      (
        "<path style=\"stroke:none;\" d=\"M 0 -0.25 L 10.125 -0.25 L 10.125 2 Z M 0 -0.25 \"/>",
        "<path d=\"M0-.25h10.13v2.25z\"/>"
      ),
      (
        "<path style=\"stroke:none;\" d=\"M 5 5 Z M 5 5 \"/>",
        "<path d=\"M5 5z\"/>"
      ),
      (
        "  <use xlink:href=\"#a\" x=\"218.648438\" y=\"28\"/>",
        "<use xlink:href=\"#a\" x=\"218.6\" y=\"28\"/>"
      ),
      (
        "<path style=\"fill:none;stroke-width:1;stroke-linecap:round;stroke-linejoin:round;"
          + "stroke:rgb(90.196078%,90.980392%,1.960784%);stroke-opacity:1;stroke-miterlimit:10;\" "
          + "d=\"M 1 1 L 2 3 L 4 4 L 4 5 \"/>",
        "<path style=\"fill:none;stroke:#e6e805\" d=\"M1 1l1 2 2 1v1\"/>"
      ),
      (
        "<path style=\"fill:none;stroke-width:2.5;stroke-linecap:butt;stroke:rgb(0%,0%,0%);"
          + "stroke-opacity:0.5;stroke-dasharray:4,3;\" d=\"M 0 0 L 1 1 \"/>",
        "<path style=\"fill:none;stroke-width:2.5;stroke-linecap:butt;stroke:#000000;"
          + "stroke-opacity:0.5;stroke-dasharray:4,3\" d=\"M0 0l1 1\"/>"
      ),
      (
        "<g clip-path=\"url(#clip1)\" clip-rule=\"nonzero\">",
        "<g clip-path=\"url(#clip1)\" clip-rule=\"nonzero\">"
      ),
    ])
  func lines(cairo: String, short: String) { #expect(shortened(cairo) == short) }

  @Test(
    "A path goes through the same points, to half a tenth, a glyph's to half a hundredth",
    arguments: 0..<100, [false, true])
  func paths(seed: Int, isGlyph: Bool) {
    var random = Xoshiro256(seed: UInt64(seed))
    func number() -> Double {
      (random.nextUnit() - 0.5) * pow(10, Double(random.next(below: 5)))
    }
    var data = ""
    var points: [Double] = []
    for _ in 0..<20 {
      let kind = ["M", "L", "L", "C"][data.isEmpty ? 0 : Int(random.next(below: 4))]
      let count = kind == "C" ? 6 : 2
      let numbers = (0..<count).map { _ in number() }
      // A move that another follows draws nothing.
      if kind == "M", data.hasPrefix("M"), data.split(separator: " ").suffix(3).first == "M" {
        continue
      }
      data += "\(kind) " + numbers.map { String(format: "%.6f", $0) }.joined(separator: " ") + " "
      points += numbers
      if kind == "C", random.next(below: 3) == 0 {
        data += "Z M 1 1 L 2 2 "; points += [1, 1, 2, 2]
      }
    }
    data += "L 5 5 "
    points += [5, 5]
    let short = shortened("<path d=\"\(data)\"/>", isGlyph: isGlyph)
    let found = absolute(short)
    #expect(found.count == points.count, "\(data) became \(short)")
    let limit = isGlyph ? 0.005001 : 0.05001
    for (a, b) in zip(found, points) { #expect(abs(a - b) < limit, "\(data) became \(short)") }
  }

  /// Reads path data as the SVG standard says (§9.3), slowly.
  private func absolute(_ path: String) -> [Double] {
    let data = path.dropFirst("<path d=\"".count).dropLast("\"/>".count)
    var numbers: [Double] = []
    var command: Character = "M"
    var result: [Double] = []
    var (x, y, startX, startY) = (0.0, 0.0, 0.0, 0.0)
    for token in String(data).matches(of: /[A-Za-z]|-?(\d+\.?\d*|\.\d+)/).map(\.output.0) {
      if let first = token.first, first.isLetter {
        command = first
        if command == "z" { (x, y) = (startX, startY) }
        continue
      }
      numbers.append(Double(token) ?? .nan)
      switch command {
      case "M" where numbers.count == 2:
        (x, y) = (numbers[0], numbers[1])
        (startX, startY) = (x, y)
      case "l" where numbers.count == 2: (x, y) = (x + numbers[0], y + numbers[1])
      case "h": x += numbers[0]
      case "v": y += numbers[0]
      case "c" where numbers.count == 6:
        result += [x + numbers[0], y + numbers[1], x + numbers[2], y + numbers[3]]
        (x, y) = (x + numbers[4], y + numbers[5])
      default: continue
      }
      result += [x, y]
      numbers = []
    }
    return result
  }
}

// SPDX-License-Identifier: MIT

import Foundation
import Randomness
import Testing

@testable import Plotting

@Suite("SVG documents") struct SVGDocumentTests {
  private func text(_ marks: [Mark], background: Paint = Paint(0xFFFFFF)) throws -> String {
    try Scene(
      width: 40, height: 20, title: "t", alternative: "a", background: background, marks: marks
    ).svgText()
  }

  private let redOrBlue = Paint { $0 == .light ? Color(0xFF0000) : Color(0x0000FF) }
  private let box = Rect(x: 10, y: 5, width: 10, height: 10)

  @Test("A colour is a class; where themes differ, the dark one is a rule for the dark")
  func colours() throws {
    let themed = try text([.rect(box, fill: redOrBlue)])
    #expect(themed.contains(".k1{fill:#ff0000}"))
    #expect(themed.contains("@media (prefers-color-scheme:dark){.k1{fill:#0000ff}}"))
    #expect(themed.contains("<path class=\"k1\" d=\"M10 5h10v10h-10z\"/>"))
    // Equal themes need no rule.
    #expect(!(try text([.rect(box, fill: Paint(0xFF0000))])).contains("@media"))
  }

  @Test("What differs in opacity, width or dashes is another class, what does not is the same")
  func looks() throws {
    let ends = [Point(0, 0), Point(3, 4)]
    let drawn = try text([
      .line(ends, Stroke(redOrBlue)), .line(ends, Stroke(redOrBlue, width: 2.5)),
      .line(ends, Stroke(redOrBlue.opacity(0.5), dash: [4, 3])), .line(ends, Stroke(redOrBlue)),
    ])
    #expect(
      drawn.contains(".k1{fill:none;stroke:#ff0000}.k2{fill:none;stroke:#ff0000;stroke-width:2.5}"))
    #expect(
      drawn.contains(
        ".k3{fill:none;stroke:#ff0000;stroke-opacity:.5;stroke-dasharray:4,3;stroke-linecap:butt}"))
    #expect(drawn.contains(".k1{stroke:#0000ff}.k2{stroke:#0000ff}.k3{stroke:#0000ff}}"))
    #expect(!drawn.contains(".k4") && drawn.components(separatedBy: "class=\"k1\"").count == 3)
  }

  @Test("One outline serves a letter at every size, and a halo lies below its letters")
  func letters() throws {
    func mark(_ size: Double, halo: Paint? = nil) -> Mark {
      .text(
        TextMark(
          "aa a", at: Point(2, 15), style: TextStyle(size: size), color: Paint(0), halo: halo))
    }
    let drawn = try text([mark(10), mark(8, halo: Paint(0xFFFFFF))])
    #expect(drawn.components(separatedBy: "<path id=").count == 2)
    #expect(drawn.components(separatedBy: "xlink:href=\"#g0\"").count == 7)
    #expect(drawn.contains("transform=\"translate(2 15)scale(.01)\""))
    #expect(
      drawn.contains("transform=\"translate(2 15)scale(.008)\"><g class=\"k2\"><g id=\"t1\">"))
    #expect(drawn.contains("</g></g><use class=\"k1\" xlink:href=\"#t1\"/></g>"))
    #expect(drawn.contains("stroke-width:437.5"))
  }

  @Test("A line in another font is written to its last letter, however long it is")
  func shapedLines() throws {
    func outlines(_ string: String) throws -> Int {
      let mark = TextMark(string, at: Point(2, 15), style: TextStyle(size: 12), color: Paint(0))
      return try text([.text(mark)]).count { $0 == "z" }
    }
    let letters = String(repeating: "l", count: 200)
    #expect(try outlines("∇\(letters)") == outlines("∇l") + 199)
  }

  @Test(
    "Path data are as short as they can be",
    arguments: [
      (
        [.move(Point(0, -0.25)), .line(Point(10.125, -0.25)), .line(Point(10.125, 2)), .close]
          as [PathStep], "M0-.25h10.13v2.25z"
      ),
      ([.move(Point(5, 5)), .close], "M5 5z"),
      ([.move(Point(5, 5)), .move(Point(1, 1))], ""),
      (
        [.move(Point(1, 1)), .line(Point(2, 3)), .line(Point(4, 4)), .line(Point(4, 5))],
        "M1 1l1 2 2 1v1"
      ),
      (
        [.move(Point(1, 1)), .line(Point(0, 0)), .close, .move(Point(2, 2)), .line(Point(1, 1))],
        "M1 1l-1-1zM2 2l-1-1"
      ),
    ])
  func short(steps: [PathStep], data: String) { #expect(pathData(steps) == data) }

  @Test(
    "A path goes through the same points, to half a tenth, a glyph's to half a unit",
    arguments: 0..<100, [10, 100])
  func paths(seed: Int, grid: Int) {
    var random = Xoshiro256(seed: UInt64(seed))
    func point() -> Point {
      func number() -> Double {
        (random.nextUnit() - 0.5) * pow(10, Double(random.next(below: 5)))
      }
      return Point(number(), number())
    }
    var steps = [PathStep.move(point())]
    var points: [Point] = []
    if case .move(let first) = steps[0] { points.append(first) }
    for _ in 0..<20 {
      switch random.next(below: 5) {
      case 0:
        let (first, next) = (point(), point())
        steps += [.close, .move(first), .line(next)]
        points += [first, next]
      case 1:
        let (a, b, end) = (point(), point(), point())
        steps.append(.curve(a, b, end))
        points += [a, b, end]
      default:
        points.append(point())
        steps.append(.line(points[points.count - 1]))
      }
    }
    let data = pathData(steps, grid: grid)
    let found = absolute(data)
    #expect(found.count == points.count * 2, "\(data)")
    let limit = Double(grid) / 200 + 1e-6
    for (a, b) in zip(found, points.flatMap { [$0.x, $0.y] }) {
      #expect(abs(a - b) < limit, "\(data)")
    }
  }

  /// Reads path data as the SVG standard says (§9.3), slowly.
  private func absolute(_ data: String) -> [Double] {
    var numbers: [Double] = []
    var command: Character = "M"
    var result: [Double] = []
    var (x, y, startX, startY) = (0.0, 0.0, 0.0, 0.0)
    for token in data.matches(of: /[A-Za-z]|-?(\d+\.?\d*|\.\d+)/).map(\.output.0) {
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

// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite("Maps of a field") struct FieldMapTests {
  private static func map(_ title: String, _ shares: [[Double]]) -> FieldMap {
    FieldMap(
      title: title, caption: "the ball is in sight at 63 % of its decisions", shares: shares)
  }

  private static let shares = [[0, 0.25, 0.5], [0, 0, 1], [0.125, 0, 0]]

  @Test("They are sound: one, many, none, and a field where nothing ever was")
  func sound() throws {
    let empty = [[Double]](repeating: [0, 0], count: 2)
    for count in [0, 1, 3, 4, 7] {
      let maps = (0..<count).map { Self.map("learned gaze number \($0)", Self.shares) }
      try expectSound("\(count) maps", Figure.fieldMaps(maps))
    }
    try expectSound("nothing", Figure.fieldMaps(title: "A title", [Self.map("none", empty)]))
  }

  @Test("They are sound with hostile names", arguments: 0..<20)
  func hostile(seed: Int) throws {
    var hostile = Hostile(seed: seed)
    let maps = (0..<4).map { _ in Self.map(hostile.label(), Self.shares) }
    try expectSound("seed \(seed)", Figure.fieldMaps(title: hostile.label(), maps))
  }

  @Test("A cell is shaded by its share of the largest, and empty ones are not drawn")
  func shades() {
    let scene = Figure.fieldMaps([Self.map("learned", Self.shares)]).scene()
    let cells = scene.marks.compactMap { mark -> (rect: Rect, fill: Paint)? in
      if case .rect(let rect, let fill?, nil, _) = mark { (rect, fill) } else { nil }
    }
    #expect(cells.count == 4)
    #expect(
      cells.map(\.fill) == [0.25, 0.5, 1, 0.125].map { Paint.series(0).opacity($0) })
    let side = cells[0].rect.width
    let (x, y) = (cells[3].rect.x, cells[0].rect.y)
    for (cell, place) in zip(cells, [(0, 1), (0, 2), (1, 2), (2, 0)]) {
      #expect(abs(cell.rect.x - x - Double(place.1) * side) < 1e-9)
      #expect(abs(cell.rect.y - y - Double(place.0) * side) < 1e-9)
    }
    #expect(
      scene.alternative == """
        learned: most often, 100 %, at row 2 of 3 from the top and column 3 from the left; the ball \
        is in sight at 63 % of its decisions.
        """)
  }
}

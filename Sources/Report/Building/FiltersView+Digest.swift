// SPDX-License-Identifier: MIT

import Artifacts
import Plotting

extension FiltersView {
  /// Pictures on a plate, five rows of eight, as in the post.
  static let shown = 40
  /// Pictures in the labelled figure, which costs five kilobytes for each.
  static let labelledCount = 16

  /// Draws the first layer of one trial; nil where it has no checkpoint of a policy on pixels.
  init?(_ source: ShownTrial, press: inout FigurePress) throws(ReportError) {
    let layers = source.layers()
    guard let last = layers.last else { return nil }
    let units = last.strongest(Self.shown)
    var plates: [PlateView] = []
    for layer in layers.reversed() {
      let name = layer.episode == last.episode ? "filters" : "filters-before"
      // The noise before training does not compress: 8 units show as much as 40.
      let units = layer.episode == 0 ? Array(units.prefix(8)) : units
      let white = layer.whiteLevel(units)
      let pixels = filterGridPixels(
        tiles: units.map { layer.clamped($0, to: white) }, tileWidth: FirstLayer.side,
        tileHeight: FirstLayer.side, columns: layer.episode == 0 ? 4 : 8, gap: 2,
        gapGrey: 0)
      let path = try press.pixels(pixels, named: name)
      plates.append(
        PlateView(
          id: "figure-\(name)", source: path, width: pixels.width, height: pixels.height,
          alternative: Wording.plateAlternative(units: units, episode: layer.episode),
          title: Wording.plateTitle(episode: layer.episode),
          caption: Wording.plateCaption(
            white: white, first: layer.episode == 0 ? units.count : nil),
          links: [LinkView(target: path, text: "PNG, one pixel a weight")]))
    }
    try press.write(Self.table(last, units).text, to: "data/filters.csv")
    plates[0].links.append(LinkView(target: "data/filters.csv", text: "CSV"))
    let white = last.whiteLevel(units)
    let labelled = try press.singleFigure(
      "filters-labelled", caption: Wording.labelledCaption, width: 560, table: "data/filters.csv"
    ) { theme, width in
      FilterGrid(
        tiles: units.prefix(Self.labelledCount).map {
          FilterGrid.Tile(
            unit: $0, outputWeight: Double(last.output[$0]), weights: last.clamped($0, to: white))
        }, tileWidth: FirstLayer.side, tileHeight: FirstLayer.side, columns: 8, grey: .shared
      ).scene(theme: theme, width: width)
    }
    self.init(
      heading: "Filters",
      lead: Wording.filtersLead(source.label, seed: source.seed, best: source.isBest),
      plates: plates, note: Wording.filtersNote(shown: units.count, total: last.unitCount),
      labelled: labelled)
  }

  /// What the pictures are chosen and labelled by; the weights themselves are the plates' pixels.
  private static func table(_ layer: FirstLayer, _ units: [Int]) -> CSVTable {
    var table = CSVTable(["place", "unit", "outputWeight", "inputNorm"])
    for (place, unit) in units.enumerated() {
      table.addRow([
        "\(place + 1)", "\(unit)", CSVTable.exact(Double(layer.output[unit])),
        CSVTable.exact(layer.norm(unit)),
      ])
    }
    return table
  }
}

extension Wording {
  static func plateAlternative(units: [Int], episode: Int) -> String {
    let when = episode == 0 ? "before training" : "after \(count(episode, "episode"))"
    return "Grid of \(count(units.count)) grey pictures, eight a row: the input weights of hidden"
      + " units \(when). Unit numbers, row by row: "
      + units.map { "\($0)" }.joined(separator: ", ") + "."
  }

  static func plateCaption(white: Float, first: Int?) -> String {
    (first.map { "The first \(count($0)) of the same units. " } ?? "")
      + "White is +\(shortNumber(Double(white))) and more, black"
      + " −\(shortNumber(Double(white))) and less."
  }

  static let labelledCaption =
    "The first two rows. Under each picture the hidden unit's number and the sign of its output weight: + votes for the"
    + " first action, − against it."
}

// SPDX-License-Identifier: MIT

import Plotting

extension FirstConvolution {
  /// The filters of one trial's newest checkpoint as a section of their own; nil where its policy
  /// has none.
  static func section(
    _ source: ShownTrial, press: inout FigurePress
  ) throws(ReportError) -> FiguresView? {
    guard let layer = source.lastConvolution else { return nil }
    let figure = try press.figure(
      "filters", caption: Wording.convolutionCaption(layer), table: layer.table,
      withoutVectors: true
    ) {
      FilterGrid(
        text: FigureText(alternative: Wording.convolutionAlternative(layer)),
        tiles: (0..<layer.filterCount).map {
          FilterGrid.Tile(unit: $0, outputWeight: nil, weights: layer.picture($0))
        }, tileWidth: layer.pictureWidth, tileHeight: layer.side)
    }
    return FiguresView(
      id: "filters", heading: "Filters",
      lead: Wording.convolutionLead(
        layer, source.label, seed: source.seed, best: source.isBest),
      figures: [figure], notes: [], links: [])
  }

  private var table: CSVTable {
    var table = CSVTable(["filter", "channel", "row", "column", "weight"])
    for filter in 0..<filterCount {
      for channel in 0..<channels {
        for y in 0..<side {
          for x in 0..<side {
            table.addRow([
              "\(filter)", "\(channel)", "\(y)", "\(x)",
              CSVTable.text(Double(weight(filter, channel, y, x))),
            ])
          }
        }
      }
    }
    return table
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics

extension FinalScores {
  /// What the drawing covers, and what is written beside its rows.
  struct Frame {
    let domain: ClosedRange<Double>
    let references: [ReferenceLine]
    let distant: [ReferenceLine]
    /// Where the strips begin and end, in points.
    let left: Double
    let right: Double
    /// By place among the rows shown.
    let names: [String]
    let numbers: [String]

    init(_ figure: FinalScores, _ shown: ShownRows, _ sheet: Sheet) {
      let values = figure.rows.flatMap(\.values)
      let inView = ReferencesInView(figure.references, beside: values, range: figure.xRange)
      references = inView.near
      distant = values.isEmpty ? [] : inView.distant
      let domain =
        figure.xRange ?? extent(of: values + references.map(\.value), padding: 0.03)
      self.domain = domain
      let precision = Precision(
        figure.rows.flatMap { [$0.center, $0.low, $0.high].compactMap { $0 } },
        widths: figure.rows.compactMap { row in
          row.high.flatMap { high in row.low.map { high - $0 } }
        })
      let rest = figure.rest(shown)
      let labels = shown.places.map { row in
        switch row {
        case .single(let index): figure.rows[index].label
        case .rest: "\(Numbers.whole(shown.rest.count)) between them"
        }
      }
      func written(_ text: (Double) -> String) -> (texts: [String], width: Double) {
        let texts = shown.places.map { row in
          switch row {
          case .single(let index): figure.rows[index].summary(text)
          case .rest: rest.map { "median \(text($0.median))" } ?? Numbers.nothing
          }
        }
        return (texts, texts.map { sheet.tickStyle.width(of: $0) }.max() ?? 0)
      }
      let whole = written { precision.text($0) }
      // Numbers of very many digits are written with powers of ten where they would not fit.
      let fitting = whole.width > sheet.innerWidth * 0.45 ? written { Numbers.text($0) } : whole
      numbers = fitting.texts
      let value = fitting.width
      let label = labels.map { sheet.labelStyle.width(of: $0) }.max() ?? 0
      // On a narrow sheet names and numbers stand above the strips.
      let room = sheet.isWide ? min(label, sheet.innerWidth * 0.4) : sheet.innerWidth - value - 12
      left = sheet.margin + (sheet.isWide ? room + 14 : 6)
      right = max(sheet.width - sheet.margin - (sheet.isWide ? value + 16 : 6), left + 20)
      names = sheet.labelStyle.shortened(labels, to: room)
    }
  }
}

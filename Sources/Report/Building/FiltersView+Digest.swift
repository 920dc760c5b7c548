// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import ExperimentSpec
import FoundationEssentials
import Plotting

extension FiltersView {
  /// Pictures on a plate, five rows of eight, as in the post.
  static let shown = 40
  /// Earlier checkpoints on the slider, at most.
  static let earlierStops = 1
  /// Bytes of a picture file: of the final weights with the units of every choice, and of an
  /// earlier checkpoint.
  static let finalBudget = 110_000
  static let stopBudget = 50_000

  /// Draws the first layer of one trial; nil where it has no checkpoint of a policy on pixels.
  init?(
    _ source: ShownTrial, in digest: RunDigest, press: inout FigurePress
  ) throws(ReportError) {
    let layers = source.layers(earlier: Self.earlierStops)
    guard let last = layers.last else { return nil }
    let orders = FilterChoice.allCases.map { last.chosen(by: $0, Self.shown) }
    let plate = orders[0]
    var units: [Int] = []
    for unit in orders.joined() where !units.contains(unit) { units.append(unit) }
    let final = try FilterSheet(
      last, units: units, white: last.whiteLevel(plate), named: "filters",
      budget: Self.finalBudget, press: &press)
    var stops: [Model.Stop] = []
    for layer in layers.dropLast() {
      let sheet = try FilterSheet(
        layer, units: plate, white: layer.whiteLevel(plate), named: "filters-\(layer.episode)",
        budget: Self.stopBudget, press: &press)
      stops.append(Model.Stop(layer, sheet))
    }
    stops.append(Model.Stop(last, final))
    let numbers = units.map { UnitNumbers(last, $0) }
    try press.write(Self.table(layers, plate).text, to: "data/filters.csv")
    let rows = min(plate.count, Self.shown) / FilterSheet.columns
    self.init(
      heading: "Filters",
      lead: Wording.filtersLead(source.label, seed: source.seed, best: source.isBest),
      model: Model(
        units: units, output: numbers.map(\.output), norm: numbers.map(\.norm),
        roughness: numbers.map { $0.roughness ?? 0 }, orders: orders, stops: stops
      ).json,
      sheet: final.path, sheetWidth: final.width, sheetHeight: final.height,
      plateWidth: FilterSheet.columns * FilterSheet.pitch - FilterSheet.gap,
      plateHeight: max(1, rows) * FilterSheet.pitch - FilterSheet.gap,
      alternative: Wording.plateAlternative(units: plate, episode: last.episode),
      caption: Wording.plateCaption(
        white: final.white, episode: last.episode, last.medianRoughness),
      choices: FilterChoice.allCases.map {
        Choice(key: $0.rawValue, title: Wording.choice($0), isFirst: $0 == .norm)
      },
      lastStop: stops.count > 1 ? stops.count - 1 : nil, stopLabel: Wording.stop(last.episode),
      links: stops.reversed().map {
        LinkView(target: $0.sheet, text: Wording.stopLink($0.episode))
      } + [LinkView(target: "data/filters.csv", text: "CSV")],
      note: Wording.filtersNote(shown: plate.count, total: last.unitCount),
      rowsTitle: Wording.filterRows(numbers.count),
      columns: [
        ColumnView(title: "Unit", explanation: "Number of the hidden unit", isNumber: true),
        ColumnView(
          title: "Norm", explanation: "Euclidean norm of its input weights", sort: "descending"),
        ColumnView(title: "Output weight", explanation: "Its weight on the first action’s logit"),
        ColumnView(title: "Roughness", explanation: Wording.roughnessMeaning),
      ],
      rows: numbers.map(\.row), roughnessLead: Wording.roughnessLead,
      roughness: Self.roughness(digest), excitement: nil)
    excitement = try ExcitementView(source, last, final, press: &press)
  }

  /// What each variant's filters came to: of its first finished seed.
  private static func roughness(_ digest: RunDigest) -> [Roughness] {
    digest.ranked.prefix(12).compactMap { variant in
      guard let trial = variant.firstFinished, let layer = ShownTrial.lastLayer(of: trial),
        let value = layer.medianRoughness
      else { return nil }
      return Roughness(
        label: variant.label, seriesClass: seriesClass(variant.style),
        seed: trial.planned.seed, episodes: Wording.count(layer.episode),
        value: Numbers.fixed(value, decimals: 3), sortValue: CSVTable.exact(value))
    }
  }

  /// What the pictures are chosen and labelled by; the weights themselves are the pixels.
  private static func table(_ layers: [FirstLayer], _ units: [Int]) -> CSVTable {
    var table = CSVTable(["checkpoint", "unit", "outputWeight", "inputNorm", "roughness"])
    for layer in layers {
      for unit in units {
        table.addRow([
          "\(layer.episode)", "\(unit)", CSVTable.text(Double(layer.output[unit])),
          CSVTable.text(layer.norm(unit)), CSVTable.text(layer.roughness(unit)),
        ])
      }
    }
    return table
  }
}

/// One hidden unit in numbers.
private struct UnitNumbers {
  let unit: Int
  let output: Double
  let norm: Double
  let roughness: Double?

  init(_ layer: FirstLayer, _ unit: Int) {
    self.unit = unit
    output = Double(layer.output[unit])
    norm = layer.norm(unit)
    roughness = layer.roughness(unit)
  }

  var row: FiltersView.Row {
    func cell(_ value: Double?, _ decimals: Int) -> CellView {
      CellView(
        text: value.map { Numbers.fixed($0, decimals: decimals) } ?? "–",
        value: CSVTable.exact(value), isWeak: value == nil)
    }
    return FiltersView.Row(unit: unit, cells: [cell(norm, 3), cell(output, 3), cell(roughness, 3)])
  }
}

extension FiltersView {
  /// What `filters.js` draws from.
  private struct Model: Encodable {
    struct Stop: Encodable {
      let episode: Int
      let sheet: String
      let label: String
      let caption: String
      /// Whether the sheet has the units of every choice.
      let isFull: Bool

      init(_ layer: FirstLayer, _ sheet: FilterSheet) {
        episode = layer.episode
        self.sheet = sheet.path
        label = Wording.stop(layer.episode)
        caption = Wording.plateCaption(
          white: sheet.white, episode: layer.episode, layer.medianRoughness)
        isFull = sheet.units.count > FiltersView.shown
      }
    }

    /// Hidden units in the order of the final sheet.
    let units: [Int]
    let output: [Double]
    let norm: [Double]
    let roughness: [Double]
    /// Unit numbers by choice.
    let orders: [[Int]]
    let stops: [Stop]

    var json: String {
      func list(_ values: [Double]) -> String {
        "[" + values.map { CSVTable.text($0) }.map { $0.isEmpty ? "0" : $0 }.joined(separator: ",")
          + "]"
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let stops = (try? encoder.encode(stops)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
      return "{\"units\":\(units),\"output\":\(list(output)),\"norm\":\(list(norm)),"
        + "\"roughness\":\(list(roughness)),\"orders\":\(orders),\"stops\":\(stops)}"
    }
  }
}

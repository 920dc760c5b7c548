// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import FoundationEssentials

extension Section {
  /// Pictures on a plate, five rows of eight, as in the post.
  private static let shownUnits = 40
  /// Bytes of a picture file: of the final weights with the units of every choice, and of an
  /// earlier checkpoint.
  private static let finalBudget = 110_000
  private static let stopBudget = 50_000

  /// The filters of one trial's first layer: the plate with its choices and checkpoints, the numbers,
  /// and what single units respond to; nil where it has no checkpoint of a policy on pixels.
  static func filters(
    _ source: ShownTrial, in run: RunSummary, _ figures: FigureWriter
  ) throws -> Section? {
    let layers = source.layers()
    guard let last = layers.last else { return nil }
    let orders = FilterChoice.allCases.map { last.chosen(by: $0, shownUnits) }
    let plate = orders[0]
    let units = orders.joined().uniqued
    let stops = try layers.map { layer in
      let isLast = layer.episode == last.episode
      let white = layer.whiteLevel(plate)
      let sheet = try PictureSheet(
        layer, isLast ? units : plate, white: white,
        named: isLast ? "filters" : "filters-\(layer.episode)",
        budget: isLast ? finalBudget : stopBudget, figures)
      return FilterStop(layer, sheet, white: white, isFull: isLast && units.count > shownUnits)
    }
    let final = stops[stops.count - 1]
    var csv = CSVTable(["checkpoint", "unit", "outputWeight", "inputNorm", "roughness"])
    for layer in layers {
      for unit in plate {
        csv.add([
          layer.episode, unit, Double(layer.output[unit]), layer.norm(unit), layer.roughness(unit),
        ])
      }
    }
    let link = try figures.link(csv, "filters")
    let links =
      stops.reversed().map { (target: $0.sheet.path, text: "PNG \($0.label)") }
      + [link]
    let moments = try StrongestMoments(source, last, units, final.sheet, figures)
    return Section(
      "filters", "Filters",
      """
      <p class="lead">What the first layer looks for: each picture is a row of W1, 80×80 weights, \
      white positive and black negative. \(source.origin)</p>
      <figure class="plate" id="figure-filters" data-model="\(model(last, units, orders, stops))">
      \(choices(stops))\(picture(last, final.sheet, plate))\
      <figcaption><span id="filter-caption">\(final.caption)</span> Shown: \
      \(Numbers.whole(plate.count)) of \(Numbers.whole(last.unitCount)) hidden units, first to last \
      row by row, one pixel a weight and one grey scale for all. \(HTML.links(links))</figcaption>
      </figure>
      \(numbers(last, units))\(roughness(run))\(moments?.html)
      """)
  }

  private static func choices(_ stops: [FilterStop]) -> HTML {
    let choices = FilterChoice.allCases.html {
      """
      <label><input type="radio" name="filter-choice" value="\($0.rawValue)"\
      \(" checked", if: $0 == .norm)> \($0.words)</label>

      """
    }
    let last = stops.count - 1
    let slider: HTML = """
      <p class="checkpoint"><label for="filter-stop">Checkpoint</label> \
      <input type="range" id="filter-stop" min="0" max="\(last)" value="\(last)" step="1"> \
      <output id="filter-stop-name" for="filter-stop">\(stops[last].label)</output></p>

      """
    return """
      <div class="plate-choices" hidden>
      <fieldset>
      <legend>Chosen by</legend>
      \(choices)</fieldset>
      \(slider, if: last > 0)</div>

      """
  }

  private static func picture(_ layer: FirstLayer, _ sheet: PictureSheet, _ plate: [Int]) -> HTML {
    let rows = max(1, min(plate.count, shownUnits) / PictureSheet.columns)
    let width = PictureSheet.columns * sheet.pitch - PictureSheet.gap
    let height = rows * sheet.pitch - PictureSheet.gap
    let alternative =
      "Grid of \(Numbers.whole(plate.count)) grey pictures, eight a row: the input weights of hidden"
      + " units \(Wording.stop(layer.episode)). Unit numbers, row by row: "
      + plate.map { "\($0)" }.joined(separator: ", ") + "."
    let size: HTML = "width=\"\(width)\" height=\"\(height)\""
    return """
      <div class="plate-picture">
      <svg class="pixels" id="filter-plate" \(size) viewBox="0 0 \(width) \(height)" role="img" \
      aria-label="\(alternative)"><image href="\(sheet.path)" x="0" y="0" \
      width="\(sheet.width)" height="\(sheet.height)"></image></svg>
      <canvas class="pixels" id="filter-canvas" \(size) tabindex="0" role="img" \
      aria-label="\(alternative)" hidden></canvas>
      <p class="plate-reading" id="filter-reading" aria-live="polite" hidden></p>
      </div>

      """
  }

  private static func numbers(_ layer: FirstLayer, _ units: [Int]) -> HTML {
    let columns: [Column<Int>] = [
      Column("Unit", "Number of the hidden unit", isHead: true) {
        Cell(text: "\($0)", value: "\($0)")
      },
      Column("Norm", "Euclidean norm of its input weights", sort: "descending") {
        .fixed(layer.norm($0), decimals: 3)
      },
      Column("Output weight", "Its weight on the first action’s logit") {
        .fixed(Double(layer.output[$0]), decimals: 3)
      },
      Column(
        "Roughness",
        "Total variation relative to that of noise: mean |difference of neighbouring weights| over √2"
          + " times mean |weight|"
      ) { .fixed(layer.roughness($0), decimals: 3) },
    ]
    let caption = "Hidden units in numbers"
    let table = Table(columns: columns, rows: units)
      .html(caption, caption: caption, isTall: true, style: " compact")
    return """
      <details>
      <summary>The numbers of \(Numbers.count(units.count, "unit")), of every choice</summary>
      \(table)</details>

      """
  }

  /// What each variant's filters came to: of its first finished seed.
  private static func roughness(_ run: RunSummary) -> HTML {
    let rows = run.ranked.prefix(12).compactMap { variant -> HTML? in
      guard let trial = variant.firstFinished, let layer = trial.newest(FirstLayer.init),
        let value = layer.medianRoughness
      else { return nil }
      return """
        <tr \(seriesMark(variant.style))>\(rowHead(variant.label))\
        <td class="number">\(trial.planned.seed)</td>\
        <td class="number">\(Numbers.whole(layer.episode))</td>\
        <td class="number" data-value="\(exact(value))">\(Numbers.fixed(value, decimals: 3))</td></tr>

        """
    }
    if rows.isEmpty { return "" }
    let heads = ["Seed", "Episodes", "Roughness"].html {
      "<th scope=\"col\" class=\"number\"><span>\($0)</span></th>"
    }
    let table = scrolled(
      "Roughness of the filters", caption: "Roughness of each variant’s filters",
      style: "sortable narrow-table",
      head: "<th scope=\"col\"><span>Variant</span></th>\(heads)", body: rows.html { $0 })
    return """
      <h3>How much of it is noise</h3>
      <p class="lead">Roughness is a picture’s total variation relative to that of noise: 1 is what \
      independent normal weights have, as all units do before training, and 0 is an even grey. The \
      median over all hidden units of each variant’s first finished seed, at its newest \
      checkpoint:</p>
      \(table)
      """
  }
}

extension FilterChoice {
  fileprivate var words: String {
    switch self {
    case .norm: "norm of the input weights"
    case .output: "output weight"
    case .index: "index"
    }
  }
}

/// One checkpoint of the slider.
private struct FilterStop: Encodable {
  let episode: Int
  let sheet: PictureSheet
  let label: String
  let caption: String
  /// Whether the sheet has the units of every choice.
  let isFull: Bool

  init(_ layer: FirstLayer, _ sheet: PictureSheet, white: Float, isFull: Bool) {
    episode = layer.episode
    self.sheet = sheet
    self.isFull = isFull
    label = Wording.stop(layer.episode)
    let size = Numbers.text(Double(white))
    let roughness = layer.medianRoughness.map {
      "; median roughness \(Numbers.fixed($0, decimals: 3))"
    }
    caption =
      "\(Wording.capitalized(label)): white is +\(size) and more, black −\(size) and less"
      + "\(roughness ?? "")."
  }
}

extension Section {
  /// What `filters.js` draws from, as JSON.
  ///
  /// - Parameters:
  ///   - units: hidden units in the order of the final sheet.
  ///   - orders: unit numbers by choice.
  private static func model(
    _ layer: FirstLayer, _ units: [Int], _ orders: [[Int]], _ stops: [FilterStop]
  ) -> String {
    func list(_ value: (Int) -> Double) -> String {
      let texts = units.map { value($0).csv }.map { $0.isEmpty ? "0" : $0 }
      return "[\(texts.joined(separator: ","))]"
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let stops = (try? encoder.encode(stops)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    return "{\"units\":\(units),\"output\":\(list { Double(layer.output[$0]) }),"
      + "\"norm\":\(list(layer.norm)),\"roughness\":\(list { layer.roughness($0) ?? 0 }),"
      + "\"orders\":\(orders),\"stops\":\(stops)}"
  }
}

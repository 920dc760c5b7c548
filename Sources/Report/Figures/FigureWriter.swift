// SPDX-License-Identifier: MIT

import Plotting

/// Draws figures into a report's folder, in both themes and two widths, and writes their numbers.
///
/// The page shows one SVG for both themes, with a PNG beside it to take elsewhere; pictures of
/// pixels are PNG in each theme.
final class FigureWriter {
  /// CSS pixels of a figure on a wide page.
  static let wideWidth = 1_008.0
  /// CSS pixels of a figure on a telephone.
  static let narrowWidth = 344.0
  /// Of a figure for a paper, in inches: one column, and the page, as conferences and journals set them.
  static let paperInches = [3.3, 6.9]

  private let folder: ReportFolder
  /// Where the numbers come from; goes into every PNG.
  let notes: [PNGText]
  /// Whether each figure is drawn as PDF too.
  private let isForPaper: Bool
  /// Anchors of the figures so far.
  private(set) var ids: Set<String> = []
  /// A sentence for each figure and part that could not be drawn.
  private var failures: [String] = []
  /// Characters of labels that no font of this machine has, which figures show as boxes.
  private var lettersWithoutFont: Set<Character> = []

  init(folder: ReportFolder, notes: [PNGText], isForPaper: Bool) {
    self.folder = folder
    self.notes = notes
    self.isForPaper = isForPaper
  }

  /// What in the figures is not as it should be, a sentence each.
  var shortcomings: [String] {
    if lettersWithoutFont.isEmpty { return failures }
    let letters = lettersWithoutFont.sorted()
    let shown = letters.prefix(8).map(String.init).joined(separator: " ")
    return failures + [
      "No font of this machine has \(shown)\(letters.count > 8 ? " and others" : ""): figures show"
        + " boxes in their place. Install a font that has them, such as fonts-noto-core or"
        + " fonts-noto-cjk, and render the report again."
    ]
  }

  /// Draws one figure. One that cannot be drawn costs itself only: the page says so in its place, and
  /// its numbers are there.
  ///
  /// - Parameters:
  ///   - id: name of its files and its anchor on the page.
  ///   - isNarrow: whether there is a drawing of its own for narrow screens.
  ///   - table: the drawn numbers; nil where another figure's table, `tableName`, holds them, or
  ///     where the figure draws pictures.
  ///   - withPNG: whether a PNG lies beside the SVG, to take elsewhere.
  ///   - withoutVectors: no SVG, for pictures of pixels.
  ///   - explored: the lines of a chart whose data go into the page too, with what its horizontal
  ///     axis counts.
  /// - Returns: the figure with its caption and the links to its files.
  func figure(
    _ id: String, caption: String, width: Double = wideWidth, isNarrow: Bool = true,
    table: CSVTable?, tableName: String? = nil, withoutVectors: Bool = false,
    withPNG: Bool = true, explored: (lines: [Line], x: String)? = nil,
    _ figure: Figure
  ) throws -> HTML {
    ids.insert("figure-\(id)")
    let data = "data/\(tableName ?? id).csv"
    if let table { try folder.write(table.text, to: data) }
    let hasTable = table != nil || tableName != nil
    let wide = figure.scene(width: width)
    var picture: HTML
    var links: [(target: String, text: String)] = []
    var files: [(path: String, bytes: [UInt8])] = []
    var island: HTML = ""
    do throws(PlottingError) {
      lettersWithoutFont.formUnion(try charactersWithoutFont(in: wide.words))
      let drawn = try drawing(wide, named: id, withoutVectors: withoutVectors)
      files = drawn.files
      if drawn.isVector { links.append(("figures/\(id).svg", "SVG")) }
      // What is too tall for pixels may still be lines, and what is too tall for a telephone wide.
      if drawn.isVector, withPNG, let pixels = try? wide.png(.light, text: notes) {
        links.append(("figures/\(id).png", "PNG"))
        files.append(("figures/\(id).png", pixels))
      }
      for inches in isForPaper ? Self.paperInches : [] {
        guard let page = try? figure.scene(width: inches * 96).pdf(text: notes) else { continue }
        let path = "figures/\(id)-\(inches)in.pdf"
        links.append((path, "PDF \(inches) in"))
        files.append((path, page))
      }
      let dark: HTML = "(prefers-color-scheme: dark)"
      var sources: HTML = ""
      if isNarrow,
        let narrow = try? drawing(
          figure.scene(width: Self.narrowWidth), named: "\(id)-narrow",
          withoutVectors: !drawn.isVector)
      {
        let screen: HTML = "(max-width: 36em)"
        sources = """
          \(narrow.source("\(screen) and \(dark)", isDark: true))\
          \(narrow.source(screen, isDark: false))
          """
        files += narrow.files
      }
      picture = """
        <picture>
        \(sources)\(drawn.source(dark, isDark: true))\
        <img src="\(drawn.light)"\(drawn.size) alt="\(wide.alternative)">
        </picture>

        """
    } catch {
      let numbers = hasTable ? " Its numbers are in the CSV." : ""
      picture =
        "<p class=\"missing\">This figure could not be drawn: \(error.context).\(numbers)</p>\n"
      failures.append(Self.notDrawn(id))
    }
    if let explored, !files.isEmpty {
      let scenes = [wide] + (isNarrow ? [figure.scene(width: Self.narrowWidth)] : [])
      island = try ExploredChart(explored.lines, x: explored.x, scenes: scenes)?.html() ?? ""
    }
    for file in files { try folder.write(file.bytes, to: file.path) }
    if hasTable { links.append((data, "CSV")) }
    let here: HTML =
      "<a class=\"here\" href=\"#figure-\(id)\" aria-label=\"Link to this figure\">#</a>"
    return """
      <figure class="figure" id="figure-\(id)">
      \(picture)\(island)<figcaption>\(caption) \(HTML.links(links, then: here))</figcaption>
      </figure>

      """
  }

  /// A part of the page with pictures of its own: nil where they cannot be drawn, which costs that
  /// part only and is said at the top of the page.
  func part<Part>(
    _ id: String, _ build: () throws -> Part?
  ) throws -> Part? {
    do {
      return try build()
    } catch is PlottingError {
      failures.append(Self.notDrawn(id))
      return nil
    }
  }

  private static func notDrawn(_ id: String) -> String {
    "The figure \(Wording.quoted(id)) could not be drawn; everything else is there."
  }

  /// Writes a table that no figure draws.
  ///
  /// - Returns: a link to it.
  func link(
    _ table: CSVTable, _ name: String, text: String = "CSV"
  ) throws -> (target: String, text: String) {
    try folder.write(table.text, to: "data/\(name).csv")
    return ("data/\(name).csv", text)
  }

  /// - Returns: the picture's path from the page.
  func write(_ bytes: [UInt8], picture id: String) throws -> String {
    let path = "figures/\(id).png"
    try folder.write(bytes, to: path)
    return path
  }

  /// Writes the page and puts the folder in its place.
  func finish(_ page: Page) throws {
    try folder.write(page.text, to: "index.html")
    try folder.finish()
  }

  /// One SVG for both themes, or a PNG for each where it holds pictures.
  private func drawing(
    _ scene: Scene, named name: String, withoutVectors: Bool
  ) throws(PlottingError) -> Drawing {
    let size: HTML =
      " width=\"\(Int(scene.width.rounded(.up)))\" height=\"\(Int(scene.height.rounded(.up)))\""
    if !withoutVectors, let document = try scene.svg(text: notes) {
      return Drawing(size: size, files: [("figures/\(name).svg", document)], isVector: true)
    }
    return Drawing(
      size: size,
      files: [
        ("figures/\(name).png", try scene.png(.light, text: notes)),
        ("figures/\(name)-\(Theme.dark.name).png", try scene.png(.dark, text: notes)),
      ], isVector: false)
  }
}

/// A picture before its files are written: one for both themes, or a second one for the dark.
private struct Drawing {
  /// Width and height in CSS pixels, as attributes; a PNG holds twice as many.
  let size: HTML
  let files: [(path: String, bytes: [UInt8])]
  let isVector: Bool

  var light: String { files[0].path }

  /// The picture for a certain screen; nil where one file knows both themes.
  func source(_ screen: HTML, isDark: Bool) -> HTML? {
    let file = isDark ? files.dropFirst().first : files.first
    return file.map {
      "<source media=\"screen and \(screen)\" srcset=\"\($0.path)\"\(size)>\n"
    }
  }
}

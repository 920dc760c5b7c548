// SPDX-License-Identifier: MIT

import Plotting

/// Draws figures into a report's folder, in both themes and two widths, and writes their numbers.
///
/// The page shows one SVG for both themes, with a PNG beside it to take elsewhere; pictures of
/// pixels are PNG in each theme.
struct FigurePress {
  /// CSS pixels of a figure on a wide page.
  static let wideWidth = 1_008.0
  /// CSS pixels of a figure on a telephone.
  static let narrowWidth = 344.0

  private(set) var folder: ReportFolder
  /// Where the numbers come from; goes into every PNG.
  let notes: [PNGText]
  /// A sentence for each figure and part that could not be drawn.
  private(set) var failures: [String] = []
  /// Characters of labels that no font of this machine has, which figures show as boxes.
  private var lettersWithoutFont: Set<Character> = []

  /// What in the figures is not as it should be, a sentence each.
  var shortcomings: [String] {
    failures
      + (lettersWithoutFont.isEmpty ? [] : [Wording.withoutFont(lettersWithoutFont.sorted())])
  }

  init(folder: ReportFolder, notes: [PNGText]) {
    self.folder = folder
    self.notes = notes
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
  mutating func figure(
    _ id: String, caption: String, width: Double = wideWidth, isNarrow: Bool = true,
    table: CSVTable?, tableName: String? = nil, withoutVectors: Bool = false,
    withPNG: Bool = true,
    _ figure: () -> some Figure
  ) throws(ReportError) -> FigureView {
    let file = "data/\(tableName ?? id).csv"
    if let table { try folder.write(table.text, to: file) }
    let hasTable = table != nil || tableName != nil
    let figure = figure()
    let wide = figure.scene(width: width)
    var view = FigureView(
      id: "figure-\(id)", wide: nil, narrow: nil, alternative: wide.alternative,
      caption: caption, links: [])
    var files: [(path: String, bytes: [UInt8])] = []
    do throws(PlottingError) {
      lettersWithoutFont.formUnion(try charactersWithoutFont(in: wide.texts.map(\.string)))
      let drawn = try drawing(of: wide, named: id, withoutVectors: withoutVectors)
      view.wide = drawn.picture
      files = drawn.files
      if drawn.isVector { view.links.append(LinkView(target: "figures/\(id).svg", text: "SVG")) }
      // What is too tall for pixels may still be lines, and what is too tall for a telephone wide.
      if drawn.isVector, withPNG, let pixels = try? wide.png(.light, text: notes) {
        view.links.append(LinkView(target: "figures/\(id).png", text: "PNG"))
        files.append(("figures/\(id).png", pixels))
      }
      if isNarrow,
        let narrow = try? drawing(
          of: figure.scene(width: Self.narrowWidth), named: "\(id)-narrow",
          withoutVectors: !drawn.isVector)
      {
        view.narrow = narrow.picture
        files += narrow.files
      }
    } catch {
      view.failure = Wording.notDrawn(error, hasTable: hasTable)
      failures.append(Wording.notDrawn(id))
    }
    for file in files { try folder.write(file.bytes, to: file.path) }
    if hasTable { view.links.append(LinkView(target: file, text: "CSV")) }
    return view
  }

  /// A part of the page with pictures of its own: nil where they cannot be drawn, which costs that
  /// part only and is said at the top of the page.
  mutating func part<Part>(
    _ id: String, _ build: (inout FigurePress) throws(ReportError) -> Part?
  ) throws(ReportError) -> Part? {
    do throws(ReportError) {
      return try build(&self)
    } catch {
      guard error.code == .drawing else { throw error }
      failures.append(Wording.notDrawn(id))
      return nil
    }
  }

  /// Pixels as they are, as a PNG file with the notes.
  func encoded(_ image: PixelImage, named id: String) throws(ReportError) -> [UInt8] {
    do throws(PlottingError) {
      return try image.indexedPNG(text: notes)
    } catch {
      throw ReportError(.drawing, path: "figures/\(id).png", detail: "\(error)")
    }
  }

  /// - Returns: the picture's path from the page.
  mutating func write(_ bytes: [UInt8], picture id: String) throws(ReportError) -> String {
    let path = "figures/\(id).png"
    try folder.write(bytes, to: path)
    return path
  }

  mutating func write(_ text: String, to path: String) throws(ReportError) {
    try folder.write(text, to: path)
  }

  /// One SVG for both themes, or a PNG for each where it holds pictures.
  private func drawing(
    of scene: Scene, named name: String, withoutVectors: Bool
  ) throws(PlottingError) -> Drawing {
    var picture = FigureView.Picture(
      light: "figures/\(name).svg", dark: nil, width: Int(scene.width.rounded(.up)),
      height: Int(scene.height.rounded(.up)))
    if !withoutVectors, let document = try scene.svg(text: notes) {
      return Drawing(picture: picture, files: [(picture.light, document)], isVector: true)
    }
    picture.light = "figures/\(name).png"
    let darkPath = "figures/\(name)-\(Theme.dark.name).png"
    picture.dark = darkPath
    return Drawing(
      picture: picture,
      files: [
        (picture.light, try scene.png(.light, text: notes)),
        (darkPath, try scene.png(.dark, text: notes)),
      ], isVector: false)
  }
}

/// A picture with its files, before any is written.
private struct Drawing {
  let picture: FigureView.Picture
  let files: [(path: String, bytes: [UInt8])]
  let isVector: Bool
}

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

  init(folder: ReportFolder, notes: [PNGText]) {
    self.folder = folder
    self.notes = notes
  }

  /// Draws one figure.
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
    _ scene: (Theme, Double) -> Scene
  ) throws(ReportError) -> FigureView {
    let narrowName = "\(id)-narrow"
    var links: [LinkView] = []
    var wide = withoutVectors ? nil : try vectors(id, width: width, scene)
    var narrow: FigureView.Picture?
    if isNarrow, wide != nil {
      narrow = try vectors(narrowName, width: Self.narrowWidth, scene)
    }
    if wide != nil {
      links.append(LinkView(target: "figures/\(id).svg", text: "SVG"))
      if withPNG {
        let drawing = scene(.light, width)
        let notes = notes
        try write(named: "figures/\(id).png") { () throws(PlottingError) in
          try drawing.png(scale: 2, text: notes)
        }
        links.append(LinkView(target: "figures/\(id).png", text: "PNG"))
      }
    } else {
      wide = try picture(id, width: width, scene)
    }
    if isNarrow, narrow == nil {
      narrow = try picture(narrowName, width: Self.narrowWidth, scene)
    }
    guard let wide else { preconditionFailure("figure \(id) has no picture") }
    let drawing = scene(.light, width)
    let file = "data/\(tableName ?? id).csv"
    if let table { try folder.write(table.text, to: file) }
    if table != nil || tableName != nil { links.append(LinkView(target: file, text: "CSV")) }
    return FigureView(
      id: "figure-\(id)", wide: wide, narrow: narrow, alternative: drawing.alternative,
      caption: caption, links: links)
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

  /// One SVG for both themes; nil where they differ in more than colours.
  private mutating func vectors(
    _ name: String, width: Double, _ scene: (Theme, Double) -> Scene
  ) throws(ReportError) -> FigureView.Picture? {
    let path = "figures/\(name).svg"
    let drawing = scene(.light, width)
    let document: [UInt8]?
    do throws(PlottingError) {
      document = try themedSVG(light: drawing, dark: scene(.dark, width), text: notes)
    } catch {
      throw ReportError(.drawing, path: path, detail: "\(error)")
    }
    guard let document else { return nil }
    try folder.write(document, to: path)
    return FigureView.Picture(
      light: path, dark: nil, width: Int(drawing.width.rounded(.up)),
      height: Int(drawing.height.rounded(.up)))
  }

  private mutating func picture(
    _ name: String, width: Double, _ scene: (Theme, Double) -> Scene
  ) throws(ReportError) -> FigureView.Picture {
    let notes = notes
    var paths: [String] = []
    var size = (width: 0, height: 0)
    for theme in Theme.all {
      let drawing = scene(theme, width)
      let path = "figures/\(name)\(theme.name == Theme.light.name ? "" : "-\(theme.name)").png"
      try write(named: path) { () throws(PlottingError) in
        try drawing.png(scale: 2, text: notes)
      }
      paths.append(path)
      size = (Int(drawing.width.rounded(.up)), Int(drawing.height.rounded(.up)))
    }
    return FigureView.Picture(
      light: paths[0], dark: paths[1], width: size.width, height: size.height)
  }

  private mutating func write(
    named path: String, _ bytes: () throws(PlottingError) -> [UInt8]
  ) throws(ReportError) {
    let drawn: [UInt8]
    do throws(PlottingError) {
      drawn = try bytes()
    } catch {
      throw ReportError(.drawing, path: path, detail: "\(error)")
    }
    try folder.write(drawn, to: path)
  }
}

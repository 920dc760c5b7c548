// SPDX-License-Identifier: MIT

import CCairo

extension Scene {
  /// The scene as a PNG file, `scale` pixels to a point, with `text` as text chunks.
  ///
  /// The same scene gives the same bytes on one machine. A scene without images is written with a
  /// palette of 256 colours, its commonest colours exact.
  package func png(
    _ theme: Theme, scale: Double = 2, text: [PNGText] = []
  ) throws(PlottingError) -> [UInt8] {
    let pixels = try pixels(theme, scale: scale)
    if let indexed = IndexedImage(pixels, isExact: hasImages) {
      return try indexed.png(scale: scale, text: text)
    }
    return try pixels.png(scale: scale, text: text)
  }

  /// The scene as RGB pixels, `scale` pixels to a point.
  package func pixels(_ theme: Theme, scale: Double = 2) throws(PlottingError) -> PixelImage {
    try checkCanvas(scale: scale)
    let canvas = try CairoCanvas.pixels(
      width: Int((width * scale).rounded(.up)), height: Int((height * scale).rounded(.up)),
      scale: scale, theme: theme)
    canvas.draw([.rect(bounds.grown(by: 1), fill: background)] + marks)
    return try canvas.finishedPixels()
  }

  /// Throws for a canvas that is too large, and for a mark without a place, which Cairo would draw
  /// somewhere.
  func checkCanvas(scale: Double) throws(PlottingError) {
    if !allMarks.allSatisfy(\.isFinite) {
      throw PlottingError(
        .canvas, "a mark of \"\(title)\" has no place: its numbers are not finite")
    }
    let largest = 16_384.0
    for (name, length) in [("width", width), ("height", height)] {
      let pixels = length * scale
      if !(pixels >= 1 && pixels <= largest) {
        throw PlottingError(
          .canvas,
          "the \(name) of \"\(title)\" is \(length) points at \(scale) pixels each; allowed:"
            + " 1 to 16384 pixels")
      }
    }
  }
}

extension Mark {
  /// Whether it has a place.
  fileprivate var isFinite: Bool {
    switch self {
    case .line(let points, _), .polygon(let points, _): points.allSatisfy(\.isFinite)
    case .circle(let center, let radius, _, _): center.isFinite && radius.isFinite
    case .rect(let rect, _, _, _), .image(_, let rect), .clip(let rect, _):
      rect.center.isFinite && rect.width.isFinite && rect.height.isFinite
    case .text(let text): text.position.isFinite
    }
  }
}

extension CairoCanvas {
  /// Draws the marks, later ones over earlier ones.
  func draw(_ marks: [Mark]) {
    for mark in marks {
      switch mark {
      case .rect(let rect, let fill, let stroke, let radius):
        addRect(rect, radius: radius)
        draw(fill: fill, stroke: stroke)
      case .line(let points, let stroke):
        addPath(points, closed: false)
        draw(fill: nil, stroke: stroke)
      case .polygon(let points, let fill):
        addPath(points, closed: true)
        draw(fill: fill, stroke: nil)
      case .circle(let center, let radius, let fill, let stroke):
        addCircle(center, radius: radius)
        draw(fill: fill, stroke: stroke)
      case .image(let image, let rect):
        drawImage(image, in: rect)
      case .clip(let rect, let inner):
        saved {
          addRect(rect, radius: 0)
          cairo_clip(context)
          draw(inner)
        }
      case .text(let text):
        write(text)
      }
    }
  }
}

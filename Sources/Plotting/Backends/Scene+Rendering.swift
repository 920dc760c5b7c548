// SPDX-License-Identifier: MIT

extension Scene {
  /// The scene as a PNG file, `scale` pixels to a point, with `text` as text chunks.
  ///
  /// The same scene gives the same bytes on one machine. A scene without images is written with a
  /// palette of 256 colours, its commonest colours exact.
  package func png(scale: Double = 2, text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    let pixels = try pixels(scale: scale)
    if let indexed = IndexedImage(pixels, isExact: hasImages(marks)) {
      return try indexed.png(scale: scale, text: text)
    }
    return try pixels.png(scale: scale, text: text)
  }

  /// The scene as RGB pixels, `scale` pixels to a point.
  package func pixels(scale: Double = 2) throws(PlottingError) -> PixelImage {
    try checkCanvas(scale: scale)
    let canvas = try CairoCanvas.pixels(
      width: Int((width * scale).rounded(.up)), height: Int((height * scale).rounded(.up)),
      scale: scale)
    draw(on: canvas)
    return try canvas.finishedPixels()
  }

  /// The scene as an SVG document (UTF-8) with its title, text alternative, and `text` as metadata.
  ///
  /// Letters are outlines, so it looks the same without the fonts. The same scene gives the same
  /// bytes on one machine.
  package func svg(text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    try checkCanvas(scale: 1)
    let canvas = try CairoCanvas.svg(width: width, height: height)
    draw(on: canvas)
    return finishedSVG(try canvas.finishedDocument(), of: self, notes: text)
  }

  /// Throws for a canvas that is too large, and for a mark without a place, which Cairo would draw
  /// somewhere.
  private func checkCanvas(scale: Double) throws(PlottingError) {
    if !areFinite(marks) {
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

  private func draw(on canvas: CairoCanvas) {
    canvas.paint(background)
    drawMarks(marks, on: canvas)
  }
}

/// Whether every mark has a place.
private func areFinite(_ marks: [Mark]) -> Bool {
  func isFinite(_ rect: Rect) -> Bool {
    rect.center.isFinite && rect.width.isFinite && rect.height.isFinite
  }
  return marks.allSatisfy { mark in
    switch mark {
    case .line(let points, _), .polygon(let points, _): points.allSatisfy(\.isFinite)
    case .circle(let center, let radius, _, _): center.isFinite && radius.isFinite
    case .rect(let rect, _, _, _), .image(_, let rect): isFinite(rect)
    case .text(let text): text.position.isFinite
    case .clip(let rect, let inner): isFinite(rect) && areFinite(inner)
    }
  }
}

/// Whether pictures of pixels are among the marks.
func hasImages(_ marks: [Mark]) -> Bool {
  marks.contains { mark in
    switch mark {
    case .image: true
    case .clip(_, let inner): hasImages(inner)
    default: false
    }
  }
}

private func drawMarks(_ marks: [Mark], on canvas: CairoCanvas) {
  for mark in marks {
    switch mark {
    case .rect(let rect, let fill, let stroke, let radius):
      canvas.addRect(rect, radius: radius)
      canvas.draw(fill: fill, stroke: stroke)
    case .line(let points, let stroke):
      canvas.addPath(points, closed: false)
      canvas.draw(fill: nil, stroke: stroke)
    case .polygon(let points, let fill):
      canvas.addPath(points, closed: true)
      canvas.draw(fill: fill, stroke: nil)
    case .circle(let center, let radius, let fill, let stroke):
      canvas.addCircle(center, radius: radius)
      canvas.draw(fill: fill, stroke: stroke)
    case .image(let image, let rect):
      canvas.drawImage(image, in: rect)
    case .clip(let rect, let inner):
      canvas.saved {
        canvas.clip(to: rect)
        drawMarks(inner, on: canvas)
      }
    case .text(let text):
      canvas.write(text)
    }
  }
}

// SPDX-License-Identifier: MIT

extension Scene {
  /// The scene as a PNG file, `scale` pixels to a point, with `text` as text chunks.
  ///
  /// The same scene gives the same bytes on one machine. A scene without images is written with a
  /// palette of 256 colours, its commonest colours exact.
  package func png(scale: Double = 2, text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    let pixels = try pixels(scale: scale)
    if let indexed = IndexedImage(pixels, isExact: hasImages(marks)) {
      return try indexed.png(text: text)
    }
    return try pixels.png(text: text)
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

  private func checkCanvas(scale: Double) throws(PlottingError) {
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
      drawText(text, on: canvas)
    }
  }
}

/// Writes into the box that layout reckoned with: another face, if wider, is narrowed to fit.
private func drawText(_ text: TextMark, on canvas: CairoCanvas) {
  if text.string.isEmpty { return }
  canvas.selectFont(for: text.string, style: text.style)
  let planned = text.style.width(of: text.string)
  let real = canvas.advance(of: text.string)
  let stretch = real > planned * 1.005 && real > 0 ? planned / real : 1
  let width = real * stretch
  let start: Double =
    switch text.anchor {
    case .start: 0
    case .middle: -width / 2
    case .end: -width
    }
  let shift = text.baseline == .middle ? text.style.capHeight / 2 : 0
  let origin =
    text.isVertical
    ? Point(text.position.x + shift, text.position.y - start)
    : Point(text.position.x + start, text.position.y + shift)
  canvas.write(
    text.string, from: origin, stretch: stretch, isVertical: text.isVertical, color: text.color,
    halo: text.halo)
}

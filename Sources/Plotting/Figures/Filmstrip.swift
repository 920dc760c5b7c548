// SPDX-License-Identifier: MIT

/// A row of game frames with captions, in as many rows as their least width asks for.
package struct Filmstrip: Figure {
  /// One picture.
  package struct Frame: Equatable, Sendable {
    /// The frame, drawn with sharp pixels.
    package let image: PixelImage
    /// What stands below it, at most three lines.
    package let caption: String

    /// One picture and what stands below it.
    package init(image: PixelImage, caption: String) {
      self.image = image
      self.caption = caption
    }
  }

  /// The words around the figure.
  package var text: FigureText
  /// The pictures in order of time.
  package var frames: [Frame]
  /// Frames are wrapped into rows rather than drawn narrower than this, in points.
  package var leastFrameWidth: Double

  /// A row of game frames.
  package init(
    text: FigureText = FigureText(), frames: [Frame], leastFrameWidth: Double = 96
  ) {
    self.text = text
    self.frames = frames
    self.leastFrameWidth = leastFrameWidth
  }

  /// Lays the figure out at `width` points.
  package func scene(width: Double) -> Scene {
    var sheet = Sheet(width: width)
    sheet.addHeading(text)
    let gap = 10.0
    let style = sheet.tickStyle
    if frames.isEmpty {
      sheet.addParagraph(
        "no frames yet", style: sheet.labelStyle, color: .mutedInk, maximumLines: 1)
    }
    let fitting = max(1, Int((sheet.innerWidth + gap) / (max(leastFrameWidth, 20) + gap)))
    let rows = (frames.count + fitting - 1) / fitting
    let columns = rows > 0 ? (frames.count + rows - 1) / rows : 1
    let size = min((sheet.innerWidth - gap * Double(columns - 1)) / Double(columns), 240)
    for row in 0..<rows {
      if row > 0 { sheet.bottom += gap }
      let here = Array(frames[(row * columns)..<min((row + 1) * columns, frames.count)])
      let heights = here.map { size * Double($0.image.height) / Double(max($0.image.width, 1)) }
      let tall = heights.max() ?? 0
      let captions = here.map { style.wrapped($0.caption, to: size, maximumLines: 3) }
      for (column, frame) in here.enumerated() {
        let x = sheet.margin + Double(column) * (size + gap)
        let box = Rect(x: x, y: sheet.bottom, width: size, height: heights[column])
        sheet.marks.append(.image(frame.image, box))
        sheet.marks.append(.rect(box, fill: nil, stroke: Stroke(.grid)))
        for (line, words) in captions[column].enumerated() {
          let baseline = sheet.bottom + tall + 4 + style.ascent + Double(line) * style.lineHeight
          sheet.add(text: words, at: Point(x, baseline), style: style, color: .mutedInk)
        }
      }
      sheet.bottom += tall + 4 + Double(captions.map(\.count).max() ?? 0) * style.lineHeight
    }
    sheet.addCaption(text.caption)
    return sheet.scene(text, named: "Game frames", describedAs: description)
  }

  private var description: String {
    frames.isEmpty
      ? "A strip of game frames: no frames yet."
      : "\(frames.count) game frames: \(frames.map(\.caption).joined(separator: "; "))."
  }
}

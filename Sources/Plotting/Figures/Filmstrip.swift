// SPDX-License-Identifier: MIT

extension Figure {
  /// A row of game frames with captions, in as many rows as their least width asks for.
  ///
  /// - Parameter frames: the pictures in order of time, drawn with sharp pixels, each over at most
  ///   three lines of words.
  package static func filmstrip(
    title: String = "", alternative: String? = nil, frames: [(image: PixelImage, caption: String)]
  ) -> Figure {
    // Frames are wrapped into rows rather than drawn narrower than this, in points.
    let leastWidth = 72.0
    return Figure("Game frames", title: title, alternative: alternative) { sheet in
      if frames.isEmpty { return nil }
      let gap = 10.0
      let style = sheet.tickStyle
      let fitting = max(1, Int((sheet.innerWidth + gap) / (leastWidth + gap)))
      let rows = (frames.count + fitting - 1) / fitting
      let columns = (frames.count + rows - 1) / rows
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
          sheet.marks += [.image(frame.image, box), .rect(box, fill: nil, stroke: Stroke(.grid))]
          for (line, words) in captions[column].enumerated() {
            let baseline = sheet.bottom + tall + 4 + style.ascent + Double(line) * style.lineHeight
            sheet.add(text: words, at: Point(x, baseline), style: style, color: .mutedInk)
          }
        }
        sheet.bottom += tall + 4 + Double(captions.map(\.count).max() ?? 0) * style.lineHeight
      }
      return "\(frames.count) game frames: \(frames.map(\.caption).joined(separator: "; "))."
    }
  }
}

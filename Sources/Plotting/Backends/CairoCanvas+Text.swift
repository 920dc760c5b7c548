// SPDX-License-Identifier: MIT

import CCairo

/// One line of text as it is drawn: in Inter letter by letter, or as Pango shapes it where Inter
/// lacks a character.
struct DrawnText {
  /// From the text's own origin, where its first letter stands, to the canvas.
  let origin: Point
  /// How much the letters are narrowed to fit the box that layout reckoned with.
  let stretch: Double
  let shaped: ShapedLine?

  /// Chooses the font of `text` on the canvas.
  init(_ text: TextMark, on canvas: CairoCanvas) {
    shaped = canvas.shaped(text.string, style: text.style)
    let real = shaped?.advance ?? canvas.advance(of: text.string)
    let planned = text.style.width(of: text.string)
    stretch = real > planned * 1.005 && real > 0 ? planned / real : 1
    let start: Double =
      switch text.anchor {
      case .start: 0
      case .middle: -real * stretch / 2
      case .end: -real * stretch
      }
    let shift = text.baseline == .middle ? text.style.capHeight / 2 : 0
    origin = Point(text.position.x + start, text.position.y + shift)
  }
}

/// One step of an outline.
enum PathStep {
  case move(Point)
  case line(Point)
  case curve(Point, Point, Point)
  case close
}

extension CairoCanvas {
  /// Writes into the box that layout reckoned with: letters that come out wider are narrowed to fit.
  func write(_ text: TextMark) {
    if text.string.isEmpty { return }
    let drawn = DrawnText(text, on: self)
    saved {
      cairo_translate(context, drawn.origin.x, drawn.origin.y)
      cairo_scale(context, drawn.stretch, 1)
      if let halo = text.halo {
        if let line = drawn.shaped {
          line.addPath(on: context)
        } else {
          cairo_move_to(context, 0, 0)
          cairo_text_path(context, text.string)
        }
        draw(fill: nil, stroke: Stroke(halo, width: 3.5))
      }
      setColor(text.color)
      if let line = drawn.shaped {
        line.show(on: context)
      } else {
        cairo_move_to(context, 0, 0)
        cairo_show_text(context, text.string)
      }
      cairo_new_path(context)
    }
  }

  /// The line that Pango shapes; nil where Inter alone can write it, which is chosen then.
  fileprivate func shaped(_ text: String, style: TextStyle) -> ShapedLine? {
    if needsShaping(text), let line = ShapedLine(text, style: style, on: context) { return line }
    let isSemibold = style.weight == .semibold
    cairo_set_font_size(context, style.size)
    cairo_select_font_face(
      context, isSemibold ? "Inter Semi Bold" : "Inter", CAIRO_FONT_SLANT_NORMAL,
      isSemibold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    return nil
  }

  /// How far the pen moves over `text` in the chosen font, in points.
  fileprivate func advance(of text: String) -> Double {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// The glyphs of `text` in the chosen font: number in the font, and place along the line.
  func glyphs(of text: String) -> [cairo_glyph_t] {
    var found: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let status = cairo_scaled_font_text_to_glyphs(
      cairo_get_scaled_font(context), 0, 0, text, -1, &found, &count, nil, nil, nil)
    defer { cairo_glyph_free(found) }
    guard status == CAIRO_STATUS_SUCCESS, let found else { return [] }
    return Array(UnsafeBufferPointer(start: found, count: Int(count)))
  }

  /// The outline of one glyph of the chosen font, its origin at zero.
  func outline(of glyph: cairo_glyph_t) -> [PathStep] {
    var glyph = cairo_glyph_t(index: glyph.index, x: 0, y: 0)
    cairo_new_path(context)
    cairo_glyph_path(context, &glyph, 1)
    return takenPath()
  }

  /// The outline of a shaped line from its origin.
  func outline(of line: ShapedLine) -> [PathStep] {
    cairo_new_path(context)
    line.addPath(on: context)
    return takenPath()
  }

  /// The current path, which is forgotten.
  private func takenPath() -> [PathStep] {
    guard let path = cairo_copy_path(context) else { return [] }
    defer {
      cairo_path_destroy(path)
      cairo_new_path(context)
    }
    var steps: [PathStep] = []
    var at = 0
    while at < path.pointee.num_data, let data = path.pointee.data {
      let header = data[at].header
      func point(_ place: Int) -> Point {
        Point(data[at + place].point.x, data[at + place].point.y)
      }
      switch header.type {
      case CAIRO_PATH_MOVE_TO: steps.append(.move(point(1)))
      case CAIRO_PATH_LINE_TO: steps.append(.line(point(1)))
      case CAIRO_PATH_CURVE_TO: steps.append(.curve(point(1), point(2), point(3)))
      default: steps.append(.close)
      }
      at += Int(header.length)
    }
    return steps
  }
}

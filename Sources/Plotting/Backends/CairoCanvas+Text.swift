// SPDX-License-Identifier: MIT

import CCairo

extension CairoCanvas {
  /// Writes into the box that layout reckoned with: letters that come out wider are narrowed to fit.
  func write(_ text: TextMark) {
    if text.string.isEmpty { return }
    let line =
      needsShaping(text.string) ? ShapedLine(text.string, style: text.style, on: context) : nil
    if line == nil { selectInter(text.style) }
    let real = line?.advance ?? advance(of: text.string)
    let planned = text.style.width(of: text.string)
    let stretch = real > planned * 1.005 && real > 0 ? planned / real : 1
    let start: Double =
      switch text.anchor {
      case .start: 0
      case .middle: -real * stretch / 2
      case .end: -real * stretch
      }
    let shift = text.baseline == .middle ? text.style.capHeight / 2 : 0
    saved {
      if text.isVertical {
        cairo_translate(context, text.position.x + shift, text.position.y - start)
        cairo_rotate(context, -Double.pi / 2)
      } else {
        cairo_translate(context, text.position.x + start, text.position.y + shift)
      }
      cairo_scale(context, stretch, 1)
      if let halo = text.halo {
        addPath(of: text.string, line)
        draw(fill: nil, stroke: Stroke(halo, width: 3.5))
      }
      setColor(text.color)
      show(text.string, line)
    }
  }

  private func selectInter(_ style: TextStyle) {
    let isSemibold = style.weight == .semibold
    cairo_set_font_size(context, style.size)
    cairo_select_font_face(
      context, isSemibold ? "Inter Semi Bold" : "Inter", CAIRO_FONT_SLANT_NORMAL,
      isSemibold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
  }

  /// How far the pen moves over `text` in the chosen font, in points.
  private func advance(of text: String) -> Double {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  private func addPath(of text: String, _ line: ShapedLine?) {
    if let line {
      line.addPath(on: context)
    } else {
      cairo_move_to(context, 0, 0)
      cairo_text_path(context, text)
    }
  }

  private func show(_ text: String, _ line: ShapedLine?) {
    if let line {
      line.show(on: context)
    } else {
      cairo_move_to(context, 0, 0)
      cairo_show_text(context, text)
    }
    cairo_new_path(context)
  }
}

// SPDX-License-Identifier: MIT

import CCairo

extension CairoCanvas {
  /// Chooses the first family that has every letter of `text`, at `size` points.
  func selectFont(for text: String, style: TextStyle) {
    let semibold = style.weight == .semibold
    let families = [semibold ? "Inter Semi Bold" : "Inter", "DejaVu Sans", "Noto Sans CJK JP"]
    cairo_set_font_size(context, style.size)
    for family in families + [families[0]] {
      cairo_select_font_face(
        context, family, CAIRO_FONT_SLANT_NORMAL,
        semibold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
      if hasEveryGlyph(of: text) { return }
    }
  }

  private func hasEveryGlyph(of text: String) -> Bool {
    guard let font = cairo_get_scaled_font(context) else { return false }
    var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let status = cairo_scaled_font_text_to_glyphs(
      font, 0, 0, text, Int32(text.utf8.count), &glyphs, &count, nil, nil, nil)
    defer { cairo_glyph_free(glyphs) }
    guard status == CAIRO_STATUS_SUCCESS else { return false }
    return UnsafeBufferPointer(start: glyphs, count: Int(count)).allSatisfy { $0.index != 0 }
  }

  /// How far the pen moves over `text` in the chosen font, in points.
  func advance(of text: String) -> Double {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// Writes `text` from `origin` in the chosen font, its widths times `stretch`.
  func write(
    _ text: String, from origin: Point, stretch: Double, isVertical: Bool, color: Color,
    halo: Color?
  ) {
    saved {
      cairo_translate(context, origin.x, origin.y)
      if isVertical { cairo_rotate(context, -Double.pi / 2) }
      cairo_scale(context, stretch, 1)
      if let halo {
        cairo_move_to(context, 0, 0)
        cairo_text_path(context, text)
        draw(fill: nil, stroke: Stroke(halo, width: 3.5))
      }
      setColor(color)
      cairo_move_to(context, 0, 0)
      cairo_show_text(context, text)
      cairo_new_path(context)
    }
  }
}

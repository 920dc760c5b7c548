// SPDX-License-Identifier: MIT

import CCairo

/// One line of text as Pango lays it out: letters joined and put in order as their script wants, each
/// from the first font of this machine that has it.
final class ShapedLine {
  /// How far the pen moves over the line, in points.
  let advance: Double
  /// Letters that no font of this machine has; each is drawn as a box with its number.
  let missingCount: Int
  private let layout: OpaquePointer
  /// From the top of the line down to the line of writing, in points.
  private let baseline: Double

  /// Pango counts in 1024ths of a point.
  private static let unit = 1_024.0
  private static let families = "Inter, DejaVu Sans, WenQuanYi Micro Hei, Noto Sans CJK SC"

  /// Nil where Pango cannot begin.
  ///
  /// - Parameter context: the `cairo_t` that the line will be drawn with.
  init?(_ text: String, style: TextStyle, on context: OpaquePointer) {
    guard let layout = pango_cairo_create_layout(context),
      let font = pango_font_description_from_string(
        Self.families + (style.weight == .semibold ? " Semi-Bold" : ""))
    else { return nil }
    self.layout = layout
    let options = cairo_font_options_create()
    cairo_get_font_options(context, options)
    pango_cairo_context_set_font_options(pango_layout_get_context(layout), options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(pango_layout_get_context(layout), 0)
    pango_font_description_set_absolute_size(font, style.size * Self.unit)
    pango_layout_set_font_description(layout, font)
    pango_font_description_free(font)
    pango_layout_set_single_paragraph_mode(layout, 1)
    pango_layout_set_text(layout, text, Int32(text.utf8.count))
    var extents = PangoRectangle()
    pango_layout_get_extents(layout, nil, &extents)
    advance = Double(extents.width) / Self.unit
    baseline = Double(pango_layout_get_baseline(layout)) / Self.unit
    missingCount = Int(pango_layout_get_unknown_glyphs_count(layout))
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

  /// Draws the line from the origin of `context` in its colour.
  func show(on context: OpaquePointer) {
    cairo_move_to(context, 0, -baseline)
    pango_cairo_show_layout(context, layout)
  }

  /// Adds the letters' outlines, from the origin of `context`, to its path.
  func addPath(on context: OpaquePointer) {
    cairo_move_to(context, 0, -baseline)
    pango_cairo_layout_path(context, layout)
  }
}

/// The characters of `texts` that no font of this machine has, each once, in order of appearance.
package func charactersWithoutFont(in texts: [String]) throws(PlottingError) -> [Character] {
  let unusual = texts.filter(needsShaping)
  if unusual.isEmpty { return [] }
  let canvas = try CairoCanvas.pixels(width: 1, height: 1, scale: 1)
  func lacks(_ text: String) -> Bool {
    (ShapedLine(text, style: TextStyle(size: 12), on: canvas.context)?.missingCount ?? 0) > 0
  }
  var seen: Set<Character> = []
  return unusual.filter(lacks).joined().filter {
    seen.insert($0).inserted && needsShaping(String($0)) && lacks(String($0))
  }
}

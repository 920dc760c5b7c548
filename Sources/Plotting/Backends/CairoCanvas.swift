// SPDX-License-Identifier: MIT

import CCairo

/// One Cairo surface with its context; drawing calls into C only here and in `CairoCanvas+Text`.
final class CairoCanvas {
  let surface: OpaquePointer
  /// The `cairo_t` that draws on the surface.
  let context: OpaquePointer
  /// Which colour of a paint is drawn.
  private let theme: Theme

  init(surface: OpaquePointer?, theme: Theme) throws(PlottingError) {
    guard let surface else { throw PlottingError(.cairo, "Cairo gave no surface") }
    guard let context = cairo_create(surface) else {
      cairo_surface_destroy(surface)
      throw PlottingError(.cairo, "Cairo gave no context")
    }
    self.surface = surface
    self.context = context
    self.theme = theme
    try check("beginning a drawing")
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// A canvas of pixels.
  static func pixels(
    width: Int, height: Int, scale: Double, theme: Theme = .light
  ) throws(PlottingError) -> CairoCanvas {
    let canvas = try CairoCanvas(
      surface: cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
      theme: theme)
    cairo_scale(canvas.context, scale, scale)
    return canvas
  }

  /// A canvas without edges, which only gives outlines: Cairo leaves out the letters of a line that
  /// lie ten times their size outside a canvas.
  static func outlines() throws(PlottingError) -> CairoCanvas {
    try CairoCanvas(
      surface: cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, nil), theme: .light)
  }

  /// The finished pixels.
  func finishedPixels() throws(PlottingError) -> PixelImage {
    cairo_surface_flush(surface)
    try check("drawing")
    let width = Int(cairo_image_surface_get_width(surface))
    let height = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    guard let data = cairo_image_surface_get_data(surface) else {
      throw PlottingError(.cairo, "Cairo gave no pixels")
    }
    let source = UnsafeRawBufferPointer(start: data, count: stride * height)
    var bytes = [UInt8](repeating: 0, count: width * height * 3)
    bytes.withUnsafeMutableBufferPointer { out in
      var at = 0
      for y in 0..<height {
        for x in 0..<width {
          let pixel = source.load(fromByteOffset: y * stride + x * 4, as: UInt32.self)
          out[at] = UInt8(truncatingIfNeeded: pixel >> 16)
          out[at + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
          out[at + 2] = UInt8(truncatingIfNeeded: pixel)
          at += 3
        }
      }
    }
    return PixelImage(width: width, height: height, format: .rgb, bytes: bytes)
  }

  func check(_ doing: String) throws(PlottingError) {
    for status in [cairo_surface_status(surface), cairo_status(context)]
    where status != CAIRO_STATUS_SUCCESS {
      let text = cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown status"
      throw PlottingError(.cairo, "\(doing) failed: \(text)")
    }
  }

  // MARK: Drawing

  /// Sets the colour of what is drawn next.
  func setColor(_ paint: Paint) {
    let color = paint[theme]
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
      color.alpha)
  }

  /// Runs `body` and then undoes its changes of place, scale and clip.
  func saved(_ body: () -> Void) {
    cairo_save(context)
    body()
    cairo_restore(context)
  }

  /// Adds a rectangle to the current path, its corners rounded by `radius` points.
  func addRect(_ rect: Rect, radius: Double) {
    let r = min(radius, rect.width / 2, rect.height / 2)
    if r <= 0 {
      cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
      return
    }
    let quarter = Double.pi / 2
    cairo_new_sub_path(context)
    cairo_arc(context, rect.right - r, rect.y + r, r, -quarter, 0)
    cairo_arc(context, rect.right - r, rect.bottom - r, r, 0, quarter)
    cairo_arc(context, rect.x + r, rect.bottom - r, r, quarter, 2 * quarter)
    cairo_arc(context, rect.x + r, rect.y + r, r, 2 * quarter, 3 * quarter)
    cairo_close_path(context)
  }

  /// Adds a circle to the current path.
  func addCircle(_ center: Point, radius: Double) {
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
    cairo_close_path(context)
  }

  /// Adds straight lines from point to point to the current path.
  func addPath(_ points: [Point], closed: Bool) {
    for (index, point) in points.enumerated() {
      if index == 0 {
        cairo_move_to(context, point.x, point.y)
      } else {
        cairo_line_to(context, point.x, point.y)
      }
    }
    if closed { cairo_close_path(context) }
  }

  /// Fills and strokes the current path, then forgets it.
  func draw(fill: Paint?, stroke: Stroke?) {
    if let fill {
      setColor(fill)
      cairo_fill_preserve(context)
    }
    if let stroke {
      setColor(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_line_cap(context, stroke.dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }

  /// Draws pixels as sharp blocks over a rectangle.
  func drawImage(_ image: PixelImage, in rect: Rect) {
    let (width, height) = (image.width, image.height)
    guard width > 0, height > 0, rect.width > 0, rect.height > 0 else { return }
    let channels = image.format.channels
    let stride = Int(cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, Int32(width)))
    guard
      let pixels = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { return }
    defer { cairo_surface_destroy(pixels) }
    cairo_surface_flush(pixels)
    if let data = cairo_image_surface_get_data(pixels) {
      let target = UnsafeMutableRawBufferPointer(start: data, count: stride * height)
      for y in 0..<height {
        for x in 0..<width {
          let at = (y * width + x) * channels
          let red = UInt32(image.bytes[at])
          let green = UInt32(image.bytes[at + channels / 2])
          let blue = UInt32(image.bytes[at + channels - 1])
          target.storeBytes(
            of: red << 16 | green << 8 | blue, toByteOffset: y * stride + x * 4, as: UInt32.self)
        }
      }
      cairo_surface_mark_dirty(pixels)
    }
    saved {
      cairo_translate(context, rect.x, rect.y)
      cairo_scale(context, rect.width / Double(width), rect.height / Double(height))
      cairo_set_source_surface(context, pixels, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
      cairo_rectangle(context, 0, 0, Double(width), Double(height))
      cairo_fill(context)
    }
  }
}

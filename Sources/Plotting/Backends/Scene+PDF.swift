// SPDX-License-Identifier: MIT

import CCairo

extension Scene {
  /// The scene as one page of PDF 1.4 of its own size, for a paper: light colours on no background,
  /// letters as text of embedded OpenType fonts. `text` says in the file's properties where the numbers
  /// come from.
  ///
  /// The same scene gives the same bytes on one machine: no date is written.
  package func pdf(text notes: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    try checkCanvas(scale: 1)
    let file = WrittenBytes()
    let canvas = try CairoCanvas.page(width: width, height: height, into: file)
    canvas.describe(
      title: title,
      subject: notes.map { "\($0.keyword): \($0.text)" }.joined(separator: "\n"))
    canvas.draw(marks)
    try canvas.finishPage()
    return file.bytes
  }
}

/// Where Cairo writes a file.
final class WrittenBytes {
  fileprivate(set) var bytes: [UInt8] = []
}

extension CairoCanvas {
  /// Points of PDF (1/72 inch) to one of ours (1/96 inch).
  private static let scale = 0.75

  /// A page of PDF, `width` by `height` points of 1/96 inch; `file` has to outlive the canvas.
  fileprivate static func page(
    width: Double, height: Double, into file: WrittenBytes
  ) throws(PlottingError) -> CairoCanvas {
    let write: cairo_write_func_t = { file, data, count in
      guard let file, let data else { return CAIRO_STATUS_WRITE_ERROR }
      Unmanaged<WrittenBytes>.fromOpaque(file).takeUnretainedValue().bytes
        .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
    let surface = cairo_pdf_surface_create_for_stream(
      write, Unmanaged.passUnretained(file).toOpaque(), width * scale, height * scale)
    // Printers and submission systems know it all.
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4)
    let canvas = try CairoCanvas(surface: surface, theme: .light)
    cairo_scale(canvas.context, scale, scale)
    return canvas
  }

  fileprivate func describe(title: String, subject: String) {
    for (key, value) in [
      (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_SUBJECT, subject),
      (CAIRO_PDF_METADATA_CREATOR, "Rallybook"), (CAIRO_PDF_METADATA_CREATE_DATE, ""),
    ] { cairo_pdf_surface_set_metadata(surface, key, value) }
  }

  fileprivate func finishPage() throws(PlottingError) {
    cairo_show_page(context)
    cairo_surface_finish(surface)
    try check("writing a PDF")
  }
}

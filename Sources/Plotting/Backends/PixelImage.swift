// SPDX-License-Identifier: MIT

import CPNG

/// Pixels without gaps between rows, from the top left, eight bits a channel.
package struct PixelImage: Equatable, Sendable {
  /// What a pixel holds.
  package enum Format: String, Sendable {
    case grey, rgb

    /// Bytes a pixel: 1 or 3.
    package var channels: Int { self == .grey ? 1 : 3 }
  }

  /// Width in pixels.
  package let width: Int
  /// Height in pixels.
  package let height: Int
  /// What each pixel holds.
  package let format: Format
  /// `height · width · channels` bytes, row by row.
  package let bytes: [UInt8]

  /// An image from its bytes.
  ///
  /// - Precondition: `bytes.count == width * height * format.channels`.
  package init(width: Int, height: Int, format: Format, bytes: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && bytes.count == width * height * format.channels,
      "a \(format) image of \(width)×\(height) needs \(width * height * format.channels) bytes,"
        + " not \(bytes.count)")
    self.width = width
    self.height = height
    self.format = format
    self.bytes = bytes
  }

  /// The same picture with three channels.
  package var asRGB: PixelImage {
    if format == .rgb { return self }
    return PixelImage(
      width: width, height: height, format: .rgb, bytes: bytes.flatMap { [$0, $0, $0] })
  }
}

// libpng's simplified interface only: it catches its own longjmp within C.

extension PixelImage {
  /// The image as a PNG file, pixel for pixel, with `text` as text chunks.
  ///
  /// - Parameter scale: pixels to a point, which say how large it is; nil leaves that open.
  package func png(scale: Double? = nil, text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    if width < 1 || height < 1 {
      throw PlottingError(.canvas, "a PNG needs at least one pixel; found \(width)×\(height)")
    }
    let file = try written(
      width: width, height: height, format: pngFormat(format), channels: format.channels,
      pixels: bytes, palette: [])
    return try inserting(text, intoPNG: file, scale: scale)
  }

  /// The image as a PNG file with a palette where it has at most 256 colours: pictures of few
  /// colours and noise are smaller so, since no row is predicted from its neighbours.
  package func indexedPNG(text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    guard let indexed = IndexedImage(asRGB, isExact: true) else { return try png(text: text) }
    return try indexed.png(text: text)
  }
}

extension IndexedImage {
  /// The image as a PNG file with a palette, with `text` as text chunks.
  ///
  /// - Parameter scale: pixels to a point, which say how large it is; nil leaves that open.
  func png(scale: Double? = nil, text: [PNGText] = []) throws(PlottingError) -> [UInt8] {
    let file = try written(
      width: width, height: height,
      format: png_uint_32(PNG_FORMAT_FLAG_COLOR) | png_uint_32(PNG_FORMAT_FLAG_COLORMAP),
      channels: 1, pixels: indices, palette: palette)
    return try inserting(text, intoPNG: file, scale: scale)
  }
}

/// - Parameter palette: three bytes a colour; empty unless `format` has a colour map.
private func written(
  width: Int, height: Int, format: png_uint_32, channels: Int, pixels: [UInt8], palette: [UInt8]
) throws(PlottingError) -> [UInt8] {
  var image = png_image()
  image.version = png_uint_32(PNG_IMAGE_VERSION)
  image.width = png_uint_32(width)
  image.height = png_uint_32(height)
  image.format = format
  image.colormap_entries = png_uint_32(palette.count / 3)
  // Above what zlib's stored blocks, filter bytes, palette and chunk headers can add.
  let bound = pixels.count + height + (pixels.count + height) / 6 + 4096
  var size = png_alloc_size_t(bound)
  var file = [UInt8](repeating: 0, count: bound)
  let done = pixels.withUnsafeBytes { source in
    palette.withUnsafeBytes { colors in
      file.withUnsafeMutableBytes { out in
        png_image_write_to_memory(
          &image, out.baseAddress, &size, 0, source.baseAddress, png_int_32(width * channels),
          palette.isEmpty ? nil : colors.baseAddress)
      }
    }
  }
  if done == 0 { throw failure(of: &image, doing: "writing") }
  file.removeLast(bound - Int(size))
  return file
}

private func pngFormat(_ format: PixelImage.Format) -> png_uint_32 {
  format == .grey ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)
}

private func failure(of image: inout png_image, doing what: String) -> PlottingError {
  let message = withUnsafeBytes(of: image.message) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
  png_image_free(&image)
  return PlottingError(.png, "\(what) a PNG failed: \(message)")
}

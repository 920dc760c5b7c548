// SPDX-License-Identifier: MIT

import CPNG

@testable import Plotting

extension PixelImage {
  /// Reads a PNG file back as grey or RGB pixels; transparency is laid over black.
  init(png file: [UInt8], as format: Format) throws(PlottingError) {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    var bytes: [UInt8] = []
    // libpng keeps the address of the file between both calls.
    let done = file.withUnsafeBytes { source -> Int32 in
      guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0
      else { return 0 }
      image.format = format == .grey ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)
      let stride = Int(image.width) * format.channels
      bytes = [UInt8](repeating: 0, count: Int(image.height) * stride)
      var black = png_color()
      return bytes.withUnsafeMutableBytes {
        png_image_finish_read(&image, &black, $0.baseAddress, png_int_32(stride), nil)
      }
    }
    defer { png_image_free(&image) }
    if done == 0 { throw PlottingError(.png, "the bytes are no PNG that libpng reads") }
    self.init(width: Int(image.width), height: Int(image.height), format: format, bytes: bytes)
  }
}

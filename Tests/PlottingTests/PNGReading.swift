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

/// The notes of a PNG file, in order; compressed ones are left out.
func notes(ofPNG file: [UInt8]) throws(PlottingError) -> [PNGText] {
  var found: [PNGText] = []
  for part in try chunks(ofPNG: file) where part.type == "tEXt" || part.type == "iTXt" {
    let data = file[part.data]
    guard let zero = data.firstIndex(of: 0) else { continue }
    let keyword = String(
      String.UnicodeScalarView(data[..<zero].map { Unicode.Scalar($0) }))
    if part.type == "tEXt" {
      let text = String.UnicodeScalarView(data[(zero + 1)...].map { Unicode.Scalar($0) })
      found.append(PNGText(keyword, String(text)))
    } else if data.count > zero - data.startIndex + 5, data[zero + 1] == 0 {
      let rest = data[(zero + 3)...].split(
        separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
      if rest.count == 3 {
        found.append(PNGText(keyword, String(decoding: rest[2], as: UTF8.self)))
      }
    }
  }
  return found
}

// SPDX-License-Identifier: MIT

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

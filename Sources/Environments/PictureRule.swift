// SPDX-License-Identifier: MIT

package import ParameterSchema

/// Size of the picture that a game shows, in pixels.
package struct ScreenSize: Hashable, Sendable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The Atari 2600's screen as ALE shows it.
  package static let atari = ScreenSize(height: 210, width: 160)
}

/// What is kept of a picture: a part of it, sampled to a size, with values that count as background.
///
/// Only the first byte of each pixel is looked at: red, as in the post.
package struct PictureRule: Hashable, Sendable {
  /// The part of the picture that is looked at, in pixels.
  package struct Crop: Hashable, Sendable {
    package let top: Int
    package let left: Int
    package let height: Int
    package let width: Int

    package init(top: Int, left: Int, height: Int, width: Int) {
      self.top = top
      self.left = left
      self.height = height
      self.width = width
    }
  }

  package let crop: Crop
  /// Pixels of what is kept.
  package let height: Int
  package let width: Int
  /// Values that become 0 where pixels are told apart as lit or not; 0 always does.
  package let background: Set<UInt8>

  package init(crop: Crop, height: Int, width: Int, background: Set<UInt8>) {
    self.crop = crop
    self.height = height
    self.width = width
    self.background = background
  }

  /// The post's: rows 35, 37, … 193 and columns 0, 2, … 158; 144 and 109 become 0.
  package static let post = PictureRule(
    crop: Crop(top: 35, left: 0, height: 160, width: 160), height: 80, width: 80,
    background: [144, 109])

  /// All of the picture, pixel by pixel, nothing but 0 being background.
  package static func whole(_ screen: ScreenSize) -> PictureRule {
    PictureRule(
      crop: Crop(top: 0, left: 0, height: screen.height, width: screen.width),
      height: screen.height, width: screen.width, background: [])
  }

  /// The rule of a validated section `observation`.
  ///
  /// - Parameter own: what the environment uses where `crop`, `background`, or (in `raw`) a size is
  ///   null. A part asked for without a size is kept pixel by pixel.
  package init(_ observation: Settings, own: PictureRule) {
    let asked = observation.isNull("crop") ? nil : observation.integerRecord("crop")
    let crop = asked.map {
      Crop(
        top: $0["top"] ?? 0, left: $0["left"] ?? 0, height: $0["height"] ?? 1,
        width: $0["width"] ?? 1)
    }
    // Numbers have no background.
    background =
      observation.string("kind") == "raw" || observation.isNull("background")
      ? own.background : Set(observation.integers("background").map { UInt8($0) })
    height = observation.optionalInteger("height") ?? crop?.height ?? own.height
    width = observation.optionalInteger("width") ?? crop?.width ?? own.width
    self.crop = crop ?? own.crop
  }

  /// Row and column of the picture that pixel (y, x) of what is kept is taken from: whole division,
  /// so that 160 → 80 takes every second one, the first included.
  package func source(y: Int, x: Int) -> (row: Int, column: Int) {
    (crop.top + y * crop.height / height, crop.left + x * crop.width / width)
  }

  /// A sentence that says why the rule does not fit a picture, or nil.
  package func misfit(_ screen: ScreenSize) -> String? {
    if crop.top + crop.height > screen.height {
      return """
        the crop ends at row \(crop.top + crop.height); allowed: at most \(screen.height), the \
        picture's height
        """
    }
    if crop.left + crop.width > screen.width {
      return """
        the crop ends at column \(crop.left + crop.width); allowed: at most \(screen.width), the \
        picture's width
        """
    }
    return nil
  }
}

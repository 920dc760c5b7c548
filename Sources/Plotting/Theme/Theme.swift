// SPDX-License-Identifier: MIT

/// The colours of a figure, for light or for dark surroundings.
///
/// The eight series colours begin from Okabe and Ito's hues (2008), darkened or lightened until
/// each has contrast 3 with the surface, and moved apart so that any two differ by at least 0.09 in
/// OKLab as seen with normal sight, protanopia, deuteranopia and tritanopia (Machado et al. 2009).
/// A hue keeps its number in both themes.
package struct Theme: Equatable, Sendable {
  /// `light` or `dark`; for file names and page attributes.
  package let name: String
  /// The page behind figures.
  package let background: Color
  /// The sheet that figures are drawn on.
  package let surface: Color
  /// Text and marks of the first rank.
  package let ink: Color
  /// Text of the second rank: axes, captions.
  package let mutedInk: Color
  /// Lines to read values by.
  package let grid: Color
  /// The base line of an axis and reference lines.
  package let axis: Color
  /// Eight colours for series: blue, orange, green, pink, sky, gold, wine, slate.
  package let categorical: [Color]
  /// From the most negative over zero (the middle) to the most positive.
  let diverging: ColorRamp
  /// From nothing to most.
  let sequential: ColorRamp

  /// Dark ink on white.
  package static let light = Theme(
    name: "light", background: Color(0xF6F5F1), surface: Color(0xFFFFFF), ink: Color(0x1B1F24),
    mutedInk: Color(0x5A636E), grid: Color(0xE6E8EB), axis: Color(0x9AA1AB),
    categorical: [
      0x1D50AD, 0xBF4707, 0x32815B, 0xBC52A0, 0x2E94DC, 0xAB8E33, 0x761839, 0x61556B,
    ].map { Color($0) },
    diverging: ColorRamp([0x9A3B06, 0xDB8A4E, 0xF3F2EF, 0x6C96D6, 0x1D50AD]),
    sequential: ColorRamp([0xF1F4F9, 0xA9C3E6, 0x4F82C9, 0x1D50AD, 0x0D2A66]))

  /// Light ink on near black.
  package static let dark = Theme(
    name: "dark", background: Color(0x0E1014), surface: Color(0x16191F), ink: Color(0xE9EBEE),
    mutedInk: Color(0xA0A8B4), grid: Color(0x282D36), axis: Color(0x66707E),
    categorical: [
      0x5B8AF6, 0xF67F09, 0x5AC996, 0xBD74A7, 0xACE2FE, 0xEECB32, 0xC34253, 0xAFACEC,
    ].map { Color($0) },
    diverging: ColorRamp([0xF99B45, 0xA85C1B, 0x262A32, 0x3C63B8, 0x84A9FB]),
    sequential: ColorRamp([0x1B212C, 0x22406F, 0x3B6CC4, 0x79A2F8, 0xD6E4FF]))

  /// Both themes, light first.
  package static let all = [light, dark]
}

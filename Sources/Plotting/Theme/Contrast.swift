// SPDX-License-Identifier: MIT

import Glibc

extension Color {
  /// Relative luminance, 0 (black) to 1 (white), of the solid colour (WCAG 2.2).
  package var luminance: Double {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Contrast ratio with `other`, 1 to 21, both taken as solid (WCAG 2.2).
  package func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}

private func linear(_ channel: UInt8) -> Double {
  let c = Double(channel) / 255
  return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
}

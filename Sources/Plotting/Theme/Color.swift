// SPDX-License-Identifier: MIT

import Glibc

/// A colour in sRGB, eight bits a channel, with opacity.
package struct Color: Equatable, Hashable, Sendable {
  /// Red, 0…255.
  var red: UInt8
  /// Green, 0…255.
  var green: UInt8
  /// Blue, 0…255.
  var blue: UInt8
  /// Opacity, 0 (clear) to 1 (solid).
  var alpha = 1.0
}

extension Color {
  /// A solid colour from a number such as `0x0072B2`.
  init(_ hex: UInt32) {
    self.init(
      red: UInt8(hex >> 16 & 0xFF), green: UInt8(hex >> 8 & 0xFF), blue: UInt8(hex & 0xFF))
  }

  /// The same colour with another opacity, 0…1.
  func opacity(_ alpha: Double) -> Color {
    Color(red: red, green: green, blue: blue, alpha: alpha)
  }

  /// As CSS writes it: `#0072B2`, with a fourth pair of digits only where it is not solid.
  package var css: String {
    let solid = "#" + hexPair(red) + hexPair(green) + hexPair(blue)
    return alpha >= 1 ? solid : solid + hexPair(UInt8((alpha * 255).rounded()))
  }

  /// Relative luminance, 0 (black) to 1 (white), of the solid colour (WCAG 2.2).
  private var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let c = Double(channel) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Contrast ratio with `other`, 1 to 21, both taken as solid (WCAG 2.2).
  func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// The colour a fraction `t` (0…1) of the way to `other`, in sRGB.
  fileprivate func mixed(with other: Color, _ t: Double) -> Color {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * t).rounded())
    }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
      alpha: alpha + (other.alpha - alpha) * t)
  }
}

private func hexPair(_ value: UInt8) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return digits.count == 1 ? "0" + digits : digits
}

/// Colours along a line, mixed between evenly spaced stops.
struct ColorRamp: Equatable, Sendable {
  /// At least two colours, from 0 to 1.
  let stops: [Color]

  /// A ramp over its stops.
  init(_ stops: [UInt32]) {
    precondition(stops.count >= 2, "a ramp needs 2 colours or more, not \(stops.count)")
    self.stops = stops.map { Color($0) }
  }

  /// The colour at `t`, 0…1; beyond it the end's colour, at NaN that of 0.
  func color(at t: Double) -> Color {
    let scaled = min(max(t.isNaN ? 0 : t, 0), 1) * Double(stops.count - 1)
    let lower = min(Int(scaled), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], scaled - Double(lower))
  }
}

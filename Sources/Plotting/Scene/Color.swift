// SPDX-License-Identifier: MIT

/// A colour in sRGB, eight bits a channel, with opacity.
package struct Color: Equatable, Hashable, Sendable {
  /// Red, 0…255.
  package var red: UInt8
  /// Green, 0…255.
  package var green: UInt8
  /// Blue, 0…255.
  package var blue: UInt8
  /// Opacity, 0 (clear) to 1 (solid).
  package var alpha: Double

  /// A colour from its channels (0…255) and opacity (0…1).
  package init(red: UInt8, green: UInt8, blue: UInt8, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// A solid colour from a number such as `0x0072B2`.
  package init(_ hex: UInt32) {
    self.init(
      red: UInt8(hex >> 16 & 0xFF), green: UInt8(hex >> 8 & 0xFF), blue: UInt8(hex & 0xFF))
  }

  /// The same colour with another opacity, 0…1.
  package func opacity(_ alpha: Double) -> Color {
    Color(red: red, green: green, blue: blue, alpha: alpha)
  }

  /// As CSS writes it: `#0072B2`, with a fourth pair of digits only where it is not solid.
  package var css: String {
    let solid = "#" + hexPair(red) + hexPair(green) + hexPair(blue)
    return alpha >= 1 ? solid : solid + hexPair(UInt8((alpha * 255).rounded()))
  }

  /// The colour a fraction `t` (0…1, clamped) of the way to `other`, in sRGB.
  package func mixed(with other: Color, _ t: Double) -> Color {
    let t = min(max(t.isNaN ? 0 : t, 0), 1)
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

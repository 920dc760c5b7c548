// SPDX-License-Identifier: MIT

/// The weights of letters that figures use.
package enum TextWeight: String, Equatable, Sendable {
  case regular, semibold
}

/// Size and weight of a text, and what follows from them; all lengths in points.
///
/// The typeface is Inter (Debian package `fonts-inter`). Layout needs its widths only, which are
/// part of this module; a machine without Inter draws with another face, narrowed to fit.
package struct TextStyle: Equatable, Sendable {
  /// Height of the em square in points.
  package var size: Double
  /// How bold the letters are.
  package var weight: TextWeight

  /// A style from its size in points and its weight.
  package init(size: Double, weight: TextWeight = .regular) {
    self.size = size
    self.weight = weight
  }

  /// From the line of writing up to the top of the highest letters.
  package var ascent: Double { size * 0.969 }
  /// From the line of writing down to the end of the lowest letters.
  package var descent: Double { size * 0.242 }
  /// The height of a capital letter.
  package var capHeight: Double { size * 0.727 }
  /// The distance from one line of writing to the next.
  package var lineHeight: Double { size * 1.36 }

  /// How far the pen moves while writing `string`, without kerning.
  package func width(of string: String) -> Double {
    var total = 0
    for scalar in string.unicodeScalars where !isZeroWidth(scalar) {
      total += Int(InterAdvances.advance(of: scalar, weight: weight))
    }
    return Double(total) * size / 1000
  }
}

extension TextMark {
  /// The upright rectangle that holds every letter.
  package var box: Rect {
    let width = style.width(of: string)
    let start: Double =
      switch anchor {
      case .start: 0
      case .middle: -width / 2
      case .end: -width
      }
    let shift = baseline == .middle ? style.capHeight / 2 : 0
    let height = style.ascent + style.descent
    return isVertical
      ? Rect(
        x: position.x + shift - style.ascent, y: position.y - start - width, width: height,
        height: width)
      : Rect(
        x: position.x + start, y: position.y + shift - style.ascent, width: width, height: height)
  }
}

/// `string` with what cannot be drawn on one line (breaks, controls, writing-direction marks)
/// replaced by spaces.
func drawable(_ string: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in string.unicodeScalars {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: result.append(" ")
    case 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE, 0xFFFF: continue
    default: result.append(scalar)
    }
  }
  return String(result)
}

private func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x300...0x36F, 0x200C...0x200D, 0xFE00...0xFE0F: true
  default: false
  }
}

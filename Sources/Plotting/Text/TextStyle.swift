// SPDX-License-Identifier: MIT

/// The weights of letters that figures use.
enum TextWeight: String, Equatable, Sendable {
  case regular, semibold
}

/// Size and weight of a text, and what follows from them; all lengths in points.
///
/// The typeface is Inter (Debian `fonts-inter`). Layout needs its widths only, which are
/// part of this module; a machine without Inter draws with another face, narrowed to fit.
struct TextStyle: Equatable, Sendable {
  /// Height of the em square in points.
  var size: Double
  /// How bold the letters are.
  var weight: TextWeight = .regular

  /// From the line of writing up to the top of the highest letters.
  var ascent: Double { size * 0.969 }
  /// From the line of writing down to the end of the lowest letters.
  var descent: Double { size * 0.242 }
  /// The height of a capital letter.
  var capHeight: Double { size * 0.727 }
  /// The distance from one line of writing to the next.
  var lineHeight: Double { size * 1.36 }

  /// How far the pen moves while writing `string`, without kerning.
  func width(of string: String) -> Double {
    var total = 0
    for scalar in string.unicodeScalars {
      total += Int(InterAdvances.advance(of: scalar, weight: weight) ?? assumedAdvance(of: scalar))
    }
    return Double(total) * size / 1000
  }
}

extension TextMark {
  /// The upright rectangle that holds every letter.
  var box: Rect {
    let width = style.width(of: string)
    let start: Double =
      switch anchor {
      case .start: 0
      case .middle: -width / 2
      case .end: -width
      }
    let shift = baseline == .middle ? style.capHeight / 2 : 0
    return Rect(
      x: position.x + start, y: position.y + shift - style.ascent, width: width,
      height: style.ascent + style.descent)
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

/// Whether Inter alone cannot write the text, letter after letter: other scripts, marks over letters,
/// pictures.
func needsShaping(_ string: String) -> Bool {
  string.unicodeScalars.contains { InterAdvances.advance(of: $0, weight: .regular) == nil }
}

/// The room for a character that Inter does not have, in thousandths of the font size: an em and a
/// little for ideographs and pictures, two thirds of it for letters, none for marks over letters.
private func assumedAdvance(of scalar: Unicode.Scalar) -> UInt16 {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2600...0x27BF, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
    return 1_050
  default: return 650
  }
}

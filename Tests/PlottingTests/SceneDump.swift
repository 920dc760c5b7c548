// SPDX-License-Identifier: MIT

import Digest

@testable import Plotting

extension Scene {
  /// The scene as text, a mark a line, for golden tests and for reading.
  ///
  /// Lengths are rounded to hundredths of a point; images are given by size and CRC-32.
  func dump(_ theme: Theme) -> String {
    let writer = SceneDump(theme: theme)
    var lines = [
      "scene \(number(width))×\(number(height)) \(background[theme].css)",
      "title \(title)", "alternative \(alternative)",
    ]
    writer.append(marks, to: &lines, indent: "")
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Writes marks with the colours of one theme.
private struct SceneDump {
  let theme: Theme

  func append(_ marks: [Mark], to lines: inout [String], indent: String) {
    for mark in marks {
      if case .clip(let rect, let inner) = mark {
        lines.append("\(indent)clip \(describe(rect))")
        append(inner, to: &lines, indent: indent + "  ")
      } else {
        lines.append(indent + describe(mark))
      }
    }
  }

  private func describe(_ mark: Mark) -> String {
    switch mark {
    case .rect(let rect, let fill, let stroke, let radius):
      return "rect \(describe(rect)) radius \(number(radius)) \(describe(fill, stroke))"
    case .line(let points, let stroke):
      return "line \(describe(points)) \(describe(nil, stroke))"
    case .polygon(let points, let fill):
      return "polygon \(describe(points)) \(describe(fill, nil))"
    case .circle(let center, let radius, let fill, let stroke):
      return "circle \(describe([center])) radius \(number(radius)) \(describe(fill, stroke))"
    case .image(let image, let rect):
      return "image \(image.format.rawValue) \(image.width)×\(image.height) crc"
        + " \(String(CRC32.zlib.checksum(image.bytes), radix: 16)) in \(describe(rect))"
    case .clip(let rect, _):
      return "clip \(describe(rect))"
    case .text(let text):
      let halo = text.halo.map { " halo \($0[theme].css)" } ?? ""
      return "text \"\(text.string)\" at \(describe([text.position])) \(text.style.weight.rawValue)"
        + " \(number(text.style.size)) \(text.anchor.rawValue) \(text.baseline.rawValue)"
        + " \(text.color[theme].css)"
        + halo
    }
  }

  private func describe(_ fill: Paint?, _ stroke: Stroke?) -> String {
    var parts: [String] = []
    if let fill { parts.append("fill \(fill[theme].css)") }
    if let stroke {
      parts.append("stroke \(stroke.color[theme].css) \(number(stroke.width))")
      if !stroke.dash.isEmpty {
        parts.append("dash " + stroke.dash.map(number).joined(separator: " "))
      }
    }
    return parts.joined(separator: " ")
  }

  private func describe(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private func describe(_ rect: Rect) -> String {
    "\(number(rect.x)),\(number(rect.y)) \(number(rect.width))×\(number(rect.height))"
  }
}

/// Hundredths, without zeros at the end, in plain ASCII.
private func number(_ value: Double) -> String {
  guard abs(value) < 1e9 else { return "\(value)" }
  let hundredths = Int((value * 100).rounded())
  let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
  let sign = hundredths < 0 ? "-" : ""
  if rest == 0 { return "\(sign)\(whole)" }
  return rest.isMultiple(of: 10)
    ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
}

// SPDX-License-Identifier: MIT

import Diagnostics

/// A named value to compare with, such as the score of random play.
package struct ReferenceLine: Equatable, Sendable {
  /// What it stands for; may be empty.
  package let name: String
  /// Where it lies, on the figure's scale.
  package let value: Double

  /// A named value, on the figure's scale.
  package init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }

  /// Name and value, as written at the line.
  package var label: String {
    name.isEmpty ? Numbers.text(value) : "\(name) \(Numbers.text(value))"
  }

  /// The dashes of every reference line, in points.
  static let dash: [Double] = [4, 3]
  static let stroke = Stroke(.axis, dash: dash)
}

/// Which reference lines a figure draws: those within its range, or not further from the data than
/// a seventh of what they cover, so that drawing them does not flatten what is to be seen.
struct ReferencesInView {
  let near: [ReferenceLine]
  /// Those too far away, which a sentence names.
  let distant: [ReferenceLine]

  /// - Parameter range: what the axis covers; nil where it covers the values and may grow.
  init(
    _ lines: [ReferenceLine], beside values: some Sequence<Double>, range: ClosedRange<Double>?,
    kind: AxisKind = .linear
  ) {
    let scale = Scale(kind, domain: range ?? extent(of: values, kind: kind), from: 0, to: 1)
    let places = range == nil ? -0.15...1.15 : 0...1
    near = lines.filter { places.contains(scale.position($0.value)) }
    distant = lines.filter { !places.contains(scale.position($0.value)) && $0.value.isFinite }
  }
}

/// The sentence on reference values that a figure does not show; nil where there are none.
func outOfView(_ lines: [ReferenceLine]) -> String? {
  lines.isEmpty ? nil : "Out of view: \(lines.map(\.label).joined(separator: "; "))."
}

extension Sheet {
  /// Adds the reference lines across a plot, without their names.
  mutating func addReferenceLines(_ lines: [ReferenceLine], in area: PlotArea) {
    for line in lines {
      let y = area.y.position(line.value)
      guard y.isFinite, y >= area.rect.y - 0.5, y <= area.rect.bottom + 0.5 else { continue }
      marks.append(
        .line([Point(area.rect.x, y), Point(area.rect.right, y)], ReferenceLine.stroke))
    }
  }

  /// Names reference lines within a plot, each where the fewest of `points` lie under the name.
  ///
  /// - Returns: the lines whose names found no free place, for the legend.
  mutating func addReferenceNames(
    _ lines: [ReferenceLine], in area: PlotArea, avoiding points: [Point]
  ) -> [ReferenceLine] {
    var taken: [Rect] = []
    var left: [ReferenceLine] = []
    for line in lines {
      let y = area.y.position(line.value)
      let string = tickStyle.truncated(line.label, to: area.rect.width * 0.8)
      let size = (width: tickStyle.width(of: string), height: tickStyle.ascent + tickStyle.descent)
      var best: (box: Rect, cost: Int)?
      for top in [y - size.height - 1, y + 2] {
        for x in [
          area.rect.right - size.width - 2, area.rect.x + 4, area.rect.center.x - size.width / 2,
        ] {
          let box = Rect(x: x, y: top, width: size.width, height: size.height)
          guard area.rect.contains(box), !taken.contains(where: { $0.intersects(box) }) else {
            continue
          }
          let cost = points.reduce(0) { $0 + (box.contains($1) ? 1 : 0) }
          if cost < best?.cost ?? .max { best = (box, cost) }
        }
      }
      // A name over many points would be read as badly as they.
      guard let best, best.cost <= 12 else {
        left.append(line)
        continue
      }
      let box = best.box
      taken.append(box)
      add(
        text: string, at: Point(box.x, box.y + tickStyle.ascent), style: tickStyle,
        color: .mutedInk, halo: .surface)
    }
    return left
  }
}

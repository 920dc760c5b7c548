// SPDX-License-Identifier: MIT

/// Colours along a line, mixed between evenly spaced stops.
package struct ColorRamp: Equatable, Sendable {
  /// At least two colours, from 0 to 1.
  package let stops: [Color]

  /// A ramp over its stops.
  package init(_ stops: [Color]) {
    precondition(stops.count >= 2, "a ramp needs 2 colours or more, not \(stops.count)")
    self.stops = stops
  }

  /// The colour at `t`, 0…1; beyond it the end's colour, at NaN that of 0.
  package func color(at t: Double) -> Color {
    let scaled = min(max(t.isNaN ? 0 : t, 0), 1) * Double(stops.count - 1)
    let lower = min(Int(scaled), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], scaled - Double(lower))
  }
}

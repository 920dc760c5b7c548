// SPDX-License-Identifier: MIT

/// A place on the canvas, in points from the top left corner; y grows downwards.
struct Point: Equatable, Sendable {
  /// From the left edge of the canvas.
  var x: Double
  /// From the top edge of the canvas.
  var y: Double

  /// A place from its coordinates, in points.
  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether neither coordinate is NaN or infinite.
  var isFinite: Bool { x.isFinite && y.isFinite }
}

/// An upright rectangle, in points.
struct Rect: Equatable, Sendable {
  /// From the left edge of the canvas.
  var x: Double
  /// From the top edge of the canvas.
  var y: Double
  /// To the right of `x`.
  var width: Double
  /// Downwards from `y`.
  var height: Double

  /// The right edge.
  var right: Double { x + width }
  /// The bottom edge.
  var bottom: Double { y + height }
  /// The middle.
  var center: Point { Point(x + width / 2, y + height / 2) }

  /// Whether the insides of both overlap; edges that touch do not count.
  func intersects(_ other: Rect) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// Whether the whole of `other` lies within, edges included.
  func contains(_ other: Rect) -> Bool {
    other.x >= x && other.y >= y && other.right <= right && other.bottom <= bottom
  }

  /// Whether the point lies within, edges included.
  func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }

  /// The rectangle grown by `amount` points on every side (shrunk when negative).
  func grown(by amount: Double) -> Rect {
    Rect(
      x: x - amount, y: y - amount, width: width + 2 * amount, height: height + 2 * amount)
  }
}

// SPDX-License-Identifier: MIT

/// How a line is drawn: colour, width in points, and dashes (lengths in points, empty for solid).
struct Stroke: Hashable, Sendable {
  /// What it is drawn in.
  var color: Paint
  /// Thickness in points.
  var width: Double
  /// Lengths of dashes and gaps in points; empty for a solid line.
  var dash: [Double]

  /// A line style.
  init(_ color: Paint, width: Double = 1, dash: [Double] = []) {
    self.color = color
    self.width = width
    self.dash = dash
  }
}

/// One thing on a scene; later marks lie over earlier ones.
indirect enum Mark: Equatable, Sendable {
  /// A rectangle, with an optional corner radius in points.
  case rect(Rect, fill: Paint?, stroke: Stroke? = nil, radius: Double = 0)
  /// An open line through two or more points with round joins; every point is finite.
  case line([Point], Stroke)
  /// A filled area within three or more points; every point is finite.
  case polygon([Point], fill: Paint)
  /// A circle, its radius in points.
  case circle(Point, radius: Double, fill: Paint?, stroke: Stroke? = nil)
  /// One line of text.
  case text(TextMark)
  /// Pixels stretched over a rectangle, each a sharp-edged block.
  case image(PixelImage, Rect)
  /// Marks of which only what lies within the rectangle shows.
  case clip(Rect, [Mark])
}

/// Which point of a text its position names, along the line of writing.
enum TextAnchor: String, Equatable, Sendable {
  case start, middle, end
}

/// Which point of a text its position names, across the line of writing.
enum TextBaseline: String, Equatable, Sendable {
  /// The line the letters stand on.
  case alphabetic
  /// Half the height of a capital above that line.
  case middle
}

/// One line of text on a scene.
struct TextMark: Equatable, Sendable {
  /// What is written; characters that cannot be drawn are already replaced.
  let string: String
  /// Where `anchor` and `baseline` of the text lie.
  var position: Point
  /// Size and weight.
  var style: TextStyle
  /// What it is drawn in.
  var color: Paint
  /// Which point along the writing `position` names.
  var anchor: TextAnchor
  /// Which point across the writing `position` names.
  var baseline: TextBaseline
  /// The colour of a thin rim that keeps the text legible over lines; none when nil.
  var halo: Paint?

  /// A line of text; line breaks and other control characters become spaces.
  init(
    _ string: String, at position: Point, style: TextStyle, color: Paint,
    anchor: TextAnchor = .start, baseline: TextBaseline = .alphabetic, halo: Paint? = nil
  ) {
    self.string = drawable(string)
    self.position = position
    self.style = style
    self.color = color
    self.anchor = anchor
    self.baseline = baseline
    self.halo = halo
  }
}

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

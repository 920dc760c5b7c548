// SPDX-License-Identifier: MIT

import Diagnostics

/// A normal distribution over the plane, its two coordinates independent.
package struct PlaneDistribution: Equatable, Sendable {
  package let mean: (x: Double, y: Double)
  package let deviation: (x: Double, y: Double)

  package init(mean: (x: Double, y: Double), deviation: (x: Double, y: Double)) {
    (self.mean, self.deviation) = (mean, deviation)
  }

  package static func == (a: Self, b: Self) -> Bool {
    a.mean == b.mean && a.deviation == b.deviation
  }

  /// ∇ log p(a) by the mean: (a − μ)/σ² in each coordinate.
  package func meanGradient(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
    (
      (point.x - mean.x) / (deviation.x * deviation.x),
      (point.y - mean.y) / (deviation.y * deviation.y)
    )
  }
}

/// A disc of the plane that pays.
package struct PayingRegion: Decodable, Equatable, Sendable {
  package let x: Double
  package let y: Double
  package let radius: Double

  package init(x: Double, y: Double, radius: Double) {
    (self.x, self.y, self.radius) = (x, y, radius)
  }
}

/// What an update of a distribution's parameters learned from, and what it led to.
package struct ScoreUpdate: Sendable {
  package typealias Sample = (x: Double, y: Double, score: Double)

  package let before: PlaneDistribution
  package let after: PlaneDistribution
  package let samples: [Sample]

  package init(before: PlaneDistribution, after: PlaneDistribution, samples: [Sample]) {
    (self.before, self.after, self.samples) = (before, after, samples)
  }
}

extension Figure {
  /// Three panels of the score function estimator, after the figure in "Pong from Pixels": samples
  /// with the gradient of their log probability by the mean, the same coloured by score over the
  /// regions that pay, the distribution before and after the update.
  ///
  /// - Parameter range: of both coordinates.
  package static func scorePanels(
    title: String = "", _ update: ScoreUpdate, regions: [PayingRegion], range: ClosedRange<Double>
  ) -> Figure {
    let panels = ScorePanels(update: update, regions: regions, range: range)
    return Figure("The score function estimator", title: title) { panels.draw(on: &$0) }
  }
}

/// See `Figure.scorePanels`.
private struct ScorePanels {
  let update: ScoreUpdate
  let regions: [PayingRegion]
  let range: ClosedRange<Double>

  private static let won = Paint.series(2)
  private static let lost = Paint.series(1)
  private static let density = Paint.series(0)
  /// The longest arrow, as a part of a panel's side.
  private static let longest = 0.17

  private var samples: [ScoreUpdate.Sample] {
    update.samples.filter { $0.x.isFinite && $0.y.isFinite }
  }

  /// What arrows are multiplied by, so that the longest is as long as it may be.
  private var arrowScale: Double {
    let lengths = samples.map { sample in
      let slope = update.before.meanGradient((sample.x, sample.y))
      return (slope.x * slope.x + slope.y * slope.y).squareRoot()
    }
    let most = lengths.lazy.filter(\.isFinite).max() ?? 0
    return most > 0 ? Self.longest * (range.upperBound - range.lowerBound) / most : 0
  }

  func draw(on sheet: inout Sheet) -> String? {
    if samples.isEmpty { return nil }
    let scale = arrowScale
    let names = [
      "Samples, and the gradient of log p by the mean", "The same, by their score",
      "Before and after the update",
    ]
    let style = sheet.labelStyle
    let tickRoom = sheet.tickStyle.width(of: "−10") + 8
    let gap = sheet.isWide ? 18.0 : 0
    let columns = sheet.isWide ? 3.0 : 1
    let room = (sheet.innerWidth - gap * (columns - 1)) / columns
    let side = max(40, min(room - tickRoom, 300))
    let titles = names.map { style.wrapped($0, to: side, maximumLines: 4) }
    let lines = Double(sheet.isWide ? titles.map(\.count).max() ?? 1 : 0)
    let top = sheet.bottom
    var bottom = top
    for (place, title) in titles.enumerated() {
      let left = sheet.margin + (sheet.isWide ? Double(place) * (room + gap) : 0) + tickRoom
      sheet.bottom = sheet.isWide ? top : place == 0 ? bottom : bottom + 14
      for (number, line) in title.enumerated() {
        sheet.add(
          text: line,
          at: Point(left, sheet.bottom + style.ascent + Double(number) * style.lineHeight),
          style: style, color: .ink)
      }
      sheet.bottom += (sheet.isWide ? lines : Double(title.count)) * style.lineHeight + 6
      let area = addAxes(&sheet, left: left, side: side)
      let marks =
        place == 0
        ? density(update.before, area) + arrows(area, scale) { _ in .ink }
        : place == 1
          ? payments(area) + density(update.before, area)
            + arrows(area, scale) { $0.score > 0 ? Self.won : Self.lost }
          : payments(area) + density(update.before, area, isGone: true)
            + density(update.after, area)
            + arrow(from: center(update.before, area), to: center(update.after, area), .ink, 1.75)
      sheet.marks.append(.clip(area.rect, marks))
      sheet.marks.append(.rect(area.rect, fill: nil, stroke: Stroke(.axis)))
      bottom = max(bottom, sheet.bottom)
    }
    sheet.bottom = bottom + 8
    addKey(&sheet)
    sheet.notes.append(
      "Rings: one and two deviations. The gradients are drawn at \(Numbers.text(scale, digits: 2)) of"
        + " their length, the way of the mean as long as it is.")
    return description
  }

  /// Numbers and grid of a square that begins at the sheet's bottom.
  private func addAxes(_ sheet: inout Sheet, left: Double, side: Double) -> PlotArea {
    let rect = Rect(x: left, y: sheet.bottom, width: side, height: side)
    let area = PlotArea(
      rect: rect, x: Scale(domain: range, from: rect.x, to: rect.right),
      y: Scale(domain: range, from: rect.bottom, to: rect.y))
    for tick in sheet.verticalTicks(area.y) {
      let y = area.y.position(tick.value)
      sheet.marks.append(.line([Point(rect.x, y), Point(rect.right, y)], Stroke(.grid)))
      sheet.add(
        text: tick.label, at: Point(rect.x - 6, min(max(y, rect.y + 4), rect.bottom - 4)),
        style: sheet.tickStyle, color: .mutedInk, anchor: .end, baseline: .middle)
    }
    for (tick, _) in sheet.horizontalTicks(area.x) {
      let x = area.x.position(tick.value)
      sheet.marks.append(.line([Point(x, rect.y), Point(x, rect.bottom)], Stroke(.grid)))
    }
    sheet.bottom = rect.bottom
    sheet.addHorizontalAxis(area.x, label: "", from: rect.x, to: rect.right)
    return area
  }

  private func center(_ distribution: PlaneDistribution, _ area: PlotArea) -> Point {
    area.point(distribution.mean.x, distribution.mean.y)
  }

  /// Rings of a distribution; dashed where it is what was there before.
  private func density(
    _ distribution: PlaneDistribution, _ area: PlotArea, isGone: Bool = false
  ) -> [Mark] {
    let stroke = Stroke(
      isGone ? .mutedInk : Self.density, width: 1.25, dash: isGone ? [4, 3] : [])
    return [2.0, 1].flatMap { deviations -> [Mark] in
      let ring = (0...48).map { step -> Point in
        let (x, y) = Self.circle[step % Self.circle.count]
        return area.point(
          distribution.mean.x + deviations * distribution.deviation.x * x,
          distribution.mean.y + deviations * distribution.deviation.y * y)
      }
      guard ring.allSatisfy(\.isFinite) else { return [] }
      let fill: [Mark] = isGone ? [] : [.polygon(ring, fill: Self.density.opacity(0.1))]
      return fill + [.line(ring, stroke)]
    }
  }

  /// 48 directions, by turning (1, 0) a forty-eighth of a round at a time.
  private static let circle: [(Double, Double)] = {
    let (cosine, sine) = (0.9914448613738104, 0.13052619222005157)
    return (1..<48).reduce(into: [(1.0, 0.0)]) { all, step in
      let (x, y) = all[step - 1]
      all.append((x * cosine - y * sine, x * sine + y * cosine))
    }
  }()

  private func payments(_ area: PlotArea) -> [Mark] {
    regions.compactMap { region in
      let center = area.point(region.x, region.y)
      let radius = area.point(region.x + region.radius, region.y).x - center.x
      guard center.isFinite, radius.isFinite, radius > 0 else { return nil }
      return .circle(
        center, radius: radius, fill: Self.won.opacity(0.16), stroke: Stroke(Self.won))
    }
  }

  /// Each sample with its gradient; what scored more than 0 is a full dot, everything else a ring.
  private func arrows(
    _ area: PlotArea, _ scale: Double, _ color: (ScoreUpdate.Sample) -> Paint
  ) -> [Mark] {
    samples.flatMap { sample -> [Mark] in
      let paint = color(sample)
      let from = area.point(sample.x, sample.y)
      let slope = update.before.meanGradient((sample.x, sample.y))
      let to = area.point(sample.x + scale * slope.x, sample.y + scale * slope.y)
      return arrow(from: from, to: to, paint, 1.25) + [dot(from, paint, isFull: sample.score > 0)]
    }
  }

  private func dot(_ at: Point, _ paint: Paint, isFull: Bool) -> Mark {
    .circle(at, radius: 2.75, fill: isFull ? paint : .surface, stroke: Stroke(paint, width: 1.25))
  }

  private func arrow(from: Point, to: Point, _ paint: Paint, _ width: Double) -> [Mark] {
    let (x, y) = (to.x - from.x, to.y - from.y)
    let length = (x * x + y * y).squareRoot()
    guard length.isFinite, length > 0.5 else { return [] }
    let head = min(4 * width, 0.6 * length)
    let (ux, uy) = (x / length, y / length)
    let base = Point(to.x - head * ux, to.y - head * uy)
    let half = 0.45 * head
    return [
      .line([from, base], Stroke(paint, width: width)),
      .polygon(
        [
          to, Point(base.x - half * uy, base.y + half * ux),
          Point(base.x + half * uy, base.y - half * ux),
        ], fill: paint),
    ]
  }

  private func addKey(_ sheet: inout Sheet) {
    let style = sheet.tickStyle
    let wins = samples.count { $0.score > 0 }
    let entries = [
      ("score above 0 (\(wins))", Self.won, true),
      ("other scores (\(samples.count - wins))", Self.lost, false),
    ]
    var x = sheet.margin
    for (text, paint, isFull) in entries {
      let width = 12 + style.width(of: text)
      if x > sheet.margin, x + width > sheet.width - sheet.margin {
        x = sheet.margin
        sheet.bottom += style.lineHeight
      }
      let y = sheet.bottom + style.lineHeight / 2
      sheet.marks.append(dot(Point(x + 4, y), paint, isFull: isFull))
      sheet.add(
        text: text, at: Point(x + 12, y), style: style, color: .mutedInk, baseline: .middle)
      x += width + 18
    }
    sheet.bottom += style.lineHeight
  }

  private var description: String {
    func words(_ distribution: PlaneDistribution) -> String {
      let numbers = [
        distribution.mean.x, distribution.mean.y, distribution.deviation.x,
        distribution.deviation.y,
      ].map { Numbers.fixed($0, decimals: 2) }
      return "mean (\(numbers[0]), \(numbers[1])), deviations \(numbers[2]) and \(numbers[3])"
    }
    let wins = samples.count { $0.score > 0 }
    return
      "\(samples.count) samples of a normal distribution in the plane, \(words(update.before));"
      + " \(wins) of them in the \(Numbers.count(regions.count, "region")) that pay. After the"
      + " update: \(words(update.after))."
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics

/// Which columns a table of running trials has, and how wide they are.
struct BoardLayout: Hashable, Sendable {
  /// Below this many columns each trial takes two lines.
  static let narrowest = 60
  private static let gap = 2
  private static let percent = 4
  private static let bars = 8...32
  private static let trends = 8...32
  /// A label is not cut shorter than this for a column that can be done without.
  private static let readableLabel = 18

  /// A column that is left out where there is no room for it.
  private enum Column { case episodes, trend, mean, rate }

  let label: Int
  let seed: Int
  let bar: Int
  /// 0 where there is no room for the column.
  let episodes: Int
  let trend: Int
  let mean: Int
  let rate: Int
  let left: Int

  /// The widest set of columns that fits in `columns`; the last column of the terminal stays free,
  /// since some terminals wrap when it is filled.
  ///
  /// - Parameter hasTrends: whether the terminal can show sparklines.
  init(_ board: BatchBoard, columns: Int, hasTrends: Bool) {
    let usable = columns - 1
    let longest = max(Self.readableLabel, board.widestLabel)
    seed = max(4, board.widestSeed)
    left = max(11, Durations.text(board.secondsLeft).count)
    var widths: [Column: Int] = [
      // "8,000/8,000", and "eval 100/100" in the same place.
      .episodes: max(12, 2 * Numbers.whole(board.largestTarget).count + 1),
      .mean: board.rows.map { Numbers.score($0.mean).count }.reduce(8, max),
      .rate: 7,
    ]
    if hasTrends { widths[.trend] = Self.trends.lowerBound }
    let fixed = 1 + Self.gap + seed + Self.gap + 1 + Self.percent + Self.gap + left
    func spare() -> Int {
      usable - fixed - widths.values.reduce(0) { $0 + $1 + Self.gap }
    }
    let least = min(longest, Self.readableLabel) + Self.bars.lowerBound
    // What tells least goes first: bar and percent say what the episodes do.
    for column in [Column.episodes, .rate, .trend, .mean] where spare() < least {
      widths[column] = nil
    }
    (episodes, mean, rate) = (widths[.episodes] ?? 0, widths[.mean] ?? 0, widths[.rate] ?? 0)
    // Room that is left makes whole labels first, then longer bars and sparklines alike.
    label = max(1, min(longest, spare() - Self.bars.lowerBound))
    let room = max(1, spare() - label)
    guard let narrowestTrend = widths[.trend] else {
      trend = 0
      bar = min(room, Self.bars.upperBound)
      return
    }
    bar = max(1, min(Self.bars.upperBound, (room + narrowestTrend) / 2))
    trend = max(narrowestTrend, min(Self.trends.upperBound, room + narrowestTrend - bar))
  }

  /// One line out of its cells; the columns without room are left out.
  func line(
    label text: TerminalText, seed seedText: String, bar barText: TerminalText, percent: String,
    episodes episodesText: String, trend trendText: TerminalText, mean meanText: String,
    rate rateText: String, left leftText: String, role: TerminalText.Role = .plain
  ) -> TerminalText {
    var line = TerminalText(" ") + text
    line.append(String(repeating: " ", count: max(0, label - text.width)))
    func cell(_ text: String, _ width: Int) {
      guard width > 0 else { return }
      line.append("  " + TerminalText.padded(text, columns: width, right: true), role)
    }
    func cell(_ text: TerminalText, _ width: Int) {
      line = line + text
      line.append(String(repeating: " ", count: max(0, width - text.width)))
    }
    if !seedText.isEmpty || text.width <= label { cell(seedText, seed) }
    let spaces = 1 + label + Self.gap + seed + Self.gap - line.width
    line.append(String(repeating: " ", count: max(0, spaces)))
    cell(barText, bar)
    line.append(" " + TerminalText.padded(percent, columns: Self.percent, right: true), role)
    cell(episodesText, episodes)
    if trend > 0 {
      line.append("  ")
      cell(trendText, trend)
    }
    cell(meanText, mean)
    cell(rateText, rate)
    cell(leftText, left)
    return line
  }
}

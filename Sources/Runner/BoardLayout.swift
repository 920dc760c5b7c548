// SPDX-License-Identifier: MIT

/// Which columns a table of running trials has, and how wide they are.
struct BoardLayout: Hashable, Sendable {
  /// Below this many columns each trial takes two lines.
  static let narrowest = 60
  private static let gap = 2
  private static let percent = 4
  private static let bars = 8...40

  let label: Int
  let seed: Int
  let bar: Int
  /// 0 where there is no room for the column.
  let episodes: Int
  let mean: Int
  let rate: Int
  let left: Int

  /// The widest set of columns that fits in `columns`; the last column of the terminal stays free,
  /// since some terminals wrap when it is filled.
  init(_ board: BatchBoard, columns: Int) {
    let usable = columns - 1
    let longest = max(24, board.widestLabel)
    seed = max(4, board.widestSeed)
    left = max(7, Amounts.duration(board.secondsLeft).count)
    // "8,000/8,000", and "eval 100/100" in the same place.
    let episodesWidth = max(12, 2 * Amounts.count(board.largestTarget).count + 1)
    let meanWidth = board.rows.map { Amounts.mean($0.mean).count }.reduce(6, max)
    var optional = [
      (name: 0, width: episodesWidth), (name: 1, width: meanWidth), (name: 2, width: 6),
    ]
    let fixed = 1 + Self.gap + seed + Self.gap + 1 + Self.percent + Self.gap + left
    func spare() -> Int {
      usable - fixed - optional.reduce(0) { $0 + $1.width + Self.gap }
    }
    // What tells least goes first: the rate, the episodes, the mean.
    for name in [2, 0, 1] where spare() < min(longest, 24) + Self.bars.lowerBound {
      optional.removeAll { $0.name == name }
    }
    func width(_ name: Int) -> Int { optional.first { $0.name == name }?.width ?? 0 }
    (episodes, mean, rate) = (width(0), width(1), width(2))
    label = max(1, min(longest, spare() - Self.bars.lowerBound))
    bar = max(1, min(spare() - label, Self.bars.upperBound))
  }

  /// One line out of its cells; the columns without room are left out.
  func line(
    label text: TerminalText, seed seedText: String, bar barText: TerminalText, percent: String,
    episodes episodesText: String, mean meanText: String, rate rateText: String,
    left leftText: String, role: TerminalText.Role = .plain
  ) -> TerminalText {
    var line = TerminalText(" ") + text
    line.append(String(repeating: " ", count: max(0, label - text.width)))
    func cell(_ text: String, _ width: Int) {
      guard width > 0 else { return }
      line.append("  " + TerminalText.padded(text, columns: width, right: true), role)
    }
    if !seedText.isEmpty || text.width <= label { cell(seedText, seed) }
    let spaces = 1 + label + Self.gap + seed + Self.gap - line.width
    line.append(String(repeating: " ", count: max(0, spaces)))
    line = line + barText
    line.append(String(repeating: " ", count: max(0, bar - barText.width)))
    line.append(" " + TerminalText.padded(percent, columns: Self.percent, right: true), role)
    cell(episodesText, episodes)
    cell(meanText, mean)
    cell(rateText, rate)
    cell(leftText, left)
    return line
  }
}

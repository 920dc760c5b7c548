// SPDX-License-Identifier: MIT

import Artifacts
import RunStore

/// How a number went over a stretch of work, in bounded memory: the last value in each of equally
/// wide parts of the stretch.
package struct Trend: Hashable, Sendable {
  /// Parts that the stretch is cut into.
  package static let parts = 64

  /// Where the stretch is thought to end.
  package private(set) var total: Int
  private var values: [Double?]

  /// - Parameter total: where the stretch is thought to end, such as the episodes asked for; at least
  ///   1. It doubles when something is noted beyond it.
  package init(total: Int) {
    self.total = max(1, total)
    values = Array(repeating: nil, count: Self.parts)
  }

  /// Notes the value at a place of the stretch; what is not finite or lies before it is left out.
  package mutating func note(_ value: Double?, at place: Int) {
    guard let value, value.isFinite, (0...Int.max / 128).contains(place) else { return }
    while place > total { double() }
    values[min(Self.parts - 1, place * Self.parts / total)] = value
  }

  /// Keeps what is known here and takes what only `other` knows.
  package mutating func fill(from other: Trend) {
    var other = other
    while total < other.total { double() }
    while other.total < total { other.double() }
    for index in values.indices where values[index] == nil { values[index] = other.values[index] }
  }

  /// Twice the stretch in as many parts: two of them become one.
  private mutating func double() {
    total *= 2
    let half = stride(from: 0, to: Self.parts, by: 2).map { values[$0 + 1] ?? values[$0] }
    values = half + Array(repeating: nil, count: Self.parts - half.count)
  }

  /// The last value in each part, up to the last part that has one; nil where none is known.
  package var known: [Double?] { Array(values[...(values.lastIndex { $0 != nil } ?? -1)]) }

  /// The values of `columns` equal parts of what has passed, oldest first; nil where none is known.
  /// Where the stretch is young, fewer parts are given: a part never shows the same twice.
  package func samples(columns: Int) -> [Double?] {
    guard columns > 0, let last = values.lastIndex(where: { $0 != nil }) else { return [] }
    let count = min(columns, last + 1)
    return (0..<count).map { column in
      let range = column * (last + 1) / count..<(column + 1) * (last + 1) / count
      return values[range].last { $0 != nil } ?? nil
    }
  }
}

extension Trend {
  /// How the smoothed mean of a trial went, by its `episodes.csv`; nil when there is none.
  ///
  /// - Parameter target: training episodes in the end.
  init?(of folder: TrialFolder, target: Int) {
    guard Disk.isPresent(folder.episodesPath) else { return nil }
    var mean: Double?
    var trend = Trend(total: target)
    // A damaged row ends the picture, nothing else.
    try? readCSV(EpisodeRecord.self, at: folder.episodesPath) { row in
      mean = smoothed(mean, with: row.return)
      trend.note(mean, at: row.episode)
    }
    self = trend
  }
}

// SPDX-License-Identifier: MIT

/// A random sweep's draws of one parameter.
package enum ParameterDraws: Equatable, Sendable {
  /// Numbers, compared by their order only, so that it does not matter how they were spread.
  case numbers([Double])
  /// Words, switches and what else has no order.
  case categories([String])

  package var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .categories(let values): values.count
    }
  }
}

/// The draws of one parameter put into few bins of neighbours.
package struct ParameterBins: Equatable, Sendable {
  /// The bin of each draw.
  package let bins: [Int]
  package let count: Int

  /// Equal draws share a bin. Numbers get bins of about equally many draws: two, three from 18
  /// draws on, four from 32 on, so that a bin has six or more; categories keep a bin each.
  package init(_ draws: ParameterDraws) {
    switch draws {
    case .categories(let values):
      let distinct = Array(Set(values)).sorted()
      let places = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
      bins = values.map { places[$0] ?? 0 }
      count = distinct.count
    case .numbers(let values):
      let wanted = values.count < 18 ? 2 : values.count < 32 ? 3 : 4
      let ranks = midranks(values)
      // A draw goes where the middle of its equals lies, so that equals stay together.
      let raw = ranks.map {
        min(wanted - 1, Int(($0 - 0.5) / Double(max(1, values.count)) * Double(wanted)))
      }
      let distinct = Array(Set(raw)).sorted()
      let places = Dictionary(uniqueKeysWithValues: zip(distinct, distinct.indices))
      bins = raw.map { places[$0] ?? 0 }
      count = distinct.count
    }
  }
}

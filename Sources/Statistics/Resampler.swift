// SPDX-License-Identifier: MIT

/// What is computed from one resample. It holds scratch space, so that a replicate allocates
/// nothing.
protocol ResampledStatistic: Sendable {
  /// The value at one resample.
  ///
  /// - Parameter drawn: stratum after stratum, the indices drawn; index 0 is the first member of
  ///   the first stratum, and the count goes on over the strata.
  mutating func value(_ drawn: [Int]) -> Double
  /// The values at all resamples; a requirement, so that also a statistic that is known only when the
  /// program runs has its own compiled loop.
  func values(over resampler: Resampler, key: ResamplingKey) -> [Double]
}

extension ResampledStatistic {
  func values(over resampler: Resampler, key: ResamplingKey) -> [Double] {
    resampler.values(of: self, key: key)
  }
}

/// The stratified bootstrap's resamples: from each stratum of n members, n draws with replacement
/// (Efron 1979; stratified by task as in Agarwal et al. 2021).
struct Resampler: Sendable {
  /// Up to this many resamples are all enumerated, which is exact.
  static let enumerationLimit = 100_000
  /// Replicates drawn where there are more.
  static let defaultReplicates = 50_000

  private let sizes: [Int]
  private let starts: [Int]
  private let replicates: Int
  /// Whether all resamples are enumerated.
  let isExact: Bool
  /// Resamples visited.
  let count: Int

  /// - Parameters:
  ///   - sizes: the strata's numbers of members, each positive.
  ///   - replicates: drawn when not all resamples are enumerated.
  ///   - limit: enumerates when there are no more resamples than this.
  init(
    sizes: [Int], replicates: Int = defaultReplicates, enumeratingUpTo limit: Int = enumerationLimit
  ) {
    precondition(sizes.allSatisfy { $0 > 0 }, "a stratum wants at least 1 member, found \(sizes)")
    precondition(replicates > 0, "a bootstrap wants at least 1 replicate, found \(replicates)")
    self.sizes = sizes
    self.replicates = replicates
    var starts: [Int] = []
    var start = 0
    for size in sizes {
      starts.append(start)
      start += size
    }
    self.starts = starts
    let all = Self.number(sizes: sizes, upTo: limit)
    isExact = all != nil
    count = all ?? replicates
  }

  /// The number of distinct ordered resamples, Π n^n; nil when there are more than `limit`.
  static func number(sizes: [Int], upTo limit: Int) -> Int? {
    var product = 1
    for size in sizes {
      for _ in 0..<size {
        let (next, overflow) = product.multipliedReportingOverflow(by: size)
        guard !overflow, next <= limit else { return nil }
        product = next
      }
    }
    return product
  }

  /// The statistic at each resample: all in lexicographic order, or replicate 0, 1, 2 and so on.
  func values<Statistic: ResampledStatistic>(
    of statistic: Statistic, key: ResamplingKey
  ) -> [Double] {
    inParts(isExact ? 1 : replicates) { part in
      var statistic = statistic
      var result: [Double] = []
      forEach(key: key, of: part) { result.append(statistic.value($0)) }
      return result
    }.flatMap { $0 }
  }

  /// Calls `body` with the drawn indices of each resample.
  ///
  /// - Parameter part: of those that are drawn; nil for all.
  @inline(__always)
  func forEach(key: ResamplingKey, of part: Range<Int>? = nil, _ body: ([Int]) -> Void) {
    isExact ? enumerate(body) : draw(part ?? 0..<replicates, key: key, body)
  }

  private func draw(_ part: Range<Int>, key: ResamplingKey, _ body: ([Int]) -> Void) {
    var drawn = firstMembers
    for replicate in part {
      var generator = key.generator(replicate: replicate)
      drawn.withUnsafeMutableBufferPointer { drawn in
        var position = 0
        for stratum in sizes.indices {
          let (size, start) = (sizes[stratum], starts[stratum])
          for _ in 0..<size {
            drawn[position] = start + generator.index(below: size)
            position += 1
          }
        }
      }
      body(drawn)
    }
  }

  private func enumerate(_ body: ([Int]) -> Void) {
    var drawn = firstMembers
    let least = drawn
    let greatest = zip(sizes, starts).flatMap { Array(repeating: $1 + $0 - 1, count: $0) }
    while true {
      body(drawn)
      // An odometer: the last position runs fastest.
      var position = drawn.count - 1
      while position >= 0, drawn[position] == greatest[position] {
        drawn[position] = least[position]
        position -= 1
      }
      guard position >= 0 else { return }
      drawn[position] += 1
    }
  }

  private var firstMembers: [Int] {
    zip(sizes, starts).flatMap { Array(repeating: $1, count: $0) }
  }
}

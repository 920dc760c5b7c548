// SPDX-License-Identifier: MIT

import Randomness

/// The key of the random numbers behind one interval or test: (experiment, statistic).
///
/// With the replicate's number it seeds a counter-based generator (Salmon et al. 2011 for the
/// idea), so that a replicate's draws depend on nothing drawn before: the same data give the same
/// interval, in whatever order a report asks.
package struct ResamplingKey: Hashable, Sendable {
  /// 64 bits that stand for both names.
  let word: UInt64

  /// - Parameters:
  ///   - experiment: the experiment's name.
  ///   - statistic: what is resampled, such as `"final/interquartileMean/variant 3"`.
  package init(experiment: String, statistic: String) {
    word = Self.mixed(Self.hash(experiment), Self.hash(statistic))
  }

  /// The key of an experiment's draws of seeds, which bring the scores of all variants along: shared
  /// by all that compares variants, so that the same quantity has the same interval wherever a page
  /// shows it.
  package static func seeds(of experiment: String) -> ResamplingKey {
    ResamplingKey(experiment: experiment, statistic: "seeds")
  }

  private init(word: UInt64) {
    self.word = word
  }

  /// The key of a part of what this key stands for.
  package func part(_ name: String) -> ResamplingKey {
    ResamplingKey(word: Self.mixed(word, Self.hash(name)))
  }

  /// The generator of replicate number `replicate`.
  func generator(replicate: Int) -> SplitMix64 {
    SplitMix64(state: Self.mixed(word, UInt64(truncatingIfNeeded: replicate)))
  }

  private static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let first = SplitMix64.mix((a ^ StreamPurpose.resampling.rawValue) &+ 0x9E37_79B9_7F4A_7C15)
    return SplitMix64.mix((first ^ b) &+ 0x9E37_79B9_7F4A_7C15)
  }

  /// FNV-1a over the UTF-8 bytes; Swift's own hashes differ from process to process.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

extension SplitMix64 {
  /// An index below `bound`, by the high word of a product; its bias, bound / 2⁶⁴, is far below
  /// what any number of replicates could show.
  mutating func index(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}

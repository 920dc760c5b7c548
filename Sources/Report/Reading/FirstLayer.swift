// SPDX-License-Identifier: MIT

import Artifacts

/// The weights of a two-layer policy that looks at pixels: what the filter pictures show.
struct FirstLayer {
  /// Pixels of a picture's side.
  static let side = 80

  /// Hidden units.
  let unitCount: Int
  /// Training episodes behind the weights.
  let episode: Int
  /// Shape `[H, 6400]`, row-major.
  private let input: [Float]
  /// Weight of each unit on the first action's logit; shape `[H]`.
  let output: [Float]

  /// - Returns: nil for a checkpoint of another policy.
  init?(_ checkpoint: Checkpoint, episode: Int) {
    guard let first = checkpoint["policy.w1"], let second = checkpoint["policy.w2"],
      first.shape.count == 2, first.shape[1] == Self.side * Self.side,
      second.values.count == first.shape[0]
    else { return nil }
    unitCount = first.shape[0]
    self.episode = episode
    input = first.values
    output = second.values
  }

  /// Row `unit` of W1, 6,400 weights.
  func weights(_ unit: Int) -> ArraySlice<Float> {
    let count = Self.side * Self.side
    return input[unit * count..<(unit + 1) * count]
  }

  /// Euclidean norm of a unit's input weights.
  func norm(_ unit: Int) -> Double {
    weights(unit).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// The units that can move the decision most: by |output weight| · norm of the input weights,
  /// greatest first, the lower number first among equals.
  func strongest(_ count: Int) -> [Int] {
    let strengths = (0..<unitCount).map { abs(Double(output[$0])) * norm($0) }
    return (0..<unitCount)
      .sorted { (strengths[$1], $0) < (strengths[$0], $1) }
      .prefix(count).map { $0 }
  }

  /// The magnitude that a picture of some units shows as white: of 1,000 weights, all but the two
  /// greatest lie below it. A single outlier would leave everything else grey.
  ///
  /// - Returns: the greatest magnitude where that quantile is 0; 0 where none is finite.
  func whiteLevel(_ units: [Int]) -> Float {
    var magnitudes = units.flatMap { weights($0).lazy.filter(\.isFinite).map(abs) }
    magnitudes.sort()
    guard let greatest = magnitudes.last else { return 0 }
    let level = magnitudes[(magnitudes.count - 1) * 998 / 1_000]
    return level > 0 ? level : greatest
  }

  /// A unit's weights held within ±`level`.
  func clamped(_ unit: Int, to level: Float) -> [Float] {
    weights(unit).map { $0.isFinite ? max(-level, min(level, $0)) : $0 }
  }
}

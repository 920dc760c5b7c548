// SPDX-License-Identifier: MIT

import Artifacts
import Statistics

/// The weights of a two-layer policy that looks at pixels: what the filter pictures show.
struct FirstLayer {
  /// Pixels of a picture's side.
  static let side = 80
  private static let inputCount = side * side

  /// Hidden units.
  let unitCount: Int
  /// Training episodes behind the weights.
  let episode: Int
  /// Shape `[H, 6400]`, row-major.
  private let input: [Float]
  /// Shape `[H]`; zeros for a policy without biases.
  private let bias: [Float]
  /// Weight of each unit on the first action's logit; where there are more logits than one, the
  /// Euclidean norm over them. Shape `[H]`.
  let output: [Float]

  /// - Returns: nil for a checkpoint of another policy.
  init?(_ checkpoint: Checkpoint, episode: Int) {
    guard let first = checkpoint["policy.w1"], let second = checkpoint["policy.w2"],
      first.shape.count == 2, first.shape[1] == Self.inputCount, second.shape.count == 2,
      second.shape[1] == first.shape[0], second.shape[0] > 0
    else { return nil }
    let count = first.shape[0]
    unitCount = count
    self.episode = episode
    input = first.values
    let stored = checkpoint["policy.b1"]?.values ?? []
    bias = stored.count == count ? stored : [Float](repeating: 0, count: count)
    let rows = second.shape[0]
    output =
      rows == 1
      ? second.values
      : (0..<count).map { unit -> Float in
        let squares = (0..<rows).map { row -> Float in
          let weight = second.values[row * count + unit]
          return weight * weight
        }
        return squares.reduce(0, +).squareRoot()
      }
  }

  /// Row `unit` of W1, 6,400 weights.
  func weights(_ unit: Int) -> ArraySlice<Float> {
    input[unit * Self.inputCount..<(unit + 1) * Self.inputCount]
  }

  /// Euclidean norm of a unit's input weights.
  func norm(_ unit: Int) -> Double {
    weights(unit).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// Total variation of a unit's picture, relative to that of noise: mean |difference of
  /// neighbours| over √2 · mean |weight|. 1 for independent normal weights, 0 for an even grey.
  ///
  /// - Returns: nil where all weights are 0 or one is not finite.
  func roughness(_ unit: Int) -> Double? {
    let side = Self.side
    let row = weights(unit)
    return row.withUnsafeBufferPointer { pixels in
      var (variation, magnitude) = (0.0, 0.0)
      for y in 0..<side {
        for x in 0..<side {
          let here = pixels[y * side + x]
          magnitude += Double(abs(here))
          if x + 1 < side { variation += Double(abs(pixels[y * side + x + 1] - here)) }
          if y + 1 < side { variation += Double(abs(pixels[(y + 1) * side + x] - here)) }
        }
      }
      let pairs = Double(2 * side * (side - 1))
      let value =
        variation / pairs / (magnitude / Double(Self.inputCount)) / (2.0).squareRoot()
      return value.isFinite ? value : nil
    }
  }

  /// The middle one of all units' roughness.
  var medianRoughness: Double? { median((0..<unitCount).compactMap(roughness)) }

  /// What a unit answers to a picture: max(0, w · x + b).
  ///
  /// - Parameters:
  ///   - plus: the pixels that are 1.
  ///   - minus: the pixels that are −1.
  func activation(_ unit: Int, plus: [Int], minus: [Int]) -> Double {
    let start = unit * Self.inputCount
    var sum = Double(bias[unit])
    for pixel in plus { sum += Double(input[start + pixel]) }
    for pixel in minus { sum -= Double(input[start + pixel]) }
    return max(0, sum)
  }

  /// The units that a choice puts first; the lower number first among equals.
  func chosen(by choice: FilterChoice, _ count: Int) -> [Int] {
    let strengths: [Double]
    switch choice {
    case .norm: strengths = (0..<unitCount).map(norm)
    case .output: strengths = output.map { abs(Double($0)) }
    case .index: return Array(0..<min(count, unitCount))
    }
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

/// By what the shown units are chosen and ordered.
enum FilterChoice: String, CaseIterable {
  case norm, output, index
}

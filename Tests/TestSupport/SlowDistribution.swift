// SPDX-License-Identifier: MIT

import Foundation

/// What a policy's outputs say of its actions, in Double and straight from the definitions: a softmax
/// for each choice, that of (z, 0) where there are two; a normal density for each number, whose
/// integrals are sums over a fine grid.
package struct SlowDistribution: Sendable {
  /// The choices of each entry; nil where entries are numbers.
  private let choices: [Int]?
  private let entries: Int

  package init(choices: [Int]) { (self.choices, entries) = (choices, choices.count) }

  /// Means, then log deviations.
  package init(numbers: Int) { (choices, entries) = (nil, numbers) }

  package var outputCount: Int {
    choices.map { $0.reduce(0) { $0 + ($1 == 2 ? 1 : $1) } } ?? 2 * entries
  }

  /// Where an entry's outputs stand.
  private func places(_ entry: Int) -> [Int] {
    guard let choices else { return [entry, entries + entry] }
    let widths = choices.map { $0 == 2 ? 1 : $0 }
    let start = widths[..<entry].reduce(0, +)
    return Array(start..<start + widths[entry])
  }

  /// Every value of an entry, its weight in a sum over all of them, and the logarithm of its
  /// probability or density under the outputs `z`.
  private func values(_ entry: Int, _ z: [Double]) -> [(
    value: Double, weight: Double, log: Double
  )] {
    if let choices {
      return (0..<choices[entry]).map { (Double($0), 1, logProbability(entry, z, Double($0))) }
    }
    let (mean, deviation) = (z[entry], exp(z[entries + entry]))
    return (-100...100).map { i in
      let value = mean + Double(i) * 0.1 * deviation
      return (value, 0.1 * deviation, logProbability(entry, z, value))
    }
  }

  private func logProbability(_ entry: Int, _ z: [Double], _ action: Double) -> Double {
    let own = places(entry).map { z[$0] }
    guard let choices else {
      let distance = (action - own[0]) / exp(own[1])
      return -distance * distance / 2 - own[1] - log(2 * Double.pi) / 2
    }
    let all = choices[entry] == 2 ? [own[0], 0] : own
    // As a difference of logits: a logarithm has no digits left where p is 10⁻⁵².
    let largest = all.max() ?? 0
    return all[Int(action)] - largest - log(all.reduce(0) { $0 + exp($1 - largest) })
  }

  package func logProbability(_ z: [Double], of action: [Double]) -> Double {
    (0..<entries).reduce(0) { $0 + logProbability($1, z, action[$1]) }
  }

  package func entropy(_ z: [Double]) -> Double {
    (0..<entries).reduce(0) { sum, entry in
      values(entry, z).reduce(sum) { $0 - $1.weight * exp($1.log) * $1.log }
    }
  }

  /// KL(old ‖ new).
  package func divergence(_ old: [Double], _ new: [Double]) -> Double {
    (0..<entries).reduce(0) { sum, entry in
      values(entry, old).reduce(sum) {
        $0 + $1.weight * exp($1.log) * ($1.log - logProbability(entry, new, $1.value))
      }
    }
  }

  /// E[score·scoreᵀ], shape `[O, O]`: entry by entry, since they are independent.
  package func fisher(_ z: [Double]) -> [[Double]] {
    var matrix = z.map { _ in z.map { _ in 0.0 } }
    for entry in 0..<entries {
      for (value, weight, log) in values(entry, z) {
        let score = Self.gradient(z) { logProbability(entry, $0, value) }
        for i in places(entry) {
          for j in places(entry) { matrix[i][j] += weight * exp(log) * score[i] * score[j] }
        }
      }
    }
    return matrix
  }

  /// ∂f/∂z by central differences.
  package static func gradient(_ z: [Double], _ f: ([Double]) -> Double) -> [Double] {
    z.indices.map { i in
      var (up, down) = (z, z)
      up[i] += 1e-6
      down[i] -= 1e-6
      return (f(up) - f(down)) / 2e-6
    }
  }
}

// SPDX-License-Identifier: MIT

import Kernels

/// How a learning rate changes over a training.
package enum Schedule: Hashable, Sendable {
  case constant
  /// In a straight line to this share of the rate at the end.
  case linear(to: Double)
  /// By equal factors to this share of the rate at the end.
  case exponential(to: Double)

  /// What the rate is multiplied with when `progress`, 0...1, of the training is done.
  package func factor(at progress: Double) -> Double {
    let done = min(1, max(0, progress))
    return switch self {
    case .constant: 1
    case .linear(let end): 1 + (end - 1) * done
    case .exponential(let end): Kernels.exponential(logarithm(end) * done)
    }
  }
}

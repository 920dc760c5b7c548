// SPDX-License-Identifier: MIT

internal import CLanes

/// Sums over one optimizer step: Σ g² of the gradient as it was used, Σ θ² afterwards.
package typealias StepSquares = (gradient: Double, parameters: Double)

/// One ascent step of RMSProp in the post's form, epsilon outside the root:
/// `g ← scale·(g − l2·θ); c ← decay·c + (1 − decay)·g²; θ ← θ + rate·g / (√c + epsilon)`.
///
/// - Parameters:
///   - parameters, squares: shape `[lanes]`; updated.
///   - gradient: shape `[lanes]`; cleared.
package func rmspropStep(
  parameters: UnsafeMutablePointer<Lane>, squares: UnsafeMutablePointer<Lane>,
  gradient: UnsafeMutablePointer<Lane>, lanes: Int, scale: Float, l2: Float, rate: Float,
  decay: Float, epsilon: Float
) -> StepSquares {
  let gain = 1 - decay
  return sweep(lanes) { v in
    let theta = parameters[v]
    let g = (gradient[v] - l2 * theta) * scale
    let c = decay * squares[v] + gain * (g * g)
    let next = theta + (rate * g) / (rallybook_square_root(c) + epsilon)
    squares[v] = c
    parameters[v] = next
    gradient[v] = .zero
    return (g, next)
  }
}

/// One ascent step of Adam: `g ← scale·(g − l2·θ); m ← β₁·m + (1 − β₁)·g;
/// s ← β₂·s + (1 − β₂)·g²; θ ← θ + rate·m / (√s·rootScale + epsilon)`, the bias corrections being
/// in `rate` and `rootScale`.
package func adamStep(
  parameters: UnsafeMutablePointer<Lane>, means: UnsafeMutablePointer<Lane>,
  squares: UnsafeMutablePointer<Lane>, gradient: UnsafeMutablePointer<Lane>, lanes: Int,
  scale: Float, l2: Float, rate: Float, rootScale: Float, beta1: Float, beta2: Float,
  epsilon: Float
) -> StepSquares {
  let (gain1, gain2) = (1 - beta1, 1 - beta2)
  return sweep(lanes) { v in
    let theta = parameters[v]
    let g = (gradient[v] - l2 * theta) * scale
    let m = beta1 * means[v] + gain1 * g
    let s = beta2 * squares[v] + gain2 * (g * g)
    let next = theta + (rate * m) / (rallybook_square_root(s) * rootScale + epsilon)
    means[v] = m
    squares[v] = s
    parameters[v] = next
    gradient[v] = .zero
    return (g, next)
  }
}

/// One ascent step with momentum: `g ← scale·(g − l2·θ); m ← μ·m + g; θ ← θ + rate·m`.
package func momentumStep(
  parameters: UnsafeMutablePointer<Lane>, momenta: UnsafeMutablePointer<Lane>,
  gradient: UnsafeMutablePointer<Lane>, lanes: Int, scale: Float, l2: Float, rate: Float,
  momentum: Float
) -> StepSquares {
  sweep(lanes) { v in
    let theta = parameters[v]
    let g = (gradient[v] - l2 * theta) * scale
    let m = momentum * momenta[v] + g
    let next = theta + rate * m
    momenta[v] = m
    parameters[v] = next
    gradient[v] = .zero
    return (g, next)
  }
}

/// Calls `body` for every lane and sums the squares of what it gives, 64 lanes in Float and these
/// sums in Double.
@inline(__always)
private func sweep(_ lanes: Int, _ body: (Int) -> (Lane, Lane)) -> StepSquares {
  var total: StepSquares = (0, 0)
  var start = 0
  while start < lanes {
    let end = min(start &+ 64, lanes)
    var (a, b) = (Lane.zero, Lane.zero)
    var v = start
    while v < end {
      let (x, y) = body(v)
      a += x * x
      b += y * y
      v &+= 1
    }
    total.gradient += Double(horizontalSum(a))
    total.parameters += Double(horizontalSum(b))
    start = end
  }
  return total
}

// SPDX-License-Identifier: MIT

internal import CLanes

/// One ascent step of RMSProp in the post's form, epsilon outside the root:
/// `g ← g − l2·θ; c ← decay·c + (1 − decay)·g²; θ ← θ + learningRate·g / (√c + epsilon)`.
///
/// - Parameters:
///   - parameters, squares: shape `[lanes]`; updated.
///   - gradient: shape `[lanes]`; cleared.
/// - Returns: Σ g² after the l2 term, and Σ θ² after the step, each row of 64 lanes summed in
///   Float and the rows in Double.
package func rmspropStep(
  parameters: UnsafeMutablePointer<Lane>, squares: UnsafeMutablePointer<Lane>,
  gradient: UnsafeMutablePointer<Lane>, lanes: Int, learningRate rate: Float, decay: Float,
  epsilon: Float, l2: Float
) -> (gradientSquares: Double, parameterSquares: Double) {
  let gain = 1 - decay
  var gradientSquares = 0.0
  var parameterSquares = 0.0
  var start = 0
  while start < lanes {
    let end = min(start &+ 64, lanes)
    var (g2, p2) = (Lane.zero, Lane.zero)
    var v = start
    while v < end {
      let theta = parameters[v]
      let g = gradient[v] - l2 * theta
      let square = g * g
      let c = decay * squares[v] + gain * square
      let next = theta + (rate * g) / (rallybook_square_root(c) + epsilon)
      squares[v] = c
      parameters[v] = next
      gradient[v] = .zero
      g2 += square
      p2 += next * next
      v &+= 1
    }
    gradientSquares += Double(horizontalSum(g2))
    parameterSquares += Double(horizontalSum(p2))
    start = end
  }
  return (gradientSquares, parameterSquares)
}

// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

extension Loops {
  package static func rmspropStep(
    parameters: UnsafeMutablePointer<Lane>, squares: UnsafeMutablePointer<Lane>,
    gradient: UnsafeMutablePointer<Lane>, lanes: Int, scale: Float, l2: Float, rate: Float,
    decay: Float, epsilon: Float
  ) -> StepSquares {
    let gain = 1 - decay
    @inline(__always)
    func step(_ v: Int) -> (Lane, Lane) {
      let theta = parameters[v]
      let g = (gradient[v] - l2 * theta) * scale
      let c = decay * squares[v] + gain * (g * g)
      let next = theta + (rate * g) / (rallybook_square_root(c) + epsilon)
      squares[v] = c
      parameters[v] = next
      gradient[v] = .zero
      return (g, next)
    }
    return sweep(lanes, step)
  }

  package static func rmspropRest(
    parameters: UnsafePointer<Lane>, squares: UnsafeMutablePointer<Lane>, lanes: Int, decay: Float
  ) -> StepSquares {
    sweep(lanes) { v in
      squares[v] *= decay
      return (.zero, parameters[v])
    }
  }

  package static func adamStep(
    parameters: UnsafeMutablePointer<Lane>, means: UnsafeMutablePointer<Lane>,
    squares: UnsafeMutablePointer<Lane>, gradient: UnsafeMutablePointer<Lane>, lanes: Int,
    scale: Float, l2: Float, rate: Float, rootScale: Float, beta1: Float, beta2: Float,
    epsilon: Float
  ) -> StepSquares {
    let (gain1, gain2) = (1 - beta1, 1 - beta2)
    @inline(__always)
    func step(_ v: Int) -> (Lane, Lane) {
      let theta = parameters[v]
      let g = (gradient[v] - l2 * theta) * scale
      // Of a unit that has died the mean would shrink to the smallest of all numbers and stay there,
      // and a CPU takes a hundred cycles for each that is not normal. So small they move nothing.
      let m = normal(beta1 * means[v] + gain1 * g, 0x1p-100)
      let s = normal(beta2 * squares[v] + gain2 * (g * g), 0x1p-120)
      let next = theta + (rate * m) / (rallybook_square_root(s) * rootScale + epsilon)
      means[v] = m
      squares[v] = s
      parameters[v] = next
      gradient[v] = .zero
      return (g, next)
    }
    return sweep(lanes, step)
  }

  package static func momentumStep(
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

  package static func addScaled(
    _ y: UnsafeMutablePointer<Lane>, _ x: UnsafePointer<Lane>, scale: Float, lanes: Int
  ) {
    for v in 0..<lanes { y[v] += x[v] * scale }
  }

  package static func dotProduct(_ x: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, lanes: Int)
    -> Double
  {
    var total = 0.0
    var start = 0
    while start < lanes {
      let end = min(start &+ 64, lanes)
      var sum = Lane.zero
      for v in start..<end { sum += x[v] * y[v] }
      total += Double(horizontalSum(sum))
      start = end
    }
    return total
  }

  package static func multiply(_ x: UnsafeMutablePointer<Lane>, by scale: Float, lanes: Int) {
    for v in 0..<lanes { x[v] *= scale }
  }

  package static func scaleAndAdd(
    _ x: UnsafeMutablePointer<Lane>, scale: Float, _ y: UnsafePointer<Lane>, lanes: Int
  ) {
    for v in 0..<lanes { x[v] = y[v] + x[v] * scale }
  }
}

/// The lane, with 0 for what is smaller in size than `least`.
@inline(__always)
private func normal(_ x: Lane, _ least: Float) -> Lane {
  x.replacing(with: 0, where: (x .< least) .& (x .> -least))
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
    for v in start..<end {
      let (x, y) = body(v)
      a += x * x
      b += y * y
    }
    total.gradient += Double(horizontalSum(a))
    total.parameters += Double(horizontalSum(b))
    start = end
  }
  return total
}

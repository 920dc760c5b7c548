// SPDX-License-Identifier: MIT

import KernelLoops
import Kernels
import Testing

@Suite("Optimizer steps against their formulas in Double")
struct OptimizerStepTests {
  /// Parameters, two states (the second positive) and a gradient, with copies in Double.
  private struct Case {
    let theta, first, second, gradient: AlignedFloats
    let t, m, s, g: [Double]

    init() {
      var draws = TestDraws(3)
      (theta, first) = (draws.block(1000), draws.block(1000))
      (second, gradient) = (draws.block(1000), draws.block(1000))
      for i in 0..<1000 {
        second.floats[i] = abs(second.floats[i])
        gradient.floats[i] *= 10
      }
      (t, m) = (theta.floats.map(Double.init), first.floats.map(Double.init))
      (s, g) = (second.floats.map(Double.init), gradient.floats.map(Double.init))
    }

    /// Expects θ, a state and both norms to be what `step` gives for each element.
    func check(
      _ sums: (gradient: Double, parameters: Double), _ state: AlignedFloats,
      _ step: (Int) -> (g: Double, state: Double, theta: Double)
    ) {
      var (g2, t2) = (0.0, 0.0)
      for i in 0..<1000 {
        let wanted = step(i)
        #expect(abs(Double(state.floats[i]) - wanted.state) < 1e-5 * max(1, abs(wanted.state)))
        #expect(abs(Double(theta.floats[i]) - wanted.theta) < 2e-6 * max(1, abs(wanted.theta)))
        #expect(gradient.floats[i] == 0)
        g2 += wanted.g * wanted.g
        t2 += wanted.theta * wanted.theta
      }
      #expect(abs(sums.gradient - g2) < 1e-4 * g2)
      #expect(abs(sums.parameters - t2) < 1e-4 * t2)
    }
  }

  @Test("RMSProp is the post's formula", arguments: widths)
  func rmsprop(width: LaneWidth) {
    let c = Case()
    let sums = width.kernels.rmspropStep(
      parameters: c.theta.lanes, squares: c.second.lanes, gradient: c.gradient.lanes, lanes: 125,
      scale: 0.5, l2: 0.1,
      rate: 0.01, decay: 0.99, epsilon: 1e-5)
    c.check(sums, c.second) { i in
      let g = 0.5 * (c.g[i] - 0.1 * c.t[i])
      let s = 0.99 * c.s[i] + 0.01 * g * g
      return (g, s, c.t[i] + 0.01 * g / (s.squareRoot() + 1e-5))
    }
  }

  @Test("RMSProp without a gradient is the same step, to the bit", arguments: widths, [1, 25, 125])
  func rest(width: LaneWidth, lanes: Int) {
    let (a, b) = (Case(), Case())
    a.gradient.clear()
    let full = width.kernels.rmspropStep(
      parameters: a.theta.lanes, squares: a.second.lanes, gradient: a.gradient.lanes, lanes: lanes,
      scale: 1, l2: 0, rate: 0.01, decay: 0.99, epsilon: 1e-5)
    let rest = width.kernels.rmspropRest(
      parameters: b.theta.lanes, squares: b.second.lanes, lanes: lanes, decay: 0.99)
    #expect(full == rest)
    #expect(Array(a.theta.floats) == Array(b.theta.floats))
    #expect(Array(a.second.floats) == Array(b.second.floats))
    #expect(a.second.floats[0] != Float(a.s[0]))
  }

  @Test("Adam is the paper's formula with its corrections", arguments: widths)
  func adam(width: LaneWidth) {
    let c = Case()
    let (bias1, bias2) = (1 - 0.9 * 0.9 * 0.9, 1 - 0.999 * 0.999 * 0.999)
    let sums = width.kernels.adamStep(
      parameters: c.theta.lanes, means: c.first.lanes, squares: c.second.lanes,
      gradient: c.gradient.lanes, lanes: 125,
      scale: 0.5, l2: 0.1, rate: Float(0.01 / bias1), rootScale: Float(1 / bias2.squareRoot()),
      beta1: 0.9,
      beta2: 0.999, epsilon: 1e-5)
    c.check(sums, c.second) { i in
      let g = 0.5 * (c.g[i] - 0.1 * c.t[i])
      let m = 0.9 * c.m[i] + 0.1 * g
      let s = 0.999 * c.s[i] + 0.001 * g * g
      #expect(abs(Double(c.first.floats[i]) - m) < 1e-6)
      let step = 0.01 * (m / bias1) / ((s / bias2).squareRoot() + 1e-5)
      return (g, s, c.t[i] + step)
    }
  }

  @Test("Without gradients Adam's state becomes 0, and is never subnormal", arguments: widths)
  func silent(width: LaneWidth) {
    let c = Case()
    func step() {
      _ = width.kernels.adamStep(
        parameters: c.theta.lanes, means: c.first.lanes, squares: c.second.lanes,
        gradient: c.gradient.lanes, lanes: 125, scale: 1, l2: 0, rate: 1e-3, rootScale: 1,
        beta1: 0.9, beta2: 0.99, epsilon: 1e-5)
    }
    step()
    for _ in 0..<700 {
      step()
      #expect(c.first.floats.allSatisfy { !$0.isSubnormal })
    }
    #expect(c.first.floats.allSatisfy { $0 == 0 })
    let theta = Array(c.theta.floats)
    for _ in 0..<8000 { step() }
    #expect(c.second.floats.allSatisfy { $0 == 0 })
    #expect(Array(c.theta.floats) == theta)
  }

  @Test("Momentum adds up gradients", arguments: widths)
  func momentum(width: LaneWidth) {
    let c = Case()
    let sums = width.kernels.momentumStep(
      parameters: c.theta.lanes, momenta: c.first.lanes, gradient: c.gradient.lanes, lanes: 125,
      scale: 0.5, l2: 0.1,
      rate: 0.01, momentum: 0.9)
    c.check(sums, c.first) { i in
      let g = 0.5 * (c.g[i] - 0.1 * c.t[i])
      let m = 0.9 * c.m[i] + g
      return (g, m, c.t[i] + 0.01 * m)
    }
  }

  @Test("All widths give the same bits", .enabled(if: widths.count > 1, "this CPU has no AVX2"))
  func sameBits() {
    let results = widths.map { width in
      let kernels = width.kernels
      let (a, b) = (Case(), Case())
      _ = kernels.rmspropStep(
        parameters: a.theta.lanes, squares: a.second.lanes, gradient: a.gradient.lanes, lanes: 125,
        scale: 1, l2: 0.01,
        rate: 1e-3, decay: 0.99, epsilon: 1e-5)
      _ = kernels.adamStep(
        parameters: b.theta.lanes, means: b.first.lanes, squares: b.second.lanes,
        gradient: b.gradient.lanes, lanes: 125,
        scale: 1, l2: 0.01, rate: 1e-3, rootScale: 1.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-5)
      return [a.theta, a.second, b.theta, b.first, b.second].map { Array($0.floats) }
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}

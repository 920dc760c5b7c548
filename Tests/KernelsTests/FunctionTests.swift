// SPDX-License-Identifier: MIT

import Foundation
import Kernels
import Testing

@Suite("Exponentials that round alike on every machine")
struct FunctionTests {
  private func ulps(_ a: Double, _ b: Double) -> Double { abs(a - b) / max(b.ulp, a.ulp) }

  @Test("exponential is within 2 ulp of the C library's")
  func exponentials() {
    for i in -70_000...70_000 {
      let x = Double(i) * 0.01003
      #expect(ulps(Kernels.exponential(x), exp(x)) <= 2, "x = \(x)")
    }
  }

  @Test("logarithm is within 3 ulp of the C library's")
  func logarithms() {
    for i in 1...100_000 {
      for x in [Double(i) * 1e-5, Double(i) * 3.7, 1 / Double(i * i)] where abs(x - 1) > 1e-3 {
        #expect(ulps(Kernels.logarithm(x), log(x)) <= 3, "x = \(x)")
      }
    }
    #expect(Kernels.logarithm(1) == 0)
  }

  @Test("A comparison with sigmoid by bounds is the comparison with sigmoid")
  func belowSigmoid() {
    let ends: [Float] = [-1e30, -8, -0.0625, -0.0, 0, 0.0625, 1e-30, 8, 90, 1e30]
    for z in ends + (-3000...3000).map({ Float($0) * 0.00301 }) {
      let p = sigmoid(Double(z))
      for u in [0, p.nextDown, p, p.nextUp, p - 1e-9, p + 1e-9, p / 2, (1 + p) / 2, 0.5]
      where u >= 0 && u < 1 {
        #expect(isBelowSigmoid(u, z) == (u < p), "\(u) at \(z)")
      }
    }
  }

  @Test("sigmoid and softplus agree with their definitions and do not overflow")
  func logistic() {
    for i in -3000...3000 {
      let z = Double(i) * 0.01
      #expect(abs(sigmoid(z) - 1 / (1 + exp(-z))) < 1e-15)
      #expect(abs(softplus(z) - log1p(exp(z))) < 1e-14)
    }
    for z in [-1e5, -800, 800, 1e5] {
      #expect(sigmoid(z) == (z > 0 ? 1 : 0))
      #expect(softplus(z) == max(0, z))
    }
  }
}

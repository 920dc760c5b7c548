// SPDX-License-Identifier: MIT

package import KernelLoops

extension Loops {
  package static func tanh(_ x: UnsafeMutablePointer<Lane>, lanes: Int) {
    for v in 0..<lanes {
      // Beyond 9 it is 1 to less than half of a Float's last bit.
      let far = x[v].replacing(with: 9, where: x[v] .> 9).replacing(with: -9, where: x[v] .< -9)
      let s = far * far
      // x·P(x²)/Q(x²), fitted to the relative error by weighted least squares on [0, 9].
      var (p, q) = (Lane(repeating: 1.3353217e-8), Lane(repeating: 7.77597e-7))
      p = p * s + 2.0608056e-5
      q = q * s + 3.2855341e-4
      p = p * s + 3.4955274e-3
      q = q * s + 2.5876754e-2
      p = p * s + 1.3380975e-1
      q = q * s + 4.6714291e-1
      p = p * s + 1
      q = q * s + 1
      let y = far * p / q
      x[v] = y.replacing(with: 1, where: y .> 1).replacing(with: -1, where: y .< -1)
    }
  }

  package static func multiplyByTanhSlope(
    _ x: UnsafeMutablePointer<Lane>, of y: UnsafePointer<Lane>, lanes: Int
  ) {
    for v in 0..<lanes { x[v] *= 1 - y[v] * y[v] }
  }
}

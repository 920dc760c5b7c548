// SPDX-License-Identifier: MIT

import KernelLoops

/// The loops of this build.
package enum Loops: LaneLoops {}

/// Thirty-two floats held in four or eight registers.
struct Lanes32 {
  var a = Lane.zero
  var b = Lane.zero
  var c = Lane.zero
  var d = Lane.zero

  @inline(__always)
  init(_ p: UnsafePointer<Lane>) { (a, b, c, d) = (p[0], p[1], p[2], p[3]) }

  @inline(__always)
  mutating func add(_ p: UnsafePointer<Lane>) {
    a += p[0]
    b += p[1]
    c += p[2]
    d += p[3]
  }

  @inline(__always)
  mutating func add(_ p: UnsafePointer<Lane>, times sign: Float) {
    a += p[0] * sign
    b += p[1] * sign
    c += p[2] * sign
    d += p[3] * sign
  }

  @inline(__always)
  mutating func subtract(_ p: UnsafePointer<Lane>) {
    a -= p[0]
    b -= p[1]
    c -= p[2]
    d -= p[3]
  }

  @inline(__always)
  func store(_ p: UnsafeMutablePointer<Lane>) {
    p[0] = a
    p[1] = b
    p[2] = c
    p[3] = d
  }
}

/// All lanes added in a fixed order: pairs at distance 4, then 2, then 1.
@inline(__always)
func horizontalSum(_ x: Lane) -> Float {
  let four = x.lowHalf + x.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// max(0, x); NaN stays NaN.
@inline(__always)
func rectified(_ x: Lane) -> Lane { x.replacing(with: 0, where: x .< 0) }

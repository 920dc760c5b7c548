// SPDX-License-Identifier: MIT
// Runs some kernels on fixed draws and prints a hash of every bit; built for two kinds of CPU by
// compare.sh, without Swift's run-time library.

import KernelLoops
import KernelsBaseline

@_silgen_name("putchar") func putchar(_ c: Int32) -> Int32
@_silgen_name("calloc") func calloc(_ n: Int, _ s: Int) -> UnsafeMutableRawPointer
@_cdecl("main") public func main() -> Int32 {
  let n = 64, lanes = 25
  let w = calloc(n * lanes, 32).bindMemory(to: Lane.self, capacity: n * lanes)
  let out = calloc(lanes, 32).bindMemory(to: Lane.self, capacity: lanes)
  let second = calloc(n * lanes, 32).bindMemory(to: Lane.self, capacity: n * lanes)
  let third = calloc(n * lanes, 32).bindMemory(to: Lane.self, capacity: n * lanes)
  let x = calloc(n, 4).bindMemory(to: Float.self, capacity: n)
  var s: UInt64 = 12345
  func draw() -> Float {
    s = s &* 6364136223846793005 &+ 1442695040888963407;
    return Float(Int32(truncatingIfNeeded: s >> 33)) / 1e9 - 0.7
  }
  for i in 0..<n * lanes { for j in 0..<8 { w[i][j] = draw(); second[i][j] = draw() * draw() } }
  for i in 0..<n { x[i] = i % 3 == 0 ? 0 : draw() }
  var h: UInt64 = 14695981039346656037
  func add(_ p: UnsafeMutablePointer<Lane>, _ count: Int) {
    for i in 0..<count { for j in 0..<8 { h = (h ^ UInt64(p[i][j].bitPattern)) &* 1099511628211 } }
  }
  Loops.addScaledRows(weights: w, lanes: lanes, x: x, count: n, out: out)
  add(out, lanes)
  Loops.addOuterProduct(sums: w, lanes: lanes, x: x, count: n, vector: out)
  add(w, n * lanes)
  Loops.rowDots(weights: w, lanes: lanes, vector: out, count: n, out: x)
  for i in 0..<n { h = (h ^ UInt64(x[i].bitPattern)) &* 1099511628211 }
  for i in 0..<n * lanes {
    for j in 0..<8 {
      third[i][j] = draw() * draw() * draw();
      second[i][j] = second[i][j] < 0 ? -second[i][j] : second[i][j]
    }
  }
  _ = Loops.rmspropStep(
    parameters: w, squares: second, gradient: third, lanes: n * lanes, scale: 0.5, l2: 0.01,
    rate: 0.001, decay: 0.99, epsilon: 1e-5)
  add(w, n * lanes)
  add(second, n * lanes)
  let d = Loops.dotProduct(w, second, lanes: n * lanes)
  h = (h ^ d.bitPattern) &* 1099511628211
  for i in (0..<16).reversed() {
    let c = Int32(h >> (UInt64(i) * 4) & 15); _ = putchar(c < 10 ? 48 + c : 87 + c)
  }
  _ = putchar(10)
  return 0
}

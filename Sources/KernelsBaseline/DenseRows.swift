// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

// Half of a vector behind a ReLU is 0, in no order that a CPU could predict. The other entries are
// listed first, without a branch, a stretch at a time; then rows are added while a part of the sum
// stays in registers.

/// Entries that are listed at once.
private let stretch = 64

extension Loops {
  package static func addScaledRows(
    weights: UnsafePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
    out: UnsafeMutablePointer<Lane>
  ) {
    forEachStretch(of: x, count) { start, rows, values, listed in
      addListed(weights + start &* lanes, lanes, rows, values, listed, out)
    }
  }

  package static func addOuterProduct(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
    vector: UnsafePointer<Lane>
  ) {
    forEachStretch(of: x, count) { start, rows, values, listed in
      addListedOuter(sums + start &* lanes, lanes, rows, values, listed, vector)
    }
  }

  package static func addOuterProducts(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Lane>, inputs: Int,
    vectors: UnsafePointer<Lane>, decisions: Int
  ) {
    for group in 0..<inputs {
      var used = SIMDMask<SIMD8<Int32>>(repeating: false)
      for t in 0..<decisions { used .|= x[t &* inputs &+ group] .!= 0 }
      for i in 0..<8 where used[i] {
        addProducts(
          sums + (group &* 8 &+ i) &* lanes, lanes,
          UnsafeRawPointer(x + group).assumingMemoryBound(to: Float.self) + i, inputs &* 8, vectors,
          decisions)
      }
    }
  }

  package static func rowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>, count: Int,
    out: UnsafeMutablePointer<Float>
  ) {
    var d = 0
    while d &+ 8 <= count {
      let sums = dots(weights + d &* lanes, vector, lanes)
      for i in 0..<8 { out[d &+ i] = sums[i] }
      d &+= 8
    }
    while d < count {
      out[d] = dot(weights + d &* lanes, vector, lanes)
      d &+= 1
    }
  }

  package static func gatedRowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>,
    gate: UnsafePointer<Lane>, count: Int, out: UnsafeMutablePointer<Lane>
  ) {
    for group in 0..<count / 8 {
      let sums = dots(weights + group &* 8 &* lanes, vector, lanes)
      out[group] = sums.replacing(with: 0, where: gate[group] .== 0)
    }
    guard count % 8 > 0 else { return }
    let group = count / 8
    out[group] = .zero
    for i in 0..<count % 8 where gate[group][i] != 0 {
      out[group][i] = dot(weights + (group &* 8 &+ i) &* lanes, vector, lanes)
    }
  }

  package static func rectify(_ x: UnsafeMutablePointer<Lane>, lanes: Int) {
    for v in 0..<lanes { x[v] = rectified(x[v]) }
  }

  package static func gate(
    _ x: UnsafeMutablePointer<Lane>, by gate: UnsafePointer<Lane>, lanes: Int
  ) {
    for v in 0..<lanes { x[v] = x[v].replacing(with: 0, where: gate[v] .<= 0) }
  }
}

/// Lists what is not 0 in each stretch of `x`: where it begins, the entries' places from there, the
/// entries, and how many they are.
@inline(__always)
private func forEachStretch(
  of x: UnsafePointer<Float>, _ count: Int,
  _ use: (Int, UnsafePointer<UInt16>, UnsafePointer<Float>, Int) -> Void
) {
  // On the stack: the size is a constant.
  withUnsafeTemporaryAllocation(of: UInt16.self, capacity: stretch) { places in
    withUnsafeTemporaryAllocation(of: Float.self, capacity: stretch) { entries in
      guard let rows = places.baseAddress, let values = entries.baseAddress else { return }
      var start = 0
      while start < count {
        let length = min(stretch, count &- start)
        var (listed, i) = (0, 0)
        while i < length {
          let value = x[start &+ i]
          rows[listed] = UInt16(truncatingIfNeeded: i)
          values[listed] = value
          listed &+= value == 0 ? 0 : 1
          i &+= 1
        }
        use(start, rows, values, listed)
        start &+= length
      }
    }
  }
}

/// `sum[h] += Σ_t x[t · stride] · vectors[t, h]`.
@inline(__always)
private func addProducts(
  _ sum: UnsafeMutablePointer<Lane>, _ lanes: Int, _ x: UnsafePointer<Float>, _ stride: Int,
  _ vectors: UnsafePointer<Lane>, _ decisions: Int
) {
  var start = 0
  @inline(__always)
  func add<S: Strip>(_ strip: S.Type) {
    var (total, t) = (strip.init(sum + start), 0)
    while t < decisions {
      total.add(vectors + (t &* lanes &+ start), times: x[t &* stride])
      t &+= 1
    }
    total.store(sum + start)
    start &+= strip.width
  }
  while start < lanes {
    switch lanes &- start {
    case 8...: add(Lanes8.self)
    case 4...: add(Lanes4.self)
    case 2...: add(Lanes2.self)
    default: add(Lanes1.self)
    }
  }
}

/// `Σ_h rows[i, h] · y[h]` of eight rows, each as `dot` gives it.
@inline(__always)
private func dots(_ rows: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, _ lanes: Int) -> Lane {
  var (a, b, c, d) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero)
  var (e, f, g, h) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero)
  for v in 0..<lanes {
    let (row, value) = (rows + v, y[v])
    a += row[0] * value
    b += row[lanes] * value
    c += row[2 &* lanes] * value
    d += row[3 &* lanes] * value
    e += row[4 &* lanes] * value
    f += row[5 &* lanes] * value
    g += row[6 &* lanes] * value
    h += row[7 &* lanes] * value
  }
  return rallybook_sums(a, b, c, d, e, f, g, h)
}

@inline(__always)
private func dot(_ x: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, _ lanes: Int) -> Float {
  var sum = Lane.zero
  for v in 0..<lanes { sum += x[v] * y[v] }
  return horizontalSum(sum)
}

// SPDX-License-Identifier: MIT

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

  package static func rowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>, count: Int,
    out: UnsafeMutablePointer<Float>
  ) {
    for d in 0..<count { out[d] = dot(weights + d &* lanes, vector, lanes) }
  }

  package static func gatedRowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>,
    gate: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Float>
  ) {
    out.update(repeating: 0, count: (count &+ 7) / 8 * 8)
    forEachStretch(of: gate, count) { start, rows, _, listed in
      for i in 0..<listed {
        let d = start &+ Int(rows[i])
        out[d] = dot(weights + d &* lanes, vector, lanes)
      }
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

@inline(__always)
private func dot(_ x: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, _ lanes: Int) -> Float {
  var sum = Lane.zero
  for v in 0..<lanes { sum += x[v] * y[v] }
  return horizontalSum(sum)
}

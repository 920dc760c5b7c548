// SPDX-License-Identifier: MIT

package import KernelLoops

extension Loops {
  package static func addListedRows(
    weights: UnsafePointer<Lane>, lanes: Int, rows: UnsafePointer<UInt16>,
    values: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Lane>
  ) {
    addListed(weights, lanes, rows, values, count, out)
  }

  package static func listedDots(
    weights: UnsafePointer<Lane>, lanes: Int, rows: UnsafePointer<UInt16>, count: Int,
    vector: UnsafePointer<Lane>, out: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count {
      let row = weights + Int(rows[i]) &* lanes
      var (a, b) = (Lane.zero, Lane.zero)
      var v = 0
      while v &+ 2 <= lanes {
        a += row[v] * vector[v]
        b += row[v &+ 1] * vector[v &+ 1]
        v &+= 2
      }
      if v < lanes { a += row[v] * vector[v] }
      out[i] = horizontalSum(a + b)
    }
  }

  package static func spreadRow(
    _ row: UnsafeMutablePointer<Lane>, lanes: Int, indices: UnsafePointer<UInt16>, count: Int,
    over block: UnsafeMutablePointer<Lane>
  ) {
    for v in 0..<lanes {
      let value = row[v]
      if value != .zero {
        for i in 0..<count { block[Int(indices[i]) &* lanes &+ v] += value }
        row[v] = .zero
      }
    }
  }
}

/// See `LaneLoops.addListedRows`.
@inline(__always)
func addListed(
  _ weights: UnsafePointer<Lane>, _ lanes: Int, _ rows: UnsafePointer<UInt16>,
  _ values: UnsafePointer<Float>, _ count: Int, _ out: UnsafeMutablePointer<Lane>
) {
  var start = 0
  @inline(__always)
  func add<S: Strip>(_ strip: S.Type) {
    let w = weights + start
    var sum = strip.init(out + start)
    var i = 0
    while i < count {
      sum.add(w + Int(rows[i]) &* lanes, times: values[i])
      i &+= 1
    }
    sum.store(out + start)
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

/// `sums[rows[i], h] += values[i] · vector[h]`, four lanes of the vector at a time in registers.
@inline(__always)
func addListedOuter(
  _ sums: UnsafeMutablePointer<Lane>, _ lanes: Int, _ rows: UnsafePointer<UInt16>,
  _ values: UnsafePointer<Float>, _ count: Int, _ vector: UnsafePointer<Lane>
) {
  var start = 0
  while start < lanes {
    let (target, x) = (sums + start, vector + start)
    var i = 0
    if lanes &- start >= 4 {
      let (a, b, c, d) = (x[0], x[1], x[2], x[3])
      while i < count {
        let row = target + Int(rows[i]) &* lanes
        row[0] += a * values[i]
        row[1] += b * values[i]
        row[2] += c * values[i]
        row[3] += d * values[i]
        i &+= 1
      }
      start &+= 4
    } else {
      let a = x[0]
      while i < count {
        target[Int(rows[i]) &* lanes] += a * values[i]
        i &+= 1
      }
      start &+= 1
    }
  }
}

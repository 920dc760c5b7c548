// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

extension Loops {
  package static func addColumns(
    weights: UnsafePointer<Lane>, lanes: Int, base: UnsafePointer<Lane>,
    indices: UnsafePointer<UInt16>, plus: Int, total: Int, out: UnsafeMutablePointer<Lane>
  ) {
    var start = 0
    @inline(__always)
    func sum<S: Strip>(_ strip: S.Type) {
      let w = weights + start
      var sum = strip.init(base + start)
      var i = 0
      while i < plus {
        sum.add(w + Int(indices[i]) &* lanes)
        i &+= 1
      }
      while i < total {
        sum.subtract(w + Int(indices[i]) &* lanes)
        i &+= 1
      }
      sum.store(out + start)
      start &+= strip.width
    }
    while start < lanes {
      switch lanes &- start {
      case 25 where isWide: sum(Lanes25.self)
      case 13: sum(Lanes13.self)
      case 12...: sum(Lanes12.self)
      case 4...: sum(Lanes4.self)
      default: sum(Lanes1.self)
      }
    }
  }

  package static func addFrame(
    weights: UnsafePointer<Lane>, lanes: Int, indices: UnsafePointer<UInt16>, count: Int,
    before: UnsafePointer<Lane>, base: UnsafePointer<Lane>, now: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Lane>
  ) {
    var start = 0
    @inline(__always)
    func sum<S: Strip>(_ strip: S.Type) {
      let w = weights + start
      var sum = strip.init()
      for i in 0..<count { sum.add(w + Int(indices[i]) &* lanes) }
      sum.store(now + start)
      sum.subtract(before + start)
      sum.add(base + start)
      sum.store(out + start)
      start &+= strip.width
    }
    while start < lanes {
      switch lanes &- start {
      case 25 where isWide: sum(Lanes25.self)
      case 13: sum(Lanes13.self)
      case 12...: sum(Lanes12.self)
      case 4...: sum(Lanes4.self)
      default: sum(Lanes1.self)
      }
    }
  }

  package static func sumGated(
    events: UnsafePointer<UInt32>, count: Int, tables: UnsafePointer<GateTable>,
    gates: UnsafePointer<Gate>, lanes: Int, out: UnsafeMutablePointer<Lane>
  ) {
    let stride = (lanes &+ lanesPerGate &- 1) / lanesPerGate
    var start = 0
    @inline(__always)
    func sum<S: Strip>(_ strip: S.Type) {
      let gates = gates + start / lanesPerGate
      let shift = Gate(repeating: UInt32(truncatingIfNeeded: start % lanesPerGate))
      var sum = strip.init()
      for i in 0..<count {
        let event = Int(events[i])
        let twice = Lane(lowHalf: tables[event], highHalf: tables[event])
        sum.add(
          Lanes16(lowHalf: twice, highHalf: twice), by: gates[(event >> 1) &* stride] &>> shift)
      }
      sum.store(out + start)
      start &+= strip.width
    }
    while start < lanes {
      switch min(lanes &- start, lanesPerGate &- start % lanesPerGate) {
      case 25 where isWide: sum(Lanes25.self)
      case 13: sum(Lanes13.self)
      case 12...: sum(Lanes12.self)
      case 4...: sum(Lanes4.self)
      case 2...: sum(Lanes2.self)
      default: sum(Lanes1.self)
      }
    }
  }

  package static func finishRow(
    _ sum: UnsafeMutablePointer<Lane>, weights: UnsafePointer<Lane>,
    outputs: UnsafePointer<Lane>, outputSums: UnsafeMutablePointer<Lane>, lanes: Int
  ) {
    for v in 0..<lanes {
      outputSums[v] += weights[v] * sum[v]
      sum[v] *= outputs[v]
    }
  }

  package static func addChains(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, vectors: UnsafePointer<Lane>,
    events: UnsafePointer<ScatterEvent>, touched: UnsafePointer<UInt16>, touchedCount: Int,
    heads: UnsafePointer<Int32>
  ) {
    for i in 0..<touchedCount {
      let input = Int(touched[i])
      addChain(
        row: sums + input &* lanes, lanes: lanes, vectors: vectors, events: events,
        first: Int(heads[input]))
    }
  }

  /// Adds to one input's row. It stays in registers while its events go by; adding them one decision
  /// at a time gives the same bits but loads and stores the row for each.
  private static func addChain(
    row: UnsafeMutablePointer<Lane>, lanes: Int, vectors: UnsafePointer<Lane>,
    events: UnsafePointer<ScatterEvent>, first: Int
  ) {
    var start = 0
    @inline(__always)
    func add<S: Strip>(_ strip: S.Type) {
      let v = vectors + start
      var sum = strip.init(row + start)
      var e = first
      while e >= 0 {
        let event = events[e]
        sum.add(v + Int(event.decision) &* lanes, times: event.sign)
        e = Int(event.next)
      }
      sum.store(row + start)
      start &+= strip.width
    }
    while start < lanes {
      switch lanes &- start {
      case 25 where isWide: add(Lanes25.self)
      case 13: add(Lanes13.self)
      case 12...: add(Lanes12.self)
      case 8...: add(Lanes8.self)
      default: add(Lanes1.self)
      }
    }
  }
}

// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

extension Loops {
  package static func addChains(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, vectors: UnsafePointer<Lane>,
    events: UnsafePointer<ScatterEvent>, touched: UnsafePointer<UInt16>, touchedCount: Int,
    heads: UnsafePointer<Int32>
  ) {
    for i in 0..<touchedCount {
      let input = Int(touched[i])
      addChain(
        row: sums + input &* lanes, lanes: lanes, vectors: vectors, events: events,
        first: heads[input])
    }
  }

  /// Adds to one input's row. It stays in registers while its events go by; adding them one decision
  /// at a time gives the same bits but loads and stores the row for each.
  private static func addChain(
    row: UnsafeMutablePointer<Lane>, lanes: Int, vectors: UnsafePointer<Lane>,
    events: UnsafePointer<ScatterEvent>, first: Int32
  ) {
    var start = 0
    while start < lanes {
      let left = lanes &- start
      let target = row + start
      var e = Int(first)
      if left >= 13 {
        var (a, b, c) = (Lanes32(target), Lanes32(target + 4), Lanes32(target + 8))
        var d = target[12]
        while e >= 0 {
          let event = events[e]
          let v = vectors + (Int(event.decision) &* lanes &+ start)
          a.add(v, times: event.sign)
          b.add(v + 4, times: event.sign)
          c.add(v + 8, times: event.sign)
          d += v[12] * event.sign
          e = Int(event.next)
        }
        a.store(target)
        b.store(target + 4)
        c.store(target + 8)
        target[12] = d
        start &+= 13
      } else if left >= 12 {
        var (a, b, c) = (Lanes32(target), Lanes32(target + 4), Lanes32(target + 8))
        while e >= 0 {
          let event = events[e]
          let v = vectors + (Int(event.decision) &* lanes &+ start)
          a.add(v, times: event.sign)
          b.add(v + 4, times: event.sign)
          c.add(v + 8, times: event.sign)
          e = Int(event.next)
        }
        a.store(target)
        b.store(target + 4)
        c.store(target + 8)
        start &+= 12
      } else if left >= 8 {
        var (a, b) = (Lanes32(target), Lanes32(target + 4))
        while e >= 0 {
          let event = events[e]
          let v = vectors + (Int(event.decision) &* lanes &+ start)
          a.add(v, times: event.sign)
          b.add(v + 4, times: event.sign)
          e = Int(event.next)
        }
        a.store(target)
        b.store(target + 4)
        start &+= 8
      } else {
        var a = target[0]
        while e >= 0 {
          let event = events[e]
          a += vectors[Int(event.decision) &* lanes &+ start] * event.sign
          e = Int(event.next)
        }
        target[0] = a
        start &+= 1
      }
    }
  }
}

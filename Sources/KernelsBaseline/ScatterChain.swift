// SPDX-License-Identifier: MIT

package import CLanes

/// One sparse entry of a window of decisions.
package typealias ScatterEvent = rallybook_scatter_event

/// Adds to one input's row every decision of a window that touches it: `row += Σ sign · vectors`.
///
/// The row stays in registers while its events go by, in their order; adding them one decision at
/// a time gives the same bits but loads and stores the row for each.
///
/// - Parameters:
///   - row: shape `[V]` lanes; accumulated into.
///   - vectors: shape `[W, V]`.
///   - events: linked from `first` on.
package func addChain(
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

// SPDX-License-Identifier: MIT

package import KernelLoops

/// Which units of a rectified layer fired, for many observations in order: with what was seen, all
/// that a gradient needs of a pass forward through one hidden layer. Between the bits of a row stand
/// those of the next.
package final class GateBatch {
  /// Gates of one observation.
  private let width: Int
  /// Shape `[count, width]`; valid until the next row is appended.
  package private(set) var gates: UnsafeMutablePointer<Gate>
  package private(set) var count = 0
  private var capacity = 1024

  /// - Parameter lanes: of the layer; 0 keeps nothing.
  package init(lanes: Int) {
    width = (lanes + lanesPerGate - 1) / lanesPerGate
    gates = .allocate(capacity: capacity * width)
    gates.update(repeating: .zero, count: capacity * width)
  }

  deinit { gates.deallocate() }

  /// Whether it keeps anything.
  package var isUsed: Bool { width > 0 }

  /// Forgets the rows, keeps the memory.
  package func removeAll() { count = 0 }

  /// Appends one observation's gates.
  @inline(__always)
  package func append(_ row: UnsafePointer<Gate>) {
    if count >= capacity { grow(to: 2 * capacity) }
    let place = gates + count &* width
    for b in 0..<width { place[b] = row[b] }
    if count > 0 { for b in 0..<width { place[b &- width] |= row[b] &<< 1 } }
    count &+= 1
  }

  /// Sets the gates of observation `t`.
  package func set(_ t: Int, _ row: UnsafePointer<Gate>) {
    if t >= capacity { grow(to: 2 * (t + 1)) }
    let own = Gate(repeating: 0x5555_5555)
    let place = gates + t * width
    for b in 0..<width {
      place[b] = place[b] & ~own | row[b]
      if t > 0 { place[b - width] = place[b - width] & own | row[b] &<< 1 }
    }
    count = max(count, t + 1)
  }

  /// Appends all rows of another batch of this width.
  package func append(_ other: GateBatch) {
    if count + other.count > capacity { grow(to: 2 * max(capacity, other.count)) }
    (gates + count * width).update(from: other.gates, count: other.count * width)
    count += other.count
  }

  private func grow(to larger: Int) {
    let new = UnsafeMutablePointer<Gate>.allocate(capacity: larger * width)
    new.update(repeating: .zero, count: larger * width)
    new.update(from: gates, count: count * width)
    gates.deallocate()
    (gates, capacity) = (new, larger)
  }
}

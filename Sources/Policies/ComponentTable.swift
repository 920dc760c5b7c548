// SPDX-License-Identifier: MIT

import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The connected components of observations: what is lit, apart from all else that is lit.
///
/// Two entries are connected where one window sees both, a window being all that one output position
/// of the last convolution depends on. What a component adds to the layers behind the convolutions
/// depends on nothing else, so an observation's components may be taken one by one. And most have
/// been there before: of a game, paddles and ball at places where they were. The table numbers them
/// as they come; whoever asks it keeps what was computed for a number.
final class ComponentTable {
  private struct Component {
    var count: Int32
    /// The gradient that it belongs to.
    var gradient: Int32 = 0
    /// Where its entries stand in `known`.
    var start: Int
    /// Where it stands in `slots`.
    var slot: Int
  }

  /// Entries that follow each other and stand in the same windows.
  private struct Run {
    var start: Int32
    var end: Int32
    /// Over them, of any order.
    var sum: UInt64
    var label: Int32
    /// The next run of the same component, or −1.
    var next: Int32 = -1
  }

  /// A component of the observation at hand.
  private struct Label {
    /// Itself, or one that it turned out to be connected with and that came before.
    var parent: Int32
    var first: Int32 = -1
    var last: Int32 = -1
    var count: Int32 = 0
    var sum: UInt64 = 0
  }

  /// Components that it can hold; those of one observation always fit.
  let capacity: Int
  private(set) var count = 0
  /// How many have a tangent along the direction prepared last.
  var tangentCount = 0
  /// The observation's components, in the order of their first entries.
  let found: UnsafeMutablePointer<UInt16>
  private(set) var foundCount = 0
  /// Those that belong to the gradient at hand, in the order in which they came to it.
  let members: UnsafeMutablePointer<UInt16>
  private(set) var memberCount = 0

  private let memory = Memory()
  /// Of every entry, the windows over it: the topmost, leftmost one in the lowest 16 bits, then how
  /// many downwards and across; 0 where there are none.
  private let reaches: UnsafeMutablePointer<UInt64>
  /// The component that a window sees, above it 48 bits that say of which observation.
  private let windows: UnsafeMutablePointer<UInt64>
  private let (across, positions): (Int, Int)
  private var observation: UInt64 = 0
  private let components: UnsafeMutablePointer<Component>
  /// Open addressing: 17 bits of a component's number plus one, under the upper bits of its hash.
  private let slots: UnsafeMutablePointer<UInt64>
  private let slotBits: UInt64
  private var gradient: Int32 = 0
  private var memberEntries = 0

  /// The entries of the observation at hand, and those of all components.
  private var entries = GrowingMemory<UInt64>()
  private var known = GrowingMemory<UInt64>()
  private var knownCount = 0
  private var runs = GrowingMemory<Run>()
  private var labels = GrowingMemory<Label>()
  private var labelCount = 0

  /// What was found in observations of signs, one after the other: how many entries, how many of
  /// them 1, how many components, the entries, the components. A gradient mostly asks for what was
  /// played just before, in the same order.
  private var log = GrowingMemory<UInt16>()
  private var (logCount, logCursor) = (0, 0)

  /// - Parameters:
  ///   - shape: of the convolutions, taken as one.
  ///   - capacity: components, at least one for every window.
  init(_ shape: ConvolutionShape.Layer, capacity: Int) {
    self.capacity = capacity
    (across, positions) = (shape.outputWidth, shape.positions)
    precondition(positions <= capacity && capacity <= 1 << 16, "room for \(capacity) components")
    (components, members) = (memory.zeros(capacity), memory.zeros(capacity))
    (windows, found) = (memory.zeros(positions), memory.zeros(positions))
    slotBits = UInt64(UInt64.bitWidth - (2 * capacity - 1).leadingZeroBitCount)
    slots = memory.zeros(1 << slotBits)
    reaches = memory.zeros(shape.channels * shape.height * shape.width)
    var place = 0
    for _ in 0..<shape.channels {
      for y in 0..<shape.height {
        let (top, rows) = shape.windows(over: y, of: shape.outputHeight)
        for x in 0..<shape.width {
          let (left, columns) = shape.windows(over: x, of: shape.outputWidth)
          if rows > 0 && columns > 0 {
            reaches[place] =
              UInt64(top * across + left) | UInt64(rows) << 16 | UInt64(columns) << 32
          }
          place += 1
        }
      }
    }
  }

  /// Whether another observation might not fit.
  var isFull: Bool { count + positions > capacity || knownCount > Self.entryLimit }
  /// Whether the gradient's components and those of another observation might not fit in a half.
  var hasManyMembers: Bool {
    memberCount + positions > capacity / 2 || memberEntries > Self.entryLimit / 2
  }
  /// Whether less than a half is free.
  var isHalfFull: Bool { count > capacity / 2 || knownCount > Self.entryLimit / 2 }

  /// Entries of all components, nearly at most: 16 MiB.
  private static let entryLimit = 1 << 21

  /// Forgets all components.
  func removeAll() {
    for component in 0..<count { slots[components[component].slot] = 0 }
    (count, tangentCount, knownCount) = (0, 0, 0)
    (logCount, logCursor) = (0, 0)
  }

  /// A component's entries, as they were added.
  @inline(__always)
  func entries(of component: Int) -> UnsafeBufferPointer<UInt64> {
    let component = components[component]
    return UnsafeBufferPointer(start: known.start + component.start, count: Int(component.count))
  }

  // MARK: A gradient

  func beginGradient() {
    gradient &+= 1
    (memberCount, memberEntries, logCursor) = (0, 0, 0)
  }

  /// Adds the observation's components to the gradient; calls `body` with those new to it.
  @inline(__always)
  func addFound(_ body: (Int) -> Void) {
    for i in 0..<foundCount {
      let component = Int(found[i])
      if components[component].gradient == gradient { continue }
      components[component].gradient = gradient
      members[memberCount] = found[i]
      memberCount &+= 1
      memberEntries &+= Int(components[component].count)
      body(component)
    }
  }

  // MARK: An observation

  /// The same as below for an observation of signs, those that are 1 before those that are −1.
  @inline(__always)
  func find(signs: UnsafePointer<UInt16>, plus: Int, total: Int) {
    if isLogged(signs, plus, total) { return }
    find(total) { ($0 < plus ? 1 : -1, Int(signs[$0])) }
    let end = logCount &+ 3 &+ total &+ foundCount
    guard logCursor == logCount && end < Self.entryLimit && total < 1 << 12 else { return }
    let record = log.room(for: end) + logCount
    record[0] = UInt16(truncatingIfNeeded: total)
    record[1] = UInt16(truncatingIfNeeded: plus)
    record[2] = UInt16(truncatingIfNeeded: foundCount)
    (record + 3).update(from: signs, count: total)
    (record + (3 &+ total)).update(from: found, count: foundCount)
    (logCount, logCursor) = (end, end)
  }

  @inline(__always)
  private func isLogged(_ signs: UnsafePointer<UInt16>, _ plus: Int, _ total: Int) -> Bool {
    var place = logCursor
    // A few may have been left out, those that weigh nothing.
    for _ in 0..<4 {
      guard place < logCount else { return false }
      let record = UnsafePointer(log.start + place)
      let (entries, components) = (Int(record[0]), Int(record[2]))
      place &+= 3 &+ entries &+ components
      guard entries == total && record[1] == plus && memcmp(record + 3, signs, 2 &* total) == 0
      else { continue }
      found.update(from: record + (3 &+ total), count: components)
      (foundCount, logCursor) = (components, place)
      return true
    }
    return false
  }

  /// Takes an observation apart and numbers its components; those that are new have numbers from
  /// `count` on. Entries that no window sees are passed over.
  ///
  /// - Parameters:
  ///   - count: its entries that are not 0.
  ///   - entry: what each is and where it stands in the observation.
  @inline(__always)
  func find(_ count: Int, _ entry: (Int) -> (value: Float, place: Int)) {
    observation &+= 1
    labelCount = 0
    let entries = entries.room(for: count)
    let runs = runs.room(for: count)
    _ = labels.room(for: count)
    var (entryCount, runCount) = (0, 0)
    var reach: UInt64 = 0
    for i in 0..<count {
      let (value, place) = entry(i)
      if reaches[place] != reach {
        reach = reaches[place]
        if reach != 0 {
          let start = Int32(truncatingIfNeeded: entryCount)
          runs[runCount] = Run(start: start, end: start, sum: 0, label: label(reach))
          runCount &+= 1
        }
      }
      if reach == 0 { continue }
      let bits = UInt64(truncatingIfNeeded: place) &<< 32 | UInt64(value.bitPattern)
      let mixed = bits &* 0x9E37_79B9_7F4A_7C15
      entries[entryCount] = bits
      entryCount &+= 1
      runs[runCount &- 1].end &+= 1
      runs[runCount &- 1].sum &+= mixed ^ mixed &>> 29
    }
    numberComponents(runCount)
  }

  /// The component of a run that stands in these windows, so far; it may turn out to connect others.
  @inline(__always)
  private func label(_ reach: UInt64) -> Int32 {
    let corner = windows + Int(reach & 0xFFFF)
    let (rows, columns) = (Int(reach &>> 16 & 0xFFFF), Int(truncatingIfNeeded: reach &>> 32))
    let (mark, labels, across) = (observation &<< 16, labels.start, across)
    var label: Int32 = -1
    for row in 0..<rows {
      for column in 0..<columns {
        let seen = corner[row &* across &+ column] &- mark
        guard seen < 1 << 16 else { continue }
        let root = root(Int32(truncatingIfNeeded: seen), labels)
        if label >= 0 { labels[Int(max(root, label))].parent = min(root, label) }
        label = label < 0 ? root : min(root, label)
      }
    }
    if label < 0 {
      label = Int32(truncatingIfNeeded: labelCount)
      labels[labelCount] = Label(parent: label)
      labelCount &+= 1
    }
    for row in 0..<rows {
      for column in 0..<columns {
        corner[row &* across &+ column] = mark | UInt64(UInt32(bitPattern: label))
      }
    }
    return label
  }

  @inline(__always)
  private func root(_ label: Int32, _ labels: UnsafeMutablePointer<Label>) -> Int32 {
    var label = label
    while labels[Int(label)].parent != label { label = labels[Int(label)].parent }
    return label
  }

  private func numberComponents(_ runCount: Int) {
    let (runs, labels) = (runs.start, labels.start)
    for i in 0..<runCount {
      let label = labels + Int(root(runs[i].label, labels))
      if label.pointee.last < 0 {
        label.pointee.first = Int32(truncatingIfNeeded: i)
      } else {
        runs[Int(label.pointee.last)].next = Int32(truncatingIfNeeded: i)
      }
      label.pointee.last = Int32(truncatingIfNeeded: i)
      label.pointee.count &+= runs[i].end &- runs[i].start
      label.pointee.sum &+= runs[i].sum
    }
    var number = 0
    for i in 0..<labelCount where labels[i].first >= 0 {
      found[number] = UInt16(truncatingIfNeeded: self.number(of: labels[i]))
      number &+= 1
    }
    foundCount = number
  }

  @inline(__always)
  private func number(of label: Label) -> Int {
    let hash = label.sum &* 0xC2B2_AE3D_27D4_EB4F
    let tag = hash & ~0x1_FFFF
    let mask = 1 &<< Int(truncatingIfNeeded: slotBits) &- 1
    var slot = Int(truncatingIfNeeded: hash &>> (64 &- slotBits))
    while slots[slot] != 0 {
      let component = Int(truncatingIfNeeded: slots[slot] & 0x1_FFFF) &- 1
      if slots[slot] & ~0x1_FFFF == tag && isKnown(label, component) { return component }
      slot = (slot &+ 1) & mask
    }
    return append(label, slot: slot, tag: tag)
  }

  @inline(__always)
  private func isKnown(_ label: Label, _ component: Int) -> Bool {
    guard components[component].count == label.count else { return false }
    let (runs, entries) = (runs.start, entries.start)
    var (place, number) = (known.start + components[component].start, Int(label.first))
    while number >= 0 {
      let run = runs[number]
      for i in Int(run.start)..<Int(run.end) {
        guard place.pointee == entries[i] else { return false }
        place += 1
      }
      number = Int(run.next)
    }
    return true
  }

  private func append(_ label: Label, slot: Int, tag: UInt64) -> Int {
    slots[slot] = tag | UInt64(count &+ 1)
    components[count] = Component(count: label.count, start: knownCount, slot: slot)
    let known = known.room(for: knownCount &+ Int(label.count))
    var number = Int(label.first)
    while number >= 0 {
      let run = runs.start[number]
      for i in Int(run.start)..<Int(run.end) {
        known[knownCount] = entries.start[i]
        knownCount &+= 1
      }
      number = Int(run.next)
    }
    count &+= 1
    return count &- 1
  }
}

/// Memory that grows by doubling.
struct GrowingMemory<Element: BitwiseCopyable> {
  private var memory = Memory()
  private var capacity = 1024
  private(set) var start: UnsafeMutablePointer<Element>

  init() { start = memory.zeros(capacity) }

  /// - Returns: where it starts, with room for `count` elements, those before kept.
  @inline(__always)
  mutating func room(for count: Int) -> UnsafeMutablePointer<Element> {
    if count > capacity { grow(to: count) }
    return start
  }

  private mutating func grow(to count: Int) {
    let (larger, enough) = (Memory(), max(2 * capacity, count))
    let space: UnsafeMutablePointer<Element> = larger.zeros(enough)
    space.update(from: start, count: capacity)
    (memory, start, capacity) = (larger, space, enough)
  }
}

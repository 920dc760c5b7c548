// SPDX-License-Identifier: MIT

import Synchronization

/// Many observations whose entries are −1, 0 or 1, each as two lists of indices: those that are 1,
/// then those that are −1. Two bytes an entry, nothing for zeros.
///
/// An index from `patternBase` on names a whole pattern of entries (`ObservationForm.patterns`). Where
/// the reader takes frames, a row may be a frame in place of the difference from the one before: half
/// as many entries, and of two rows that share a frame it is summed once.
package final class SparseSignBatch {
  /// What a row's entries are.
  package enum Kind: UInt8 {
    /// The observation.
    case signs
    /// The frame that an episode begins with; the observation is all zeros.
    case firstFrame
    /// A frame; the observation is what it adds to the row before, minus what it lacks.
    case frame
  }

  /// One row's place in `indices`.
  package struct Row {
    package var start: UInt32
    package var plus: UInt16
    package var total: UInt16
    package var kind: Kind
  }

  /// Entries of one observation.
  package let width: Int
  /// The index of pattern 0; nil where patterns may not be written.
  package let patternBase: Int?
  private let patterns: [[UInt16]]
  private let takesFrames: Bool
  /// With a row's number it names one observation of the process.
  package private(set) var stamp = SparseSignBatch.nextStamp()
  private static let stamps = Atomic<Int>(0)
  /// The rows in order.
  package private(set) var rows: [Row] = []
  /// All rows' indices, one after the other; valid until the next row is appended.
  package private(set) var indices: UnsafeMutablePointer<UInt16>
  private var capacity: Int
  private var used = 0

  /// - Parameters:
  ///   - width: inputs of an observation.
  ///   - patternBase: at least `width`; all indices stay below 65,536.
  ///   - takesFrames: whether the reader knows rows that are frames.
  package init(
    width: Int, patternBase: Int? = nil, patterns: [[UInt16]] = [], takesFrames: Bool = false
  ) {
    let last = max(width, (patternBase ?? 0) + patterns.count)
    guard width > 0 && width < 1 << 16 && last <= 1 << 16 else {
      fatalError("\(width) entries, allowed: 1...65535; \(last) rows, allowed: 1...65536")
    }
    self.width = width
    self.patternBase = patternBase
    self.patterns = patterns
    self.takesFrames = takesFrames
    capacity = max(1 << 16, 4 * width)
    indices = .allocate(capacity: capacity)
  }

  deinit { indices.deallocate() }

  package var count: Int { rows.count }

  /// Forgets the rows, keeps the memory.
  package func removeAll() {
    rows.removeAll(keepingCapacity: true)
    used = 0
    stamp = Self.nextStamp()
  }

  /// A row's indices: those that are 1, then those that are −1.
  @inline(__always)
  package func indices(of row: Row) -> UnsafePointer<UInt16> {
    UnsafePointer(indices + Int(row.start))
  }

  /// Appends the row that `write` writes.
  ///
  /// - Returns: the new row's number.
  @discardableResult
  package func append(_ write: (inout SignWriter) -> Void) -> Int {
    if capacity - used < width + SignWriter.slack { grow() }
    var writer = SignWriter(
      start: indices + used, patternBase: patternBase, takesFrames: takesFrames)
    write(&writer)
    let total = writer.end - (indices + used)
    precondition(total <= width, "a row of \(total) entries, allowed: \(width)")
    rows.append(
      Row(
        start: UInt32(used), plus: UInt16(truncatingIfNeeded: writer.plusCount ?? total),
        total: UInt16(truncatingIfNeeded: total), kind: writer.kind))
    used += total
    return rows.count - 1
  }

  /// Appends all rows of another batch.
  package func append(_ other: SparseSignBatch) {
    while capacity - used < other.used + width + SignWriter.slack { grow() }
    (indices + used).update(from: other.indices, count: other.used)
    let offset = UInt32(used)
    rows += other.rows.lazy.map {
      var row = $0
      row.start += offset
      return row
    }
    used += other.used
  }

  /// Appends row `index` of another batch, and before it the frame that it is a difference from.
  package func append(_ index: Int, of other: SparseSignBatch) {
    let row = other.rows[index]
    if row.kind == .frame { append(other.rows[index - 1], kind: .firstFrame, of: other) }
    append(row, kind: row.kind, of: other)
  }

  /// Appends the frame that the observation after row `index` of another batch is a difference from.
  func appendFrame(_ index: Int, of other: SparseSignBatch) {
    append(other.rows[index], kind: .firstFrame, of: other)
  }

  private func append(_ row: Row, kind: Kind, of other: SparseSignBatch) {
    if capacity - used < width + SignWriter.slack { grow() }
    (indices + used).update(from: other.indices + Int(row.start), count: Int(row.total))
    rows.append(Row(start: UInt32(used), plus: row.plus, total: row.total, kind: kind))
    used += Int(row.total)
  }

  /// The row as two lists of entries, patterns taken apart and what cancels left out, for tests
  /// and other slow readers.
  package func entries(of row: Int) -> (plus: [Int], minus: [Int]) {
    var value: [Int: Int] = [:]
    func add(_ r: Row, times factor: Int) {
      for i in 0..<Int(r.total) {
        let index = Int(indices[Int(r.start) + i])
        let sign = i < Int(r.plus) ? factor : -factor
        if let patternBase, index >= patternBase {
          for entry in patterns[index - patternBase] { value[Int(entry), default: 0] += sign }
        } else {
          value[index, default: 0] += sign
        }
      }
    }
    if rows[row].kind != .firstFrame { add(rows[row], times: 1) }
    if rows[row].kind == .frame { add(rows[row - 1], times: -1) }
    let sorted = value.sorted { $0.key < $1.key }
    return (
      sorted.flatMap { Array(repeating: $0.key, count: max(0, $0.value)) },
      sorted.flatMap { Array(repeating: $0.key, count: max(0, -$0.value)) }
    )
  }

  private static func nextStamp() -> Int { stamps.wrappingAdd(1, ordering: .relaxed).newValue }

  private func grow() {
    let larger = UnsafeMutablePointer<UInt16>.allocate(capacity: capacity * 2)
    larger.update(from: indices, count: used)
    indices.deallocate()
    indices = larger
    capacity *= 2
  }
}

/// Writes one row of a `SparseSignBatch`: first every index that is 1, then, after
/// `beginMinus()`, every index that is −1. Public, as only then are its calls inlined elsewhere.
public struct SignWriter {
  @usableFromInline var cursor: UnsafeMutablePointer<UInt16>
  @usableFromInline let start: UnsafeMutablePointer<UInt16>
  @usableFromInline var plus: Int?

  /// The index of pattern 0; −1 where patterns may not be written.
  @usableFromInline let patternBase: Int
  /// Whether a frame may be written in place of its difference from the one before.
  package let takesFrames: Bool
  package private(set) var kind = SparseSignBatch.Kind.signs

  /// Where the row ends so far.
  package var end: UnsafeMutablePointer<UInt16> { cursor }
  /// How many entries are 1; nil until `beginMinus()`.
  package var plusCount: Int? { plus }

  package init(
    start: UnsafeMutablePointer<UInt16>, patternBase: Int? = nil, takesFrames: Bool = false
  ) {
    self.start = start
    self.takesFrames = takesFrames
    self.patternBase = patternBase ?? -1
    cursor = start
  }

  /// What is written is a frame; only where the reader takes frames.
  package mutating func beginFrame(isFirst: Bool) { kind = isFirst ? .firstFrame : .frame }

  /// Adds an entry.
  @inlinable @inline(__always)
  public mutating func put(_ index: Int) {
    cursor.pointee = UInt16(truncatingIfNeeded: index)
    cursor += 1
  }

  /// Whether a whole pattern may be written as one entry.
  @inlinable @inline(__always)
  public var takesPatterns: Bool { patternBase >= 0 }

  /// Adds pattern `number` of the observation's form if `isPresent`: always written, and kept or
  /// not, as nobody can predict it.
  @inlinable @inline(__always)
  public mutating func putPattern(_ number: Int, if isPresent: Bool) {
    cursor.pointee = UInt16(truncatingIfNeeded: patternBase &+ number)
    cursor += isPresent ? 1 : 0
  }

  /// Adds `count` entries, at most 8: `first`, `first + 80`, and so on down a column of 80 × 80
  /// pixels.
  ///
  /// Always writes eight and keeps `count` of them: a loop of a length that nobody can predict
  /// costs more than the whole row. Four entries at a time are one multiplication and one sum.
  @inlinable @inline(__always)
  public mutating func putRun(first: Int, count: Int) {
    let four = UInt64(truncatingIfNeeded: first) &* 0x0001_0001_0001_0001 &+ 0x00F0_00A0_0050_0000
    let next = four &+ 0x0140_0140_0140_0140
    let place = UnsafeMutableRawPointer(cursor)
    place.storeBytes(of: four.littleEndian, as: UInt64.self)
    place.storeBytes(of: next.littleEndian, toByteOffset: 8, as: UInt64.self)
    cursor += count
  }

  /// Entries that may be written beyond a row's end.
  static let slack = 8

  /// What follows is −1.
  @inlinable
  public mutating func beginMinus() { plus = cursor - start }
}

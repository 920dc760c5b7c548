// SPDX-License-Identifier: MIT

/// Many observations whose entries are −1, 0 or 1, each as two lists of indices: those that are 1,
/// then those that are −1. Two bytes an entry, nothing for zeros.
///
/// An index from `patternBase` on names a whole pattern of entries (`ObservationForm.patterns`).
package final class SparseSignBatch {
  /// One row's place in `indices`.
  package struct Row {
    package var start: UInt32
    package var plus: UInt16
    package var total: UInt16
  }

  /// Entries of one observation.
  package let width: Int
  /// The index of pattern 0; nil where patterns may not be written.
  package let patternBase: Int?
  private let patterns: [[UInt16]]
  /// The rows in order.
  package private(set) var rows: [Row] = []
  /// All rows' indices, one after the other; valid until the next row is appended.
  package private(set) var indices: UnsafeMutablePointer<UInt16>
  private var capacity: Int
  private var used = 0

  /// - Parameters:
  ///   - width: inputs of an observation.
  ///   - patternBase: at least `width`; all indices stay below 65,536.
  package init(width: Int, patternBase: Int? = nil, patterns: [[UInt16]] = []) {
    let last = max(width, (patternBase ?? 0) + patterns.count)
    guard width > 0 && width < 1 << 16 && last <= 1 << 16 else {
      fatalError("\(width) entries, allowed: 1...65535; \(last) rows, allowed: 1...65536")
    }
    self.width = width
    self.patternBase = patternBase
    self.patterns = patterns
    capacity = max(1 << 16, 4 * width)
    indices = .allocate(capacity: capacity)
  }

  deinit { indices.deallocate() }

  package var count: Int { rows.count }

  /// Forgets the rows, keeps the memory.
  package func removeAll() {
    rows.removeAll(keepingCapacity: true)
    used = 0
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
    var writer = SignWriter(start: indices + used, patternBase: patternBase)
    write(&writer)
    let total = writer.end - (indices + used)
    precondition(total <= width, "a row of \(total) entries, allowed: \(width)")
    rows.append(
      Row(
        start: UInt32(used), plus: UInt16(truncatingIfNeeded: writer.plusCount ?? total),
        total: UInt16(truncatingIfNeeded: total)))
    used += total
    return rows.count - 1
  }

  /// Appends row `index` of another batch.
  package func append(_ index: Int, of other: SparseSignBatch) {
    if capacity - used < width + SignWriter.slack { grow() }
    let row = other.rows[index]
    (indices + used).update(from: other.indices + Int(row.start), count: Int(row.total))
    rows.append(Row(start: UInt32(used), plus: row.plus, total: row.total))
    used += Int(row.total)
  }

  /// The row as two lists of entries, patterns taken apart and what cancels left out, for tests
  /// and other slow readers.
  package func entries(of row: Int) -> (plus: [Int], minus: [Int]) {
    let r = rows[row]
    var value: [Int: Int] = [:]
    for i in 0..<Int(r.total) {
      let index = Int(indices[Int(r.start) + i])
      let sign = i < Int(r.plus) ? 1 : -1
      if let patternBase, index >= patternBase {
        for entry in patterns[index - patternBase] { value[Int(entry), default: 0] += sign }
      } else {
        value[index, default: 0] += sign
      }
    }
    let sorted = value.sorted { $0.key < $1.key }
    return (
      sorted.flatMap { Array(repeating: $0.key, count: max(0, $0.value)) },
      sorted.flatMap { Array(repeating: $0.key, count: max(0, -$0.value)) }
    )
  }

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

  /// Where the row ends so far.
  package var end: UnsafeMutablePointer<UInt16> { cursor }
  /// How many entries are 1; nil until `beginMinus()`.
  package var plusCount: Int? { plus }

  package init(start: UnsafeMutablePointer<UInt16>, patternBase: Int? = nil) {
    self.start = start
    self.patternBase = patternBase ?? -1
    cursor = start
  }

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

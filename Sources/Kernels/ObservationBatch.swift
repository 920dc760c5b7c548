// SPDX-License-Identifier: MIT

/// Many observations of one form, in order.
package final class ObservationBatch {
  package let form: ObservationForm
  /// The rows, where the form's entries are signs.
  package let signs: SparseSignBatch
  /// The rows one after the other, `form.count` each, where the entries are numbers.
  package var numbers: [Float] = []

  /// - Parameters:
  ///   - patternBase: the row of the first pattern among the weights of whoever reads the
  ///   batch; nil where whole patterns may not be written.
  ///   - takesFrames: whether that reader knows rows that are frames.
  package init(form: ObservationForm, patternBase: Int? = nil, takesFrames: Bool = false) {
    self.form = form
    // Numbers are counted by no two bytes: of them there may be more.
    signs = SparseSignBatch(
      width: form.entries == .signs ? form.count : 1,
      patternBase: form.patterns.isEmpty ? nil : patternBase,
      patterns: form.patterns, takesFrames: takesFrames && patternBase != nil)
  }

  package var count: Int {
    form.entries == .signs ? signs.count : numbers.count / form.count
  }

  /// Forgets the rows, keeps the memory.
  package func removeAll() {
    signs.removeAll()
    numbers.removeAll(keepingCapacity: true)
  }

  /// Appends all rows of another batch of this form, written for the same weights.
  package func append(_ other: ObservationBatch) {
    signs.append(other.signs)
    numbers += other.numbers
  }

  /// To be called before an observation is appended that follows the last one of another batch, which
  /// may hold the frame before it.
  package func begin(after other: ObservationBatch) {
    guard let row = other.signs.rows.last, row.kind != .signs else { return }
    signs.appendFrame(other.signs.count - 1, of: other.signs)
  }

  /// Appends row `index` of another batch of this form, written for the same weights.
  package func append(_ index: Int, of other: ObservationBatch) {
    switch form.entries {
    case .signs: signs.append(index, of: other.signs)
    case .numbers:
      numbers.append(contentsOf: other.numbers[index * form.count..<(index + 1) * form.count])
    }
  }

  /// The first entry of the last row that is NaN or infinite; nil where all are finite.
  package var brokenEntry: Int? {
    let row = numbers.suffix(form.entries == .numbers ? form.count : 0)
    // The exponents' bits are all 1 in these alone: one comparison at the end, none on the way.
    let size = row.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
    guard size >= Float.infinity.bitPattern else { return nil }
    return row.firstIndex { !$0.isFinite }.map { $0 - row.startIndex }
  }

  /// One row with all its zeros, for tests and other slow readers.
  package func dense(_ index: Int) -> [Float] {
    guard form.entries == .signs else {
      return Array(numbers[index * form.count..<(index + 1) * form.count])
    }
    var row = [Float](repeating: 0, count: form.count)
    let entries = signs.entries(of: index)
    for i in entries.plus { row[i] += 1 }
    for i in entries.minus { row[i] -= 1 }
    return row
  }
}

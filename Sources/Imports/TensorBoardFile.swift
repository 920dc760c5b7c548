// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import Digest

extension SourceFile {
  /// Reads the scalars of a TensorBoard event file (`events.out.tfevents.*`); see
  /// `TensorBoardEvents` for its layout. Texts, pictures and histograms are passed over.
  ///
  /// A last record that is cut short is one that was being written. A wrong checksum ends the file, as
  /// it does for TensorBoard, and is told.
  ///
  /// - Throws: where the first record is none.
  package init(tensorBoard file: [UInt8], path: String) throws(ArtifactError) {
    self.init(path: path, format: "TensorBoard events", contents: file)
    hasWallClock = true
    var (place, records, broken) = (0, 0, 0)
    while place < file.count {
      switch Self.record(of: file, at: place) {
      case .whole(let range):
        if !read(event: file[range]) { broken += 1 }
        records += 1
        place = range.upperBound + 4
        continue
      case .cut where records > 0:
        remarks.append("\(path): the last record is cut short and left out")
      case .wrong where records > 0:
        remarks.append(
          "\(path): wrong checksum at byte \(Numbers.whole(place)), behind"
            + " \(Numbers.count(records, "record")); the \(Numbers.bytes(file.count - place)) from there"
            + " on are left out")
      case .cut, .wrong:
        throw .init(.notThisFormat, path: path, detail: "not a TensorBoard event file")
      }
      break
    }
    if broken > 0 {
      remarks.append(
        "\(path): \(Numbers.count(broken, "record")) with a right checksum that"
          + " \(broken == 1 ? "is" : "are") no event")
    }
  }

  private enum Record {
    case whole(Range<Int>)
    case cut, wrong
  }

  /// The record that begins at a place: where its data lie.
  private static func record(of file: [UInt8], at place: Int) -> Record {
    guard let length = file.little(at: place, count: 8),
      let stated = file.little(at: place + 8, count: 4)
    else { return .cut }
    guard stated == UInt64(CRC32.masked(Array(file[place..<place + 8]))) else { return .wrong }
    let start = place + 12
    guard length <= UInt64(max(0, file.count - start - 4)), case let end = start + Int(length),
      let sum = file.little(at: end, count: 4)
    else { return .cut }
    return sum == UInt64(CRC32.masked(Array(file[start..<end]))) ? .whole(start..<end) : .wrong
  }

  /// Adds an event's scalars; false where it is none.
  private mutating func read(event: ArraySlice<UInt8>) -> Bool {
    var (time, step): (Double?, Int) = (nil, 0)
    var values: [ArraySlice<UInt8>] = []
    var isWhole = true
    isWhole = ProtocolBuffer.read(event) { field, value in
      switch (field, value) {
      case (1, .fixed64(let bits)): time = Double(bitPattern: bits)
      case (2, .number(let number)): step = Int(Int64(bitPattern: number))
      case (5, .bytes(let summary)):
        let isSummary = ProtocolBuffer.read(summary) { field, value in
          if field == 1, case .bytes(let one) = value { values.append(one) }
        }
        if !isSummary { values.append([0xFF]) }
      default: break
      }
    }
    for value in values {
      guard let (tag, number) = Self.scalar(value) else {
        isWhole = false
        continue
      }
      guard let number else { continue }
      scalars[tag, default: []].append(
        ScalarPoint(step: step, value: number, seconds: time?.isFinite == true ? time : nil))
    }
    return isWhole
  }

  /// A value's tag and number, no number for what is no scalar; nil for what is no value.
  private static func scalar(_ bytes: ArraySlice<UInt8>) -> (tag: String, value: Double?)? {
    var (tag, number): (String, Double?) = ("", nil)
    var isScalar = true
    let isWhole = ProtocolBuffer.read(bytes) { field, value in
      switch (field, value) {
      case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
      case (2, .fixed32(let bits)): number = Double(Float(bitPattern: bits))
      case (8, .bytes(let tensor)): number = number ?? single(tensor)
      case (9, .bytes(let metadata)): isScalar = plugin(metadata) == "scalars"
      default: break
      }
    }
    return isWhole ? (tag, isScalar ? number : nil) : nil
  }

  /// What shows a value, such as `hparams` for one whose tensor is of no meaning.
  private static func plugin(_ metadata: ArraySlice<UInt8>) -> String {
    var name = ""
    _ = ProtocolBuffer.read(metadata) { field, value in
      guard field == 1, case .bytes(let data) = value else { return }
      _ = ProtocolBuffer.read(data) { field, value in
        if field == 1, case .bytes(let text) = value {
          name = String(decoding: text, as: UTF8.self)
        }
      }
    }
    return name
  }

  /// The one number of a tensor of 32-bit floats, as TensorFlow 2 writes scalars, or of 64-bit ones.
  private static func single(_ tensor: ArraySlice<UInt8>) -> Double? {
    var (kind, numbers): (UInt64, [(bits: UInt64, bytes: Int)]) = (0, [])
    let isWhole = ProtocolBuffer.read(tensor) { field, value in
      switch (field, value) {
      case (1, .number(let number)): kind = number
      case (4, .bytes(let data)), (5, .bytes(let data)), (6, .bytes(let data)):
        if !data.isEmpty {
          numbers.append((data.reversed().reduce(0) { $0 << 8 | UInt64($1) }, data.count))
        }
      case (5, .fixed32(let bits)): numbers.append((UInt64(bits), 4))
      case (6, .fixed64(let bits)): numbers.append((bits, 8))
      default: break
      }
    }
    guard isWhole, numbers.count == 1 else { return nil }
    switch (kind, numbers[0].bytes) {
    case (1, 4): return Double(Float(bitPattern: UInt32(numbers[0].bits)))
    case (2, 8): return Double(bitPattern: numbers[0].bits)
    default: return nil
    }
  }
}

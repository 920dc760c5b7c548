// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import Digest

extension SourceFile {
  /// Reads `evaluations.npz` of stable-baselines3: the games of each evaluation.
  ///
  /// - Throws: where it is no such file.
  package init(evaluations file: [UInt8], path: String) throws(ArtifactError) {
    self.init(path: path, format: "stable-baselines3 evaluations.npz", contents: file)
    let members = try numpyMembers(of: file, path: path)
    func array(_ name: String) throws(ArtifactError) -> NumpyArray {
      guard let member = members[name] else {
        throw .init(
          .notThisFormat, path: path,
          detail: "no array \"\(name)\": it holds \(members.keys.sorted().joined(separator: ", "));"
            + " evaluations.npz has timesteps, results and ep_lengths")
      }
      guard let array = NumpyArray(member) else {
        throw .init(
          .notThisFormat, path: path,
          detail:
            "\(name) is no array of plain numbers in rows (float32, float64, int32 or int64)")
      }
      return array
    }
    let (steps, results) = (try array("timesteps"), try array("results"))
    let lengths = try array("ep_lengths")
    guard steps.shape.count == 1, results.shape.count == 2, results.shape == lengths.shape,
      results.shape[0] == steps.shape[0]
    else {
      throw .init(
        .damaged, path: path,
        detail: "its arrays have the shapes \(steps.shape), \(results.shape) and \(lengths.shape);"
          + " allowed: [n], [n, games] and [n, games]")
    }
    let games = results.shape[1]
    for (row, number) in steps.values.enumerated() {
      let part = row * games..<(row + 1) * games
      let whole = lengths.values[part].compactMap { Int(exactly: $0) }
      guard let step = Int(exactly: number), step >= 0, whole.count == games else {
        throw .init(
          .badField, path: path, detail: "evaluation \(row + 1) has a step or length that is none")
      }
      evaluations.append(
        EvaluatedGames(step: step, returns: Array(results.values[part]), lengths: whole))
    }
  }
}

/// An array of numbers, row by row.
struct NumpyArray {
  let shape: [Int]
  let values: [Double]
}

/// The arrays of an `.npz` file by their names, each as the `.npy` file that it is there.
///
/// Source: PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16, and numpy's format of `.npy`
/// (numpy/lib/format.py), versions 1.0 to 3.0. Members that are compressed (`savez_compressed`) are
/// refused by name.
func numpyMembers(of file: [UInt8], path: String) throws(ArtifactError) -> [String: [UInt8]] {
  func fault(_ detail: String, _ code: ArtifactError.Code = .damaged) -> ArtifactError {
    ArtifactError(code, path: path, detail: detail)
  }
  guard file.starts(with: [0x50, 0x4B]) else { throw fault("not an .npz file", .notThisFormat) }
  // The end record stands at the end, behind it at most a comment of 65,535 bytes.
  let last = file.count - 22
  let places = stride(from: last, through: max(0, last - 65_535), by: -1)
  guard last >= 0, let end = places.first(where: { file.little(at: $0, count: 4) == 0x0605_4B50 }),
    let count = file.little(at: end + 10, count: 2),
    let directory = file.little(at: end + 16, count: 4)
  else { throw fault("cut short: the list of its arrays is missing", .truncated) }
  var members: [String: [UInt8]] = [:]
  var place = Int(directory)
  for _ in 0..<count {
    guard file.little(at: place, count: 4) == 0x0201_4B50,
      let method = file.little(at: place + 10, count: 2),
      let sum = file.little(at: place + 16, count: 4),
      let size = file.little(at: place + 20, count: 4).map({ Int($0) }),
      let nameLength = file.little(at: place + 28, count: 2).map({ Int($0) }),
      let extraLength = file.little(at: place + 30, count: 2),
      let commentLength = file.little(at: place + 32, count: 2),
      let local = file.little(at: place + 42, count: 4).map({ Int($0) }),
      place + 46 + nameLength <= file.count,
      let localName = file.little(at: local + 26, count: 2),
      let localExtra = file.little(at: local + 28, count: 2)
    else { throw fault("the list of its arrays is damaged") }
    var name = String(decoding: file[place + 46..<place + 46 + nameLength], as: UTF8.self)
    guard method == 0 else {
      throw fault("\(name) is compressed; numpy.savez writes it uncompressed", .notThisFormat)
    }
    let start = local + 30 + Int(localName) + Int(localExtra)
    guard start <= file.count, size <= file.count - start else {
      throw fault("\(name) is cut short", .truncated)
    }
    let member = Array(file[start..<start + size])
    guard UInt64(CRC32.zlib.checksum(member)) == sum else {
      throw fault("\(name) does not fit its checksum")
    }
    if name.hasSuffix(".npy") { name.removeLast(4) }
    members[name] = member
    place += 46 + nameLength + Int(extraLength) + Int(commentLength)
  }
  return members
}

extension NumpyArray {
  /// The contents of an `.npy` file; nil for one that holds anything but little-endian numbers in row
  /// order.
  init?(_ file: [UInt8]) {
    guard file.starts(with: [0x93] + Array("NUMPY".utf8)), file.count >= 10 else { return nil }
    let isLong = file[6] > 1
    guard let length = file.little(at: 8, count: isLong ? 4 : 2) else { return nil }
    let start = isLong ? 12 : 10
    guard length <= UInt64(file.count - start) else { return nil }
    let data = start + Int(length)
    let header = String(decoding: file[start..<data], as: UTF8.self)
    guard let kind = header.firstMatch(of: /'descr': '([^']*)'/)?.output.1,
      header.contains("'fortran_order': False"),
      let extents = header.firstMatch(of: /'shape': \(([0-9, ]*)\)/)?.output.1
    else { return nil }
    let size = kind.hasSuffix("8") ? 8 : 4
    guard ["<f8", "<f4", "<i8", "<i4"].contains(kind) else { return nil }
    var total = 1
    var shape: [Int] = []
    for word in extents.split(separator: ",") {
      let digits = word.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard let extent = Int(digits),
        case let (product, overflows) = total.multipliedReportingOverflow(by: extent), !overflows
      else { return nil }
      total = product
      shape.append(extent)
    }
    guard (file.count - data) / size == total, (file.count - data) % size == 0 else { return nil }
    self.shape = shape
    values = (0..<total).map { index in
      let bits = file.little(at: data + size * index, count: size) ?? 0
      switch kind {
      case "<f8": return Double(bitPattern: bits)
      case "<f4": return Double(Float(bitPattern: UInt32(bits)))
      case "<i8": return Double(Int64(bitPattern: bits))
      default: return Double(Int32(bitPattern: UInt32(bits)))
      }
    }
  }
}

// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import ExperimentSpec
import ParameterSchema

extension SourceFile {
  /// Reads a Monitor file of stable-baselines3 (`*.monitor.csv`): a line of JSON behind `#`, the
  /// columns, then a line for each episode with its return `r`, its length `l`, and the seconds `t`
  /// since the Monitor was made.
  ///
  /// Where `t` falls, a later training went on in the same file. A last line without its end is one
  /// that was being written; another that cannot be read, as a killed process leaves one, is left out and
  /// told.
  ///
  /// - Throws: where the head is not that of such a file.
  package init(monitor file: [UInt8], path: String) throws(ArtifactError) {
    self.init(path: path, format: "stable-baselines3 Monitor", contents: file)
    var lines = CSVLines(file)
    var head: ConfigValue?
    var places: [Int]?
    var last = -Double.infinity
    var broken = BrokenLines()
    while let line = lines.next() {
      if line.text.hasPrefix("#") {
        head = ConfigValue(json: String(line.text.dropFirst()))
        guard case .number(let start)? = head?[path: "t_start"] else {
          throw .init(
            .notThisFormat, path: path,
            detail: "line \(line.number) is no head of a Monitor file: it has no t_start")
        }
        // Where the environment has no name, str() makes one of Python's None.
        if case .string(let id)? = head?[path: "env_id"], id != "None" { environment = id }
        sessions.append(MonitorSession(start: start))
        (places, last) = (nil, -.infinity)
        continue
      }
      guard head != nil else {
        throw .init(
          .notThisFormat, path: path, detail: "its first line is not the head of a Monitor file")
      }
      let fields = CSVRows(line.text).rows.first?.fields ?? []
      guard let columns = places else {
        let found = ["r", "l", "t"].compactMap { fields.firstIndex(of: $0) }
        guard found.count == 3 else {
          throw .init(
            .wrongColumns, path: path,
            detail:
              "line \(line.number) has the columns \(fields.joined(separator: ",")); a Monitor"
              + " file has r, l and t")
        }
        places = found + [fields.count]
        continue
      }
      guard line.isWhole, fields.count == columns[3],
        let value = ForeignTable.number(fields[columns[0]]),
        let length = Int(fields[columns[1]]), length >= 0, length <= 1 << 40,
        let seconds = ForeignTable.number(fields[columns[2]]), seconds.isFinite
      else {
        broken.add(line)
        continue
      }
      // A head alone is a session in which no episode ended.
      if seconds < last { sessions.append(MonitorSession(start: nil)) }
      last = seconds
      sessions[sessions.count - 1].episodes.append(
        MonitorEpisode(return: value, length: length, seconds: seconds))
    }
    if sessions.isEmpty {
      throw .init(.notThisFormat, path: path, detail: "an empty file, not a Monitor file")
    }
    remarks += broken.remarks(path)
  }
}

/// The lines of a text file with their numbers, in which no field spans lines.
struct CSVLines {
  struct Line {
    let text: String
    /// From 1.
    let number: Int
    /// Whether it ends with a line feed, as all but one that was being written do.
    let isWhole: Bool
  }

  private var rest: ArraySlice<UInt8>
  private var number = 0

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The next line that is not empty, without its end.
  mutating func next() -> Line? {
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      var line = rest[..<(end ?? rest.endIndex)]
      rest = end.map { rest[($0 + 1)...] } ?? []
      number += 1
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
      if line.isEmpty { continue }
      return Line(
        text: String(decoding: line, as: UTF8.self), number: number, isWhole: end != nil)
    }
    return nil
  }
}

/// Lines of a file that cannot be read.
struct BrokenLines {
  private var count = 0
  private var first: CSVLines.Line?
  private var isCut = false

  mutating func add(_ line: CSVLines.Line) {
    if !line.isWhole {
      isCut = true
      return
    }
    count += 1
    if first == nil { first = line }
  }

  func remarks(_ path: String) -> [String] {
    var remarks: [String] = []
    if let first {
      remarks.append(
        "\(path): \(Numbers.count(count, "line")) that cannot be read"
          + " \(count == 1 ? "is" : "are") left out; line \(first.number):"
          + " \(first.text.prefix(80))")
    }
    if isCut {
      remarks.append(
        "\(path): the last line has no line feed, so it may be half written; it is left out")
    }
    return remarks
  }
}

// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics

extension SourceFile {
  /// What stable-baselines3 calls steps and seconds in `progress.csv`, then what others often do.
  private static let stepNames = ["time/total_timesteps", "step", "steps", "global_step"]
  private static let secondNames = ["time/time_elapsed", "seconds"]
  /// Seconds that are no length of a training but a date: those of thirty years.
  private static let leastDate = 9.5e8

  /// Reads a CSV file with named columns: a series for each, over the column that counts steps. Empty
  /// cells are no points, as in `progress.csv` of stable-baselines3.
  ///
  /// - Parameters:
  ///   - step: the name of the column that counts steps; nil for one of the usual names.
  ///   - seconds: of the column with the time; nil likewise, and where there is none.
  /// - Throws: where no column counts steps.
  package init(
    table file: [UInt8], path: String, step: String?, seconds: String?
  ) throws(ArtifactError) {
    func refusal(_ code: ArtifactError.Code, _ detail: String) -> ArtifactError {
      ArtifactError(code, path: path, detail: detail)
    }
    if let fault = ForeignTable.encodingFaults(in: file).first {
      throw refusal(.notThisFormat, "line \(fault.line): \(fault.sentence)")
    }
    var lines = CSVLines(file)
    guard let columns = lines.next().map({ Self.fields(of: $0) }) else {
      throw refusal(
        .wrongColumns, "an empty file; its first line would be the names of its columns")
    }
    let wanted = step.map { [$0] } ?? Self.stepNames
    let foreign = ForeignTable.foreignSeparator(columns, rows: Self.rows(of: lines)) { names in
      wanted.contains(where: names.contains)
    }
    if let foreign { throw refusal(.wrongColumns, foreign) }
    if let twice = columns.first(where: { name in columns.count { $0 == name } > 1 }) {
      throw refusal(.wrongColumns, "the column \"\(twice)\" appears twice")
    }
    func place(_ names: [String]) -> Int? {
      names.lazy.compactMap { columns.firstIndex(of: $0) }.first
    }
    let isProgress = columns.contains("time/total_timesteps")
    self.init(
      path: path, format: isProgress ? "stable-baselines3 progress.csv" : "CSV", contents: file)
    guard let steps = place(wanted) else {
      let names =
        step.map { "\"\($0)\"" + suggestion(NearestMatch.find($0, in: columns)) }
        ?? Self.stepNames.joined(separator: ", ") + "; say it with --columns step=NAME"
      throw refusal(
        .wrongColumns,
        "no column counts steps: its columns are \(columns.joined(separator: ", ")); looked for:"
          + " \(names)")
    }
    let clock = place(seconds.map { [$0] } ?? Self.secondNames)
    if let seconds, clock == nil {
      throw refusal(
        .wrongColumns,
        "no column \"\(seconds)\"\(suggestion(NearestMatch.find(seconds, in: columns))); its"
          + " columns are \(columns.joined(separator: ", "))")
    }
    var broken = BrokenLines()
    while let line = lines.next() {
      let fields = Self.fields(of: line)
      guard line.isWhole, fields.count == columns.count,
        let number = ForeignTable.number(fields[steps]),
        let step = Int(exactly: number),
        abs(step) <= 1 << 53
      else {
        broken.add(line)
        continue
      }
      let time = clock.flatMap { ForeignTable.number(fields[$0]) }
        .flatMap { $0.isFinite ? $0 : nil }
      hasWallClock = hasWallClock || time ?? 0 >= Self.leastDate
      for (place, name) in columns.enumerated() where place != steps && place != clock {
        let field = fields[place]
        if let value = ForeignTable.number(field), !ForeignTable.isBeyond(field, value) {
          scalars[name, default: []].append(ScalarPoint(step: step, value: value, seconds: time))
        } else if !field.isEmpty {
          unreadable[name, default: (0, line.number, field)].count += 1
        }
      }
    }
    remarks += broken.remarks(path)
    if hasWallClock, let clock {
      remarks.append("\(path): \(columns[clock]) counts from 1970; its first point is taken for 0")
    }
  }

  /// None where a quotation mark does not end, or ends before its field: what is in it is not known.
  private static func fields(of line: CSVLines.Line) -> [String] {
    let read = CSVRows(line.text)
    guard read.openQuote == nil, read.textBehindQuote == nil else { return [] }
    return (read.rows.first?.fields ?? []).map(\.trimmed)
  }

  private static func rows(of lines: CSVLines) -> some Sequence<[String]> {
    sequence(state: lines) { $0.next().map(fields) }
  }
}

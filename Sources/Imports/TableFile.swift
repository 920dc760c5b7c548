// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics

extension SourceFile {
  /// What stable-baselines3 calls steps and seconds in `progress.csv`, then what others often do.
  private static let stepNames = ["time/total_timesteps", "step", "steps", "global_step"]
  private static let secondNames = ["time/time_elapsed", "seconds"]

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
    var lines = CSVLines(file)
    let columns = lines.next().map { CSVRows($0.text).rows.first?.fields ?? [] } ?? []
    func place(_ asked: String?, _ usual: [String]) -> Int? {
      (asked.map { [$0] } ?? usual).lazy.compactMap { columns.firstIndex(of: $0) }.first
    }
    let isProgress = columns.contains("time/total_timesteps")
    self.init(
      path: path, format: isProgress ? "stable-baselines3 progress.csv" : "CSV", contents: file)
    guard let steps = place(step, Self.stepNames) else {
      let wanted =
        step.map { "\"\($0)\"" + suggestion(NearestMatch.find($0, in: columns)) }
        ?? Self.stepNames.joined(separator: ", ") + "; say it with --columns step=NAME"
      throw .init(
        .wrongColumns, path: path,
        detail: "no column counts steps: its columns are \(columns.joined(separator: ", "));"
          + " looked for: \(wanted)")
    }
    let clock = place(seconds, Self.secondNames)
    if let seconds, clock == nil {
      throw .init(
        .wrongColumns, path: path,
        detail:
          "no column \"\(seconds)\"\(suggestion(NearestMatch.find(seconds, in: columns))); its"
          + " columns are \(columns.joined(separator: ", "))")
    }
    var broken = BrokenLines()
    while let line = lines.next() {
      let fields = CSVRows(line.text).rows.first?.fields ?? []
      guard line.isWhole, fields.count == columns.count, let number = Double(fields[steps]),
        let step = Int(exactly: number),
        abs(step) <= 1 << 53
      else {
        broken.add(line)
        continue
      }
      let time = clock.flatMap { Double(fields[$0]) }.flatMap { $0.isFinite ? $0 : nil }
      for (place, name) in columns.enumerated() where place != steps && place != clock {
        let field = fields[place]
        if let value = Double(field) {
          scalars[name, default: []].append(ScalarPoint(step: step, value: value, seconds: time))
        } else if !field.isEmpty {
          unreadable[name, default: (0, line.number)].count += 1
        }
      }
    }
    remarks += broken.remarks(path)
  }
}

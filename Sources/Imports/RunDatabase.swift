// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import ExperimentSpec
import ParameterSchema

/// A local store of runs in one SQLite file: MLflow's `mlflow.db`, or a project's of trackio.
struct RunDatabase {
  private enum Kind { case mlflow, trackio }

  private let database: SQLiteDatabase
  private let kind: Kind
  struct Run {
    let name: String
    let id: String
    /// That it belongs to; nil where the store has none.
    let experiment: String?
  }

  /// The runs, in the order of their beginning.
  let runs: [Run]

  /// Whether a file begins as an SQLite database does.
  static func isDatabase(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.prefix(16).elementsEqual(Array("SQLite format 3\0".utf8))
  }

  init(path: String) throws(ArtifactError) {
    database = try SQLiteDatabase(path: path)
    let tables = try database.tables()
    let query: String
    if tables.isSuperset(of: ["metrics", "runs", "params", "experiments"]) {
      kind = .mlflow
      query = """
        SELECT runs.name, run_uuid, experiments.name
        FROM runs LEFT JOIN experiments USING (experiment_id) WHERE runs.lifecycle_stage = 'active'
        ORDER BY start_time, run_uuid
        """
    } else if tables.isSuperset(of: ["metrics", "configs"]) {
      kind = .trackio
      query = "SELECT run_name, run_id, NULL FROM metrics GROUP BY run_id ORDER BY MIN(id)"
    } else {
      throw ArtifactError(
        .notThisFormat, path: path,
        detail: "an SQLite database that is neither MLflow's nor trackio's: its tables are "
          + tables.sorted().joined(separator: ", "))
    }
    var found: [Run] = []
    try database.read(query) { row in
      guard let id = row[1].text else { return }
      found.append(Run(name: row[0].text ?? id, id: id, experiment: row[2].text))
    }
    runs = found
  }

  /// What the store holds of a run.
  func source(_ run: Run) throws(ArtifactError) -> SourceFile {
    let isAlone = runs.count { $0.name == run.name } == 1
    let path = "\(database.path)/\(run.name)" + (isAlone ? "" : " (\(run.id))")
    var source = kind == .mlflow ? try mlflow(run.id, path) : try trackio(run.id, path)
    source.isWholeRun = true
    return source
  }

  /// MLflow stores NaN as 0 with a flag, and infinity as the greatest number.
  private func mlflow(_ id: String, _ path: String) throws(ArtifactError) -> SourceFile {
    var points: [(name: String, point: ScalarPoint)] = []
    try database.read(
      """
      SELECT key, value, is_nan, step, timestamp FROM metrics WHERE run_uuid = ?
      ORDER BY key, timestamp, step
      """, [id]
    ) { row in
      guard let name = row[0].text, let stored = row[1].number, let step = row[3].whole else {
        return
      }
      let value = row[2].number == 1 ? .nan : Self.unclamped(stored)
      let seconds = row[4].number.map { $0 / 1_000 }
      points.append((name, ScalarPoint(step: step, value: value, seconds: seconds)))
    }
    var parameters: [String: ConfigValue] = [:]
    try database.read("SELECT key, value FROM params WHERE run_uuid = ?", [id]) { row in
      if let key = row[0].text, let text = row[1].text { parameters[key] = parameter(text) }
    }
    var source = SourceFile(
      path: path, format: "MLflow database", contents: digested(points, parameters))
    source.hasWallClock = true
    source.scalars = Dictionary(grouping: points, by: \.name).mapValues { $0.map(\.point) }
    source.parameters = parameters
    return source
  }

  private static func unclamped(_ value: Double) -> Double {
    abs(value) == .greatestFiniteMagnitude ? value * 2 : value
  }

  /// trackio stores a JSON object for each step, in which NaN and infinity are texts. Times are those
  /// of batches, so they tell nothing of single steps.
  private func trackio(_ id: String, _ path: String) throws(ArtifactError) -> SourceFile {
    var points: [(name: String, point: ScalarPoint)] = []
    var broken = 0
    try database.read("SELECT step, metrics FROM metrics WHERE run_id = ? ORDER BY id", [id]) {
      row in
      guard let step = row[0].whole, let text = row[1].text,
        case .object(let members)? = ConfigValue(json: text)
      else {
        broken += 1
        return
      }
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        let number: Double? =
          switch value {
          case .number(let number): number
          case .string("NaN"): .nan
          case .string("Infinity"): .infinity
          case .string("-Infinity"): -.infinity
          default: nil
          }
        if let number { points.append((name, ScalarPoint(step: step, value: number))) }
      }
    }
    var parameters: [String: ConfigValue] = [:]
    try database.read("SELECT config FROM configs WHERE run_id = ?", [id]) { row in
      guard let text = row[0].text, case .object(let members)? = ConfigValue(json: text) else {
        return
      }
      // What begins with a line is trackio's own.
      parameters = members.filter { !$0.key.hasPrefix("_") }
    }
    var source = SourceFile(
      path: path, format: "trackio database", contents: digested(points, parameters))
    source.scalars = Dictionary(grouping: points, by: \.name).mapValues { $0.map(\.point) }
    source.parameters = parameters
    if broken > 0 {
      source.remarks.append(
        "\(path): \(Numbers.count(broken, "row")) that cannot be read \(broken == 1 ? "is" : "are")"
          + " left out")
    }
    return source
  }

  /// What stands for a run's part of the file: other runs of the store may change.
  private func digested(
    _ points: [(name: String, point: ScalarPoint)], _ parameters: [String: ConfigValue]
  ) -> [UInt8] {
    let lines = points.map { "\($0.name) \($0.point.step) \($0.point.value)" }
    return Array((lines + [canonicalJSON(.object(parameters))]).joined(separator: "\n").utf8)
  }
}

/// A parameter that a store or a path has as text: a number where it is one.
func parameter(_ text: String) -> ConfigValue {
  ForeignTable.number(text).flatMap { $0.isFinite ? .number($0) : nil } ?? .string(text)
}

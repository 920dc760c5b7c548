// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import ExperimentSpec
import ParameterSchema
import RunStore

/// A run of MLflow's older file store: a folder with `meta.yaml`, and under `metrics` and `params` a
/// file for each name.
struct RunFiles {
  let path: String
  /// What the run is called, else the name of its folder.
  let name: String
  /// Whether MLflow keeps it only until its garbage is collected.
  let isDeleted: Bool

  /// Nil where the folder is no such run.
  init?(path: String) {
    guard let meta = try? Disk.readIfPresent("\(path)/meta.yaml"),
      Disk.isFolder("\(path)/metrics")
    else { return nil }
    self.path = path
    let text = String(decoding: meta, as: UTF8.self)
    isDeleted = text.contains(/(?m)^lifecycle_stage: *deleted *$/)
    // The tag has the name as it is, `meta.yaml` as YAML quotes it.
    let tag = (try? Disk.readIfPresent("\(path)/tags/mlflow.runName")) ?? nil
    name =
      tag.map { String(decoding: $0, as: UTF8.self) }
      ?? path.split(separator: "/").last.map(String.init) ?? path
  }

  func source() throws -> SourceFile {
    var contents: [UInt8] = []
    var scalars: [String: [ScalarPoint]] = [:]
    var remarks: [String] = []
    for name in try Self.files(in: "\(path)/metrics") {
      let file = try Disk.read("\(path)/metrics/\(name)")
      contents += Array(name.utf8) + file
      var broken = BrokenLines()
      var lines = CSVLines(file)
      while let line = lines.next() {
        let words = line.text.split(separator: " ")
        guard line.isWhole, words.count == 3 || words.count == 2,
          let time = Double(words[0]), let value = Double(words[1]),
          let step = words.count == 3 ? Int(words[2]) : 0
        else {
          broken.add(line)
          continue
        }
        scalars[name, default: []].append(
          ScalarPoint(
            step: step, value: value, seconds: time / 1_000))
      }
      remarks += broken.remarks("\(path)/metrics/\(name)")
    }
    var parameters: [String: ConfigValue] = [:]
    if Disk.isFolder("\(path)/params") {
      for name in try Self.files(in: "\(path)/params") {
        let file = try Disk.read("\(path)/params/\(name)")
        contents += Array(name.utf8) + file
        parameters[name] = parameter(String(decoding: file, as: UTF8.self))
      }
    }
    var source = SourceFile(path: path, format: "MLflow files", contents: contents)
    (source.scalars, source.parameters, source.remarks) = (scalars, parameters, remarks)
    (source.hasWallClock, source.isWholeRun) = (true, true)
    return source
  }

  /// The files of a folder and of those below, by their paths from it: names may have slashes.
  private static func files(in folder: String) throws(RunStoreError) -> [String] {
    var found: [String] = []
    for name in try Disk.names(in: folder) {
      if Disk.isFolder("\(folder)/\(name)") {
        found += try files(in: "\(folder)/\(name)").map { "\(name)/\($0)" }
      } else {
        found.append(name)
      }
    }
    return found
  }
}

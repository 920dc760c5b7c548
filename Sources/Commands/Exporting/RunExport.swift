// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import ParameterSchema
import RunStore
import Statistics

/// A run's records on their way to other programs.
struct RunExport {
  let snapshot: RunSnapshot
  let folder: String
  private(set) var files: [String] = []
  /// Trials that could not be read, a sentence each.
  private(set) var problems: [String] = []

  init(_ snapshot: RunSnapshot, to folder: String) throws(RunStoreError) {
    self.snapshot = snapshot
    self.folder = folder
    try Disk.makeFolder(folder)
  }

  /// Writes a file for each kind of row.
  mutating func writeTables(as format: RowFormat) throws {
    try writeTrials(as: format)
    try writeCurves(as: format)
    try writeRows(of: EpisodeRecord.self, "episodes", as: format) { $0.episodesPath }
    try writeRows(of: UpdateRecord.self, "updates", as: format) { $0.updatesPath }
    try writeRows(of: EvaluationRecord.self, "evaluations", as: format) { $0.evaluationsPath }
    try writeRows(of: TimingRecord.self, "timing", as: format) { $0.timingPath }
  }

  private mutating func writeTrials(as format: RowFormat) throws {
    let facts = [
      "trial", "label", "seed", "number", "state", "episodes", "targetEpisodes", "decisions",
      "score", "finalMean", "evaluationMean", "wallSeconds", "cpuSeconds", "message",
    ]
    let paths = configurationPaths(snapshot.plan.variants.map(\.configuration))
    let columns = facts.map { $0 == "label" ? "variant" : $0 } + paths
    var text = format.header(columns)
    for trial in snapshot.trials {
      let known = TrialFacts(trial, of: snapshot, readsRecords: true)
      if let problem = known.problem ?? known.measures.problem {
        problems.append("\(trial.planned.id): \(problem)")
      }
      let values = facts.map { known.value(of: $0) } + paths.map { known.configuration[path: $0] }
      text += format.row(values.map { ExportedField($0) }, columns: columns)
    }
    try write(Array(text.utf8), "trials.\(format)")
  }

  /// Points of a trial's curve, at most.
  private static let curvePoints = 500

  /// Writes the learning curves as the report has them: a row for a point of a trial, with the running
  /// mean of the last 100 episodes, or what another program wrote as a mean.
  private mutating func writeCurves(as format: RowFormat) throws {
    let columns = [
      "trial", "variant", "seed", "episode", "decisions", "wallSeconds", "runningMean",
    ]
    var text = format.header(columns)
    for trial in snapshot.trials {
      let records = TrialRecords(trial.folder)
      let means = meanOfLast(records.returns, window: records.meanWindow)
      let step = max(1, (means.count + Self.curvePoints - 1) / Self.curvePoints)
      var place = 0
      for index in means.indices
      where (index + 1).isMultiple(of: step) || index == means.count - 1 {
        while place < records.timing.count,
          records.timing[place].decisions < records.decisions[index]
        {
          place += 1
        }
        let seconds = place < records.timing.count ? records.timing[place].wallSeconds : nil
        let numbers = [
          csvText(Double(index + 1)), csvText(Double(records.decisions[index])), csvText(seconds),
          csvText(means[index]),
        ]
        text += format.row(
          [.text(trial.planned.id), .text(trial.label), .number("\(trial.planned.seed)")]
            + numbers.map { .number($0) }, columns: columns)
      }
    }
    try write(Array(text.utf8), "curves.\(format)")
  }

  private mutating func writeRows<Record: CSVRecord>(
    of kind: Record.Type, _ name: String, as format: RowFormat, path: (TrialFolder) -> String
  ) throws {
    let columns = ["trial", "variant", "seed"] + Record.columns
    var bytes = Array(format.header(columns).utf8)
    for trial in snapshot.trials where Disk.isPresent(path(trial.folder)) {
      let front: [ExportedField] = [
        .text(trial.planned.id), .text(trial.label), .number("\(trial.planned.seed)"),
      ]
      do throws(ArtifactError) {
        try readCSV(Record.self, at: path(trial.folder)) {
          bytes += format.row(front + $0.fields.map { .number($0) }, columns: columns).utf8
        }
      } catch {
        problems.append("left out from there on: \(error)")
      }
    }
    try write(bytes, "\(name).\(format)")
  }

  /// Writes an event file for each trial, into a folder that TensorBoard names the trial by.
  mutating func writeEvents() throws {
    for trial in snapshot.trials where Disk.isPresent(trial.folder.episodesPath) {
      let place =
        "\(Self.folderName(trial.label, trial.planned.variant))/seed-\(trial.planned.seed)"
      try Disk.makeFolder("\(folder)/\(place)")
      do {
        let configuration = snapshot.plan.configuration(of: trial.planned)
        let bytes = try tensorBoardEvents(of: trial, configuration: configuration)
        try write(bytes, "\(place)/events.out.tfevents.0.rallybook")
      } catch let error as ArtifactError {
        problems.append("left out: \(error)")
      }
    }
  }

  private mutating func write(_ bytes: [UInt8], _ name: String) throws(RunStoreError) {
    try AtomicFile.write(bytes, to: "\(folder)/\(name)")
    files.append("\(folder)/\(name)")
  }

  /// A label as a folder's name, with the variant's number in front so that it is unique.
  private static func folderName(_ label: String, _ variant: Int) -> String {
    var name = ""
    for scalar in label.lowercased().unicodeScalars {
      let isPlain = scalar.properties.isAlphabetic || scalar == "." || ("0"..."9").contains(scalar)
      if isPlain && scalar.isASCII {
        name.unicodeScalars.append(scalar)
      } else if !name.hasSuffix("-") {
        name += "-"
      }
    }
    let trimmed = name.drop { "-.".contains($0) }.prefix(60)
    return "\(variant + 1)-\(trimmed.isEmpty ? "variant" : String(trimmed))"
  }
}

// SPDX-License-Identifier: MIT

import Digest
import ExperimentSpec
import GRDB
import RunStore

/// What the index keeps of one stored trial.
struct IndexRow: Codable, Sendable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "trials"

  var id: String
  /// `RecordSignature` of the files that all this was read from.
  var signature: String
  // From status.json; nil where there is none.
  var state: String?
  var episodes: Int?
  var targetEpisodes: Int?
  var decisions: Int?
  var smoothedMean: Double?
  var evaluated: Int?
  var message: String?
  /// As JSON.
  var activity: TrialActivity?
  var pid: Int?
  /// As text: the kernel's number may be larger than SQLite's.
  var startTicks: String?
  var bootId: String?
  var host: String?
  var startedAt: String?
  var updatedAt: String?
  // From the other records.
  var score: Double?
  var finalMean: Double?
  var evaluationMean: Double?
  var wallSeconds: Double?
  var cpuSeconds: Double?
  var gitCommit: String?
  var cpu: String?
  /// SHA-256 over episodes.csv and updates.csv, the same wherever the trial was trained.
  var recordsDigest: String
  /// What keeps the records from being read.
  var recordProblem: String?
  /// What is wrong with the folder.
  var folderProblem: String?
  /// Whether that is damage, and not a newer version.
  var isDamaged: Bool
  /// config.json as it stands.
  var configuration: String?

  /// The columns as SQLite declares them; SQLite needs no types, people who look in do.
  static let schema = """
    CREATE TABLE trials (
      id TEXT PRIMARY KEY NOT NULL, signature TEXT NOT NULL, state TEXT, episodes INTEGER,
      targetEpisodes INTEGER, decisions INTEGER, smoothedMean REAL, evaluated INTEGER,
      message TEXT, activity TEXT, pid INTEGER, startTicks TEXT, bootId TEXT, host TEXT, startedAt TEXT, updatedAt TEXT,
      score REAL, finalMean REAL, evaluationMean REAL, wallSeconds REAL, cpuSeconds REAL,
      gitCommit TEXT, cpu TEXT, recordsDigest TEXT NOT NULL, recordProblem TEXT,
      folderProblem TEXT, isDamaged BOOLEAN NOT NULL, configuration TEXT
    ) WITHOUT ROWID;
    CREATE TABLE facts (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
    """
}

extension IndexRow {
  /// Reads a trial's folder.
  ///
  /// - Parameter signature: taken before, so that a change while reading is noticed next time.
  init(reading folder: TrialFolder, signature: String, rule: Plan.Score?) {
    var status: TrialStatus?
    var problem: RunStoreError?
    do throws(RunStoreError) {
      try folder.verifyIdentity()
      status = try folder.readStatus()
      if folder.lacksConfiguration(status) {
        problem = RunStoreError(.damagedRecord, path: folder.configPath, found: "nothing")
      }
    } catch {
      problem = error
    }
    var measures = TrialMeasures(folder, status: status, rule: rule)
    if problem != nil { measures.score = nil }
    var digest = SHA256()
    for path in [folder.episodesPath, folder.updatesPath] {
      digest.update((try? Disk.readIfPresent(path)) ?? [])
    }
    self.init(
      id: folder.id, signature: signature, state: status?.state.rawValue,
      episodes: status?.episodes, targetEpisodes: status?.targetEpisodes,
      decisions: status?.decisions, smoothedMean: status?.smoothedMean,
      evaluated: status?.evaluated, message: status?.message, activity: status?.activity,
      pid: (status?.process.pid).map { Int($0) },
      startTicks: (status?.process.startTicks).map { String($0) },
      bootId: status?.process.bootId, host: status?.host, startedAt: status?.startedAt,
      updatedAt: status?.updatedAt, score: measures.score, finalMean: measures.finalMean,
      evaluationMean: measures.evaluationMean, wallSeconds: measures.wallSeconds,
      cpuSeconds: measures.cpuSeconds, gitCommit: measures.commit, cpu: measures.cpu,
      recordsDigest: digest.hexDigest, recordProblem: measures.problem,
      folderProblem: problem?.description,
      // The last row of a process that was killed may be half written: the next run cuts it off.
      isDamaged: problem?.isDamage ?? (measures.problem != nil && status?.state != .running),
      configuration: ((try? folder.readConfig()) ?? nil).map { String(decoding: $0, as: UTF8.self) }
    )
  }

  /// `status.json` as it was read.
  var status: TrialStatus? {
    guard let state = state.flatMap({ TrialStatus.State(rawValue: $0) }), let startedAt,
      let updatedAt
    else { return nil }
    return TrialStatus(
      state: state, episodes: episodes ?? 0, targetEpisodes: targetEpisodes ?? 0,
      decisions: decisions ?? 0, smoothedMean: smoothedMean, evaluated: evaluated ?? 0,
      message: message, activity: activity,
      process: ProcessIdentity(
        pid: pid.flatMap { Int32(exactly: $0) } ?? 0,
        startTicks: startTicks.flatMap { UInt64($0) } ?? 0, bootId: bootId ?? ""),
      host: host, startedAt: startedAt, updatedAt: updatedAt)
  }

  /// How the trial stands now.
  var trialState: TrialState { TrialState(status, isDamaged: isDamaged) }

  var measures: TrialMeasures {
    var measures = TrialMeasures()
    measures.score = score
    measures.finalMean = finalMean
    measures.evaluationMean = evaluationMean
    measures.wallSeconds = wallSeconds
    measures.cpuSeconds = cpuSeconds
    measures.commit = gitCommit
    measures.cpu = cpu
    measures.problem = recordProblem
    return measures
  }
}

// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import ExperimentSpec
import Glibc
import Kernels
import ParameterSchema
import RunStore

/// What a session leaves for others to read: status, progress, provenance, log.
extension TrialSession {
  func writeStatus(_ state: TrialStatus.State, message: String? = nil) throws {
    lastStatus = Clock.monotonic
    try folder.writeStatus(
      TrialStatus(
        state: state, episodes: training.progress.episodes, targetEpisodes: targetEpisodes,
        decisions: training.progress.decisions, runningMean: training.progress.runningMean,
        evaluated: evaluated, message: message, process: .current,
        host: MachineFacts.hostName, startedAt: startedAt,
        updatedAt: Timestamp.text(secondsSince1970: Clock.wall)))
  }

  /// At most five lines a second to whoever watches, and a heartbeat every two seconds.
  func showProgress(phase: String) throws {
    let now = Clock.monotonic
    if now - lastProgressLine >= 0.2 {
      lastProgressLine = now
      let rate = Double(sessionDecisions) / max(1e-3, now - trainingStart)
      let mean = training.progress.runningMean.map { csvText($0) } ?? "null"
      let line = """
        {"episodes":\(training.progress.episodes),"targetEpisodes":\(targetEpisodes),"decisions":\(training.progress.decisions),\
        "runningMean":\(mean),"rate":\(Int(rate)),"phase":"\(phase)","evaluated":\(evaluated)}

        """
      _ = line.withCString { write(1, $0, strlen($0)) }
    }
    if now - lastStatus >= 2 { try writeStatus(.running) }
  }

  func openSession() throws -> Provenance {
    var machine = MachineFacts.current
    machine.vectorExtension = kernels.width.rawValue
    var opened = session(endedAt: nil)
    opened.versions = .init(rallybook: Version.text, swift: Version.swift, format: 1)
    opened.git = GitState.around(".")
    opened.machine = machine
    opened.experimentHash = plan.experimentHash
    opened.binary = BinaryIdentity.current
    var provenance =
      try folder.readProvenance()
      ?? Provenance(
        versions: .init(rallybook: Version.text, swift: Version.swift, format: 1),
        experimentHash: plan.experimentHash, git: opened.git, machine: machine)
    let mode = Settings(configuration, section: "evaluation").string("mode")
    if let earlier = provenance.settings["evaluation.mode"], earlier != mode {
      try discardEvaluations()
    }
    provenance.settings["evaluation.mode"] = mode
    provenance.begin(opened)
    try folder.writeProvenance(provenance)
    return provenance
  }

  /// Removes what was played in another evaluation mode, before the new one is recorded.
  func discardEvaluations() throws {
    let files =
      [folder.evaluationsPath, folder.transfersPath] + (try folder.replays().map { $0.path })
    for file in files where Disk.isPresent(file) && unlink(file) != 0 {
      throw ArtifactError(.unwritable, path: file, detail: errnoText())
    }
  }

  func closeSession(_ provenance: inout Provenance) throws {
    var closed = session(endedAt: Timestamp.text(secondsSince1970: Clock.wall))
    if let opened = provenance.sessions.popLast() {
      closed.versions = opened.versions
      closed.git = opened.git
      closed.machine = opened.machine
      closed.experimentHash = opened.experimentHash
      closed.binary = opened.binary
    }
    provenance.sessions.append(closed)
    try folder.writeProvenance(provenance)
  }

  func session(endedAt: String?) -> Provenance.Session {
    let use = ResourceUse.current
    return Provenance.Session(
      startedAt: startedAt, endedAt: endedAt, wallSeconds: Clock.monotonic - startWall,
      cpuSeconds: use.cpuSeconds, peakMemoryBytes: use.peakMemoryBytes, fromEpisode: firstEpisode,
      toEpisode: training.progress.episodes)
  }

  /// A line in the trial's own log; a full disk must not hide the error that it tells of.
  func log(_ sentence: String) {
    let line = Timestamp.text(secondsSince1970: Clock.wall) + " " + sentence + "\n"
    let descriptor = open(folder.logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    _ = line.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
  }
}

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
  /// Tells the monitor how far the training is.
  func noteProgress() {
    let progress = training.progress
    let (target, evaluated) = (targetEpisodes, evaluated)
    monitor.note {
      ($0.status.episodes, $0.status.decisions) = (progress.episodes, progress.decisions)
      $0.status.smoothedMean = progress.smoothedMean
      ($0.status.targetEpisodes, $0.status.evaluated) = (target, evaluated)
    }
  }

  /// Tells the monitor that the next session goes on from here.
  func noteStored() {
    let stored = stored
    monitor.note { ($0.stored, $0.resumable) = (stored, nil) }
  }

  /// Gives the monitor what it takes to go on from here: at most once a second, since no more than
  /// that is lost with it.
  func noteResumable(_ record: TrialRecord) {
    let now = Clock.monotonic
    guard now - lastNote >= 1 else { return }
    let (stored, checkpoint) = (stored, encode(record))
    monitor.note { ($0.stored, $0.resumable) = (stored, checkpoint) }
    lastNote = Clock.monotonic
  }

  private var stored: TrialStanding.Progress {
    .init(
      episodes: training.progress.episodes, decisions: training.progress.decisions,
      smoothedMean: training.progress.smoothedMean)
  }

  func openSession() throws -> Provenance {
    var machine = MachineFacts.current
    machine.vectorExtension = kernels.width.rawValue
    var opened = facts.record(toEpisode: training.progress.episodes, isOver: false)
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

  /// Writes the end of the session into `provenance.json`.
  func closeSession() throws {
    guard var provenance = try folder.readProvenance() else { return }
    provenance.close(facts.record(toEpisode: training.progress.episodes, isOver: true))
    try folder.writeProvenance(provenance)
  }
}

// SPDX-License-Identifier: MIT

package import ExperimentSpec
package import RunStore

/// What a run has to do: the trials of the plan that are missing or unfinished.
package struct Batch: Sendable {
  /// One trial to bring to its end.
  package struct Job: Sendable, Hashable {
    package let trial: Plan.PlannedTrial
    /// The label of its variant.
    package let label: String
    package let folder: TrialFolder
    /// Episodes that are done already, by the trial itself or by the one that it continues.
    package let startEpisodes: Int
    /// Where those episodes are recorded.
    package let startFolder: TrialFolder
    /// Training episodes in the end, as far as is known before it begins.
    package let targetEpisodes: Int
    /// Evaluation episodes asked for.
    package let evaluationEpisodes: Int
    /// A living process that trains it just now, here or on another machine.
    package let holder: ProcessIdentity?
    /// The process that wrote its status so far.
    let earlier: ProcessIdentity?
  }

  package let run: RunFolder
  package let plan: Plan
  /// What it is called beside the run's name, such as a round of a search.
  package var title: String?
  /// The run's name with its title.
  var name: String { title.map { "\(run.name), \($0)" } ?? run.name }
  /// In the plan's order.
  package let jobs: [Job]
  /// Trials asked for: complete, to do, damaged, or failed earlier.
  package let total: Int
  package let alreadyComplete: Int
  /// Trials that failed earlier and are not tried again, in the plan's order.
  package let failedEarlier: [RunSnapshot.Trial]
  /// Finished trials whose records cannot be used, with why: nothing trains them again unasked.
  package let unusable: [(trial: RunSnapshot.Trial, problem: String)]
  /// Trials among the jobs whose environment could not be made earlier.
  package let triedAgain: Int
  /// Trials among the jobs with damaged files, with why: they go on from what is intact.
  package let damaged: [(trial: RunSnapshot.Trial, problem: String)]

  /// - Parameters:
  ///   - only: trials by id; nil for all of the plan.
  ///   - retriesFailed: whether trials that failed earlier are tried again.
  /// - Throws: a refusal when a folder's `config.json` does not match its name, when its records
  ///   are of a newer version, or when they cannot be read.
  package init(
    _ snapshot: RunSnapshot, only: Set<String>? = nil, retriesFailed: Bool = false
  ) throws(RunRefusal) {
    let asked = snapshot.trials.filter { only?.contains($0.planned.id) ?? true }
    let refusals = asked.compactMap(\.problem).filter { $0.code != .damagedRecord }
    guard refusals.isEmpty else { throw RunRefusal(errors: refusals) }
    unusable = asked.filter { $0.state == .finished && $0.problem == nil }.compactMap { trial in
      TrialMeasures(trial.folder, status: trial.status, rule: nil).problem.map { (trial, $0) }
    }
    let isUnusable = Set(unusable.map(\.trial.planned.id))
    let open = asked.filter { !$0.isComplete && !isUnusable.contains($0.planned.id) }
    // A search has taken what could not start for a failure.
    let final: [TrialState] = !snapshot.plan.hasRounds ? [.failed] : [.failed, .couldNotStart]
    failedEarlier = retriesFailed ? [] : open.filter { final.contains($0.state) }
    let chosen = open.filter { retriesFailed || !final.contains($0.state) }
    triedAgain = chosen.count { $0.state == .couldNotStart }
    damaged = chosen.compactMap { trial in trial.problem.map { (trial, $0.sentence) } }
    jobs = chosen.map { trial in
      let start = Self.start(of: trial, in: snapshot.folder)
      return Job(
        trial: trial.planned, label: trial.label, folder: trial.folder,
        startEpisodes: start.episodes, startFolder: start.folder,
        targetEpisodes: trial.targetEpisodes,
        evaluationEpisodes: trial.evaluationEpisodes,
        holder: trial.state == .running ? trial.status?.process : nil,
        earlier: trial.status?.process)
    }
    (run, plan) = (snapshot.folder, snapshot.plan)
    total = asked.count
    alreadyComplete = asked.count - open.count - unusable.count
  }

  /// From where a trial goes on: its own records, or what the one that it continues has beyond them.
  private static func start(
    of trial: RunSnapshot.Trial, in run: RunFolder
  ) -> (episodes: Int, folder: TrialFolder) {
    // From where a damaged one goes on, its process finds out.
    let own = trial.problem == nil ? trial.status?.episodes ?? 0 : 0
    if let source = trial.planned.extends.map(run.trial),
      let status = (try? source.readStatus()) ?? nil, status.episodes > own
    {
      return (status.episodes, source)
    }
    return (own, trial.folder)
  }
}

extension Plan {
  /// What the process of one trial needs of a plan, so that its start does not grow with the plan.
  func only(_ trial: PlannedTrial) -> Plan {
    var (plan, trial, variant) = (self, trial, variants[trial.variant])
    (trial.variant, variant.index, variant.levels) = (0, 0, [])
    (plan.seeds, plan.axes, plan.hypotheses) = ([trial.seed], [], [])
    (plan.variants, plan.trials) = ([variant], [trial])
    return plan
  }
}

/// Why a run may not start; nothing was started.
package struct RunRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package let errors: [RunStoreError]

  /// 4 for what must be refused, 1 when something could only not be read.
  package var exitStatus: Int32 { errors.map(\.exitStatus).max() ?? 4 }

  package var description: String { errors.map(\.description).joined(separator: "\n") }
}

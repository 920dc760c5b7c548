// SPDX-License-Identifier: MIT

import Diagnostics
import Environments
import ExperimentSpec
import ParameterSchema
import RunStore
import Trials

/// How long the trials that are left will take.
struct TimeEstimate {
  private let snapshot: RunSnapshot
  private let open: [RunSnapshot.Trial]
  private var earlier = EarlierCosts()
  private var measured: [CostClass: Cost] = [:]
  /// By the numbers of the variants that have trials left; empty while nobody has asked.
  private var classes: [Int: CostClass] = [:]

  /// - Parameter open: the trials that are left.
  init(_ snapshot: RunSnapshot, open: [RunSnapshot.Trial], runs: String) {
    self.snapshot = snapshot
    self.open = open
    guard !open.isEmpty else { return }
    earlier.add(snapshot)
    var found: [Int: CostClass] = [:]
    let make = classesOfOpenVariants
    earlier.add(runs: runs, first: snapshot.plan.name) {
      found = make()
      return Set(found.values)
    }
    classes = found
  }

  /// Trains each class of cost that is left for a moment.
  ///
  /// - Parameter each: told before each class: its number from 1, how many there are, a label.
  mutating func measure(
    seconds: Double, each: (Int, Int, String) -> Void
  ) throws(EnvironmentError) {
    let classes = classesOfOpenVariants()
    var first: [(class: CostClass, variant: Plan.Variant)] = []
    var seen: Set<CostClass> = []
    for variant in snapshot.plan.variants {
      guard let costClass = classes[variant.index], seen.insert(costClass).inserted else {
        continue
      }
      first.append((costClass, variant))
    }
    for (number, (costClass, variant)) in first.enumerated() {
      each(number + 1, first.count, variant.label)
      let speed = try TrainingSpeed.measured(
        variant.configuration, rootSeed: snapshot.plan.rootSeed, seconds: seconds)
      measured[costClass] = Cost(
        seconds: speed.seconds, episodes: speed.episodes, decisions: speed.decisions)
    }
  }

  /// In words, without "time:".
  func sentence(cores: Int) -> String {
    if open.isEmpty { return "nothing is left to do" }
    let known = Array(earlier.costs.values) + Array(measured.values)
    let classes =
      known.isEmpty ? [:] : classes.isEmpty ? classesOfOpenVariants() : classes
    guard classes.values.contains(where: { cost(of: $0) != nil }) else {
      return "unknown until a first trial has run; --measure tries each kind for two seconds"
    }
    let mean = known.reduce(Cost(), +)
    var (total, longest, guesses) = (0.0, 0.0, Set<CostClass>())
    for trial in open {
      guard let costClass = classes[trial.planned.variant] else { continue }
      let cost = cost(of: costClass)
      if cost == nil { guesses.insert(costClass) }
      let seconds = seconds(trial, cost ?? mean)
      total += seconds
      longest = max(longest, seconds)
    }
    let wall = max(total / Double(cores), longest)
    let source =
      measured.isEmpty
      ? "estimated from \(Numbers.count(earlier.trials, "earlier trial"))"
      : "estimated from two seconds of each kind of trial; games get longer as they are learned"
    let doubt =
      guesses.isEmpty
      ? ""
      : "; \(Numbers.count(guesses.count, "kind of trial", "kinds of trial")) never ran, --measure tries each"
    return "about \(Durations.text(wall)) on \(Numbers.count(cores, "core")), \(source)\(doubt)"
  }

  private func classesOfOpenVariants() -> [Int: CostClass] {
    let variants = Set(open.map(\.planned.variant))
    return Dictionary(
      variants.map { ($0, CostClass(snapshot.plan.variants[$0].configuration)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The speed is what was measured just now, the length of an episode that of whole trainings.
  private func cost(of costClass: CostClass) -> Cost? {
    guard let now = measured[costClass] else { return earlier.costs[costClass] }
    guard let whole = earlier.costs[costClass], let pace = now.secondsPerDecision else {
      return now
    }
    return Cost(
      seconds: pace * Double(whole.decisions), episodes: whole.episodes, decisions: whole.decisions)
  }

  private func seconds(_ trial: RunSnapshot.Trial, _ cost: Cost) -> Double {
    let configuration = snapshot.plan.configuration(of: trial.planned)
    let source = trial.planned.extends.flatMap {
      (try? snapshot.folder.trial($0).readStatus()) ?? nil
    }
    let evaluations = Double(max(0, trial.evaluationEpisodes - (trial.status?.evaluated ?? 0)))
    let perEpisode = cost.secondsPerEpisode ?? 0
    let isTrained = trial.status?.knownTarget.map { (trial.status?.episodes ?? 0) >= $0 } ?? false
    if case .number(let wanted)? = configuration[path: "training.decisions"], !isTrained {
      let done = max(trial.status?.decisions ?? 0, source?.decisions ?? 0)
      return max(0, wanted - Double(done)) * (cost.secondsPerDecision ?? 0) + evaluations
        * perEpisode
    }
    let done = max(trial.status?.episodes ?? 0, source?.episodes ?? 0)
    return (Double(max(0, trial.targetEpisodes - done)) + evaluations) * perEpisode
  }
}

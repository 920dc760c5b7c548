// SPDX-License-Identifier: MIT

import Algorithms
import Diagnostics
package import Environments
import ExperimentSpec
import GymnasiumBridge
import Kernels
package import ParameterSchema
import Policies
import Randomness

/// The choices of `environment.id`, in the order in which an id chooses.
package let environments: [EnvironmentKind] = embeddedEnvironments + gymnasiumEnvironments

/// `count` environments that a validated configuration asks for, seen as it asks. Those of Gymnasium
/// share one Python worker; let all of them go, and it ends.
///
/// - Parameters:
///   - rootSeed: the experiment's; a permutation of pixels follows from it.
///   - logPath: file to which is appended what Python prints; nil is standard error.
package func makeEnvironments(
  _ configuration: ConfigValue, rootSeed: UInt64, count: Int, logPath: String?
) throws(EnvironmentError) -> [any Environment] {
  let kind = environments.chosen(by: "environment.id", in: configuration)
  return try seen(kind.make(configuration, count, logPath), configuration, rootSeed)
}

/// Whether what a configuration plays, or starts from, may be refused once it is seen.
package func needsProbe(_ configuration: ConfigValue) -> Bool {
  isRemote(configuration) || configuration[path: "training.startFrom"] ?? .null != .null
}

/// Makes two environments of Gymnasium's and plays a few decisions. What is refused then is refused
/// for every seed; so is what two workers, with seeds of their own, cannot begin to play, and a
/// policy to start from that does not fit.
///
/// - Returns: what a person should know of how the environment is seen.
package func probeEnvironment(
  _ configuration: ConfigValue, rootSeed: UInt64
) throws(EnvironmentError) -> [String] {
  guard isRemote(configuration) else {
    try probeStart(
      configuration, rootSeed,
      makeEnvironments(configuration, rootSeed: rootSeed, count: 1, logPath: nil))
    return []
  }
  do throws(EnvironmentError) {
    return try probe(configuration, rootSeed, seed: 1)
  } catch {
    guard error.kind == .earlyFault else { throw error }
  }
  do throws(EnvironmentError) {
    return try probe(configuration, rootSeed, seed: 3)
  } catch {
    guard error.kind == .earlyFault else { throw error }
    throw EnvironmentError(
      environment: error.environment, description: error.description, kind: .refusal)
  }
}

private func probe(
  _ configuration: ConfigValue, _ rootSeed: UInt64, seed: UInt64
) throws(EnvironmentError) -> [String] {
  // What takes longer is left to the trials, which tell how they stand.
  let remote = try GymnasiumEnvironment.start(
    configuration, count: 2, logPath: "/dev/null", limits: .init(start: 30, reset: 5, step: 5))
  try probeStart(configuration, rootSeed, seen(remote, configuration, rootSeed))
  if try GymnasiumEnvironment.repeats(remote[0], remote[1], seed: seed) { return remote[0].notes }
  return remote[0].notes + [
    """
    \(remote[0].id): the same seed gives another game each time; no training can be repeated, and \
    verify can confirm none
    """
  ]
}

private func probeStart(
  _ configuration: ConfigValue, _ rootSeed: UInt64, _ environments: [any Environment]
) throws(EnvironmentError) {
  guard let policy = try StartingPolicy(configuration) else { return }
  let training = Training(
    configuration: configuration, streams: RandomStreams(root: rootSeed, seed: 0),
    environments: environments, isBlank: true)
  try policy.begin(training, configuration)
}

/// The environments in which a trial trains: several where they wait for a worker, that their
/// waiting be shared, otherwise one for each thread. What is learned does not depend on how many there are.
func makeTrainingEnvironments(
  _ configuration: ConfigValue, rootSeed: UInt64, logPath: String?, threads: Int = 1
) throws(EnvironmentError) -> [any Environment] {
  var count = isRemote(configuration) ? 4 : max(1, threads)
  if case .number(let episodes)? = configuration[path: "algorithm.episodesPerUpdate"] {
    count = min(count, Int(episodes))
  }
  return try makeEnvironments(
    configuration, rootSeed: rootSeed, count: count, logPath: logPath)
}

/// A configuration with the environment that judges what it learns: its own, but for self-play.
package func evaluationConfiguration(_ configuration: ConfigValue) -> ConfigValue {
  environments.chosen(by: "environment.id", in: configuration).evaluated(configuration)
}

/// Whether a configuration's environment is played by a worker.
package func isRemote(_ configuration: ConfigValue) -> Bool {
  environments.chosen(by: "environment.id", in: configuration).isRemote
}

/// The configuration with another environment, which keeps its own defaults; the actions offered
/// stay.
package func configuration(_ old: ConfigValue, playing id: String) -> ConfigValue {
  guard old[path: "environment.id"] != .string(id),
    let kind = environments.first(named: .string(id))
  else { return old }
  let values = kind.component.parameters.map { ($0.name, $0.defaultValue) }
  var new = old
  new[path: "environment"] = .object(Dictionary(uniqueKeysWithValues: values))
  new[path: "environment.id"] = .string(id)
  new[path: "environment.actions"] = old[path: "environment.actions"] ?? .null
  return new
}

extension Catalogue {
  /// What keeps a configuration that was read from a file from being trained, with its place in it;
  /// nil where nothing does.
  func problem(ofStored configuration: ConfigValue) -> String? {
    func isObject(_ value: ConfigValue) -> Bool { if case .object = value { true } else { false } }
    let parts = sections.map { ($0.name, configuration[path: $0.name] ?? [:]) }
    for (name, value) in [("the configuration", configuration)] + parts where !isObject(value) {
      return "\(name) is \(canonicalJSON(value).prefix(80)); allowed: an object"
    }
    if let problem = misfit(completing(configuration)) { return problem }
    // Every stored configuration names its length; a default would not be what was asked for.
    let lengths = ["episodes", "decisions"].map { configuration[path: "training.\($0)"] ?? .null }
    return lengths == [.null, .null] ? "training has neither episodes nor decisions" : nil
  }
}

/// The environments as a configuration sees them, if its policy can look at that: a picture's size
/// may be the game's own.
private func seen(
  _ played: [any Environment], _ configuration: ConfigValue, _ rootSeed: UInt64
) throws(EnvironmentError) -> [any Environment] {
  let observation = Settings(configuration, section: "observation")
  let id = Settings(configuration, section: "environment").string("id")
  var seen = played
  if observation.string("kind") == ObservationKind.glimpse.component.id {
    if let misfit = played.first.flatMap({ glimpseMisfit(observation, $0) }) {
      throw .refusal(id, misfit)
    }
    seen = seen.map { GlimpseEnvironment($0, observation) }
  }
  if observation.boolean("permutePixels") {
    seen = seen.map { PermutedEnvironment($0, root: rootSeed) }
  }
  guard let first = seen.first else { return seen }
  let misfit =
    policyMisfit(configuration, form: first.form).map { "policy.\($0.parameter): \($0.sentence)" }
    ?? rewardMisfit(configuration, first.actions)
  guard let misfit else { return seen }
  throw .refusal(id, misfit)
}

/// What keeps an environment from being seen by glimpses; nil where nothing does.
private func glimpseMisfit(_ observation: Settings, _ environment: any Environment) -> String? {
  if observation.string("gaze") == GlimpseEnvironment.Gaze.learned.rawValue,
    environment.actions.withMoves == nil
  {
    return """
      observation.gaze is "learned", and a gaze is chosen together with other choices; here actions \
      are \(environment.actions); allowed: "fixed", "random"
      """
  }
  let (form, most) = (environment.form, GlimpseEnvironment.mostEntries)
  let count = form.count + form.height + form.width - 2 * observation.integer("size") + 2
  return count <= most
    ? nil
    : """
    its observation has \(Numbers.whole(count)) entries with the window's place; allowed: at most \
    \(Numbers.whole(most)); observation.crop, height and width keep fewer
    """
}

/// What of a section `reward` has no meaning for actions that are no numbered ones; nil where all has.
private func rewardMisfit(_ configuration: ConfigValue, _ actions: ActionSpace) -> String? {
  guard actions.names.isEmpty else { return nil }
  let settings: [(key: String, off: ConfigValue)] = [("movementPenalty", 0), ("randomized", .null)]
  return settings.first { setting in
    configuration[path: "reward.\(setting.key)"].map { $0 != setting.off } ?? false
  }.map {
    """
    reward.\($0.key) goes by the action's name, and here actions are \(actions); allowed: \
    \(canonicalJSON($0.off))
    """
  }
}

// SPDX-License-Identifier: MIT

package import Environments
import GymnasiumBridge
import Kernels
package import ParameterSchema
import Policies
import Randomness

/// The environment that a validated configuration asks for, seen as it asks; an embedded one.
///
/// - Parameter rootSeed: the experiment's; a permutation of pixels follows from it.
package func makeEnvironment(_ configuration: ConfigValue, rootSeed: UInt64) -> any Environment {
  let environment: any Environment =
    configuration[path: "environment.id"] == .string(CartPole.component.id)
    ? CartPole() : PongEnvironment.seen(configuration)
  return seen(environment, configuration, rootSeed)
}

/// `count` environments that a validated configuration asks for, seen as it asks. Those of Gymnasium
/// share one Python worker; let all of them go, and it ends.
///
/// - Parameters:
///   - rootSeed: the experiment's; a permutation of pixels follows from it.
///   - logPath: file to which is appended what Python prints; nil is standard error.
package func makeEnvironments(
  _ configuration: ConfigValue, rootSeed: UInt64, count: Int, logPath: String?
) throws(EnvironmentError) -> [any Environment] {
  guard case .string(let id)? = configuration[path: "environment.id"],
    id.hasPrefix(GymnasiumDescription.prefix)
  else {
    return try fitting(
      configuration,
      (0..<count).map { _ in makeEnvironment(configuration, rootSeed: rootSeed) })
  }
  let remote = try GymnasiumEnvironment.start(configuration, count: count, logPath: logPath)
  return try fitting(configuration, remote.map { seen($0, configuration, rootSeed) })
}

/// The environments, if the policy can look at them: a picture's size may be the game's own.
private func fitting(
  _ configuration: ConfigValue, _ environments: [any Environment]
) throws(EnvironmentError) -> [any Environment] {
  guard let form = environments.first?.form,
    let sentence = misfit(configuration, form),
    case .string(let id)? = configuration[path: "environment.id"]
  else { return environments }
  throw EnvironmentError(
    environment: id, description: "\(id): \(sentence)", kind: .refusal)
}

/// What a policy cannot do with what it sees.
private func misfit(_ configuration: ConfigValue, _ form: ObservationForm) -> String? {
  if let misfit = ConvolutionalNetwork.misfit(configuration, form: form) {
    return "policy.\(misfit.parameter): \(misfit.sentence)"
  }
  // A convolution counts the entries of what it sees by two bytes.
  guard configuration[path: "policy.kind"] == "conv", form.count > ConvolutionShape.limit else {
    return nil
  }
  return """
    policy.kind: "conv" looks at up to \(ConvolutionShape.limit) entries; what is observed has \
    \(form.channels) × \(form.height) × \(form.width); observation.height and width keep fewer
    """
}

/// Makes one environment of Gymnasium's and plays a decision. What is refused then is refused
/// for every seed.
///
/// - Returns: what a person should know of how the environment is seen.
package func probeEnvironment(
  _ configuration: ConfigValue, rootSeed: UInt64
) throws(EnvironmentError) -> [String] {
  // What takes longer is left to the trials, which tell how they stand.
  let remote = try GymnasiumEnvironment.start(
    configuration, count: 1, logPath: "/dev/null", limits: .init(start: 30, reset: 5, step: 5))
  let environment = try fitting(
    configuration, remote.map { seen($0, configuration, rootSeed) })[0]
  try environment.reset(draws: Xoshiro256(seed: rootSeed))
  _ = try environment.step(0)
  return (environment.innermost as? GymnasiumEnvironment)?.notes ?? []
}

/// The environments in which a trial trains: several where they wait for a worker, that their
/// waiting be shared. What is learned does not depend on how many there are.
func makeTrainingEnvironments(
  _ configuration: ConfigValue, rootSeed: UInt64, logPath: String?
) throws(EnvironmentError) -> [any Environment] {
  let isRemote = isRemote(configuration)
  var count = isRemote ? 4 : 1
  if case .number(let episodes)? = configuration[path: "algorithm.episodesPerUpdate"] {
    count = min(count, Int(episodes))
  }
  return try makeEnvironments(
    configuration, rootSeed: rootSeed, count: count, logPath: logPath)
}

/// Whether a configuration's environment is played by a worker.
package func isRemote(_ configuration: ConfigValue) -> Bool {
  guard case .string(let id)? = configuration[path: "environment.id"] else { return false }
  return id.hasPrefix(GymnasiumDescription.prefix)
}

/// The configuration with another environment, which keeps its own frame skip, stickiness and
/// limit; the actions offered stay.
package func configuration(_ old: ConfigValue, playing id: String) -> ConfigValue {
  guard case .object(var sections) = old,
    case .object(let environment)? = sections["environment"]
  else { return old }
  if environment["id"] == .string(id) { return old }
  let isGymnasium = id.hasPrefix(GymnasiumDescription.prefix)
  sections["environment"] = [
    "id": .string(id), "actions": environment["actions"] ?? .null,
    "frameSkip": isGymnasium ? .null : ["min": 2, "max": 4],
    "stickyActions": isGymnasium ? .null : 0.25,
    "maxFrames": isGymnasium ? .null : 108_000, "kwargs": [:],
  ]
  return .object(sections)
}

private func seen(
  _ environment: any Environment, _ configuration: ConfigValue, _ rootSeed: UInt64
) -> any Environment {
  guard Settings(configuration, section: "observation").boolean("permutePixels") else {
    return environment
  }
  return permuted(
    environment, by: EntryPermutation(count: environment.form.count, root: rootSeed))
}

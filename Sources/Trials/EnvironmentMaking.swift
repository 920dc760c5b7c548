// SPDX-License-Identifier: MIT

package import Environments
import GymnasiumBridge
import Kernels
package import ParameterSchema

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
  else { return (0..<count).map { _ in makeEnvironment(configuration, rootSeed: rootSeed) } }
  let remote = try GymnasiumEnvironment.start(configuration, count: count, logPath: logPath)
  return remote.map { seen($0, configuration, rootSeed) }
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

// SPDX-License-Identifier: MIT

package import Environments
import Kernels
package import ParameterSchema

/// The environment that a validated configuration asks for, seen as it asks.
///
/// - Parameter rootSeed: the experiment's; a permutation of pixels follows from it.
package func makeEnvironment(_ configuration: ConfigValue, rootSeed: UInt64) -> any Environment {
  let environment: any Environment =
    configuration[path: "environment.id"] == .string(CartPole.component.id)
    ? CartPole() : PongEnvironment.seen(configuration)
  guard Settings(configuration, section: "observation").boolean("permutePixels") else {
    return environment
  }
  return permuted(
    environment, by: EntryPermutation(count: environment.form.count, root: rootSeed))
}

// SPDX-License-Identifier: MIT

import Commands
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("A stored identity is enough to train again")
struct StoredConfigurationTests {
  @Test("For every variant of every shipped experiment the identity gives the same identity again")
  func roundTrip() throws {
    let folder = CatalogueTests.root.appendingPathComponent("experiments")
    var count = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".json") && !file.hasSuffix(".schema.json") {
      let plan = try #require(
        loadExperiment(path: folder.appendingPathComponent(file).path, catalogue: .standard).plan)
      for variant in plan.variants {
        let identity = trialIdentity(
          configuration: variant.configuration, seed: 3, rootSeed: 5, catalogue: .standard)
        let value = try #require(ConfigValue(json: identity.json))
        let stored = try #require(storedConfiguration(value, catalogue: .standard))
        #expect(stored.seed == 3 && stored.rootSeed == 5)
        let again = trialIdentity(
          configuration: stored.configuration, seed: 3, rootSeed: 5, catalogue: .standard)
        #expect(again == identity)
        count += 1
      }
    }
    #expect(count > 4)
  }
}

// SPDX-License-Identifier: MIT

import Commands
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Arguments and channels of a Gymnasium environment in an experiment")
struct GymnasiumChoiceTests {
  private func load(_ environment: String, _ more: String = "") throws -> LoadedExperiment {
    let path = NSTemporaryDirectory() + "gym-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try """
    {"base": {"preset": "tuned", "environment": \(environment),
      "policy": {"kind": "mlp", "hidden": [8]},
      "training": {"episodes": 40, "checkpointEvery": 20}, "evaluation": {"episodes": 5}}\(more)}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard)
  }

  private func plan(_ environment: String, _ more: String = "") throws -> Plan {
    let loaded = try load(environment, more)
    return try #require(loaded.plan, "\(loaded.renderedFindings(usesColor: false))")
  }

  @Test("Trials without them keep the names that version 0.1 gave them")
  func names() throws {
    let lake = #"{"id": "gymnasium:FrozenLake-v1""#
    #expect(try plan(lake + "}").trials[0].id == "dbdfbc13abe1")
    #expect(try plan(lake + #", "kwargs": {}}"#).trials[0].id == "dbdfbc13abe1")
    #expect(try plan(lake + #", "kwargs": {"is_slippery": false}}"#).trials[0].id != "dbdfbc13abe1")
  }

  @Test("Arguments are swept as a whole, told apart by what they hold")
  func sweep() throws {
    let plan = try plan(
      #"{"id": "gymnasium:FrozenLake-v1"}"#,
      #"""
      , "sweep": {"grid": {"environment.kwargs": [{"map_name": "4x4"}, {"map_name": "8x8"}]}}
      """#)
    #expect(Set(plan.trials.map(\.id)).count == 2)
    #expect(
      plan.variants.map(\.label) == [#"kwargs {"map_name":"4x4"}"#, #"kwargs {"map_name":"8x8"}"#])
    #expect(plan.variants[1].configuration[path: "environment.kwargs.map_name"] == "8x8")
  }

  @Test("A stored trial of any id is completed by the parameters of its own kind")
  func stored() throws {
    let configuration = try plan(#"{"id": "gymnasium:mine:Game-v0"}"#).variants[0].configuration
    let identity = trialIdentity(
      configuration: configuration, seed: 0, rootSeed: 0, catalogue: .standard)
    let value = try #require(ConfigValue(json: identity.json))
    #expect(value[path: "environment.kwargs"] == nil)
    let stored = try #require(storedConfiguration(value, catalogue: .standard))
    #expect(stored.configuration[path: "environment.kwargs"] == [:])
    #expect(stored.configuration[path: "environment.frameSkip"] == ConfigValue.null)
  }

  @Test("Only a Gymnasium environment has arguments, and they are an object")
  func refused() throws {
    for (environment, says) in [
      (#"{"id": "pong", "kwargs": {"a": 1}}"#, "kwargs"),
      (#"{"id": "gymnasium:X-v0", "kwargs": [1]}"#, "allowed: an object"),
      (#"{"id": "gymnasium:X-v0", "kwargs": null}"#, "allowed: an object"),
    ] {
      let loaded = try load(environment)
      let text = loaded.renderedFindings(usesColor: false)
      let dropped = loaded.plan?.variants[0].dropped.joined() ?? ""
      #expect((text + dropped).contains(says), "\(text)\(dropped)")
    }
  }

  @Test("The embedded Pong is seen by its red channel, CartPole by none")
  func embedded() throws {
    for (id, channels, isAllowed) in [
      ("pong", "null", true), ("pong", #""red""#, true), ("pong", #""grey""#, false),
      ("cartpole", #""all""#, false), ("gymnasium:ALE/Pong-v5", #""all""#, true),
    ] {
      let loaded = try load(#"{"id": "\#(id)"}, "observation": {"channels": \#(channels)}"#)
      #expect((loaded.plan != nil) == isAllowed, "\(id) \(channels)")
    }
  }
}

// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import Digest
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Arguments and channels of a Gymnasium environment in an experiment")
struct GymnasiumChoiceTests {
  private func load(
    _ environment: String, _ more: String = "", set overrides: [String] = [],
    files: [String: String] = [:], in name: String = UUID().uuidString
  ) throws -> LoadedExperiment {
    let folder = NSTemporaryDirectory() + "gym-\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let path = folder + "/choice.json"
    try """
    {"base": {"preset": "tuned", "environment": \(environment),
      "policy": {"kind": "mlp", "hidden": [8]},
      "training": {"episodes": 40, "checkpointEvery": 20}, "evaluation": {"episodes": 5}}\(more)}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard, overrides: overrides)
  }

  private func plan(
    _ environment: String, _ more: String = "", set overrides: [String] = [],
    files: [String: String] = [:], in name: String = UUID().uuidString
  ) throws -> Plan {
    let loaded = try load(environment, more, set: overrides, files: files, in: name)
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

  @Test("One argument is swept by its path, the others stay")
  func inside() throws {
    let lake = #"{"id": "gymnasium:FrozenLake-v1", "kwargs": {"is_slippery": false}}"#
    let grid = #", "sweep": {"grid": {"environment.kwargs.map_name": ["4x4", "8x8"]}}"#
    let byPath = try plan(lake, grid)
    #expect(byPath.variants.map(\.label) == ["map_name 4x4", "map_name 8x8"])
    #expect(byPath.arithmetic.hasPrefix("2 map_names = 2 variants"))
    #expect(
      byPath.variants[1].configuration[path: "environment.kwargs"]
        == ["is_slippery": false, "map_name": "8x8"])
    // It is the trial that the whole object names.
    let whole = try plan(
      #"{"id": "gymnasium:FrozenLake-v1", "kwargs": {"is_slippery": false, "map_name": "4x4"}}"#)
    #expect(byPath.trials[0].id == whole.trials[0].id)
    // What --set says of one argument holds whatever the sweep says of others.
    let set = try plan(lake, grid, set: ["environment.kwargs.is_slippery=true"])
    #expect(
      set.variants.map { $0.configuration[path: "environment.kwargs"] } == [
        ["is_slippery": true, "map_name": "4x4"], ["is_slippery": true, "map_name": "8x8"],
      ])
    let deep = try plan(
      lake,
      #"""
      , "sweep": {"product": [
          {"random": {"trials": 3, "seed": 1, "set": {"environment.kwargs.wind.power": {"min": 5, "max": 7}}}},
          {"grid": {"environment.wrappers": [[], ["TimeAwareObservation"]]}}],
        "exclude": [{"environment.wrappers": [], "environment.kwargs.is_slippery": true}]}
      """#)
    #expect(deep.variants.count == 6)
    for variant in deep.variants {
      guard case .number(let power)? = variant.configuration[path: "environment.kwargs.wind.power"]
      else { throw CocoaError(.coderValueNotFound) }
      #expect((5...7).contains(power))
    }
  }

  @Test("An argument and the whole of them are not swept by two parts of a product")
  func overlapping() throws {
    for (first, second) in [
      (#""environment.kwargs": [{"a": 1}, {}]"#, #""environment.kwargs.a": [2, 3]"#),
      (#""environment.kwargs.a.b": [2, 3]"#, #""environment.kwargs.a": [{"b": 1}, {}]"#),
    ] {
      let loaded = try load(
        #"{"id": "gymnasium:FrozenLake-v1"}"#,
        #", "sweep": {"product": [{"grid": {\#(first)}}, {"grid": {\#(second)}}]}"#)
      #expect(loaded.plan == nil && loaded.findings.map(\.code) == ["set-twice"])
    }
  }

  @Test("What wrappers, weights and calls may be, and that one without arguments is its name")
  func making() throws {
    let id = #""id": "gymnasium:X-v0""#
    let made = try plan(
      #"""
      {\#(id), "wrappers": ["A", {"name": "m:B"}, {"name": "C", "kwargs": {"n": 4}}],
       "rewardWeights": [1, -0.5], "register": ["m:f"]}
      """#)
    #expect(
      made.variants[0].configuration[path: "environment.wrappers"]
        == ["A", "m:B", ["name": "C", "kwargs": ["n": 4]]])
    for (more, says) in [
      (#""wrappers": [{"nmae": "A"}]"#, #"a name or {"name": NAME, "kwargs": { … }}"#),
      (#""wrappers": ["A b"]"#, "a name or"),
      (#""wrappers": "A""#, "a list of 0 to 16, each a name"),
      (#""wrappers": [{"name": "A", "kwargs": [1]}]"#, "a name or"),
      (#""rewardWeights": []"#, "null or a list of 1 to 256"),
    ] {
      let text = try load("{\(id), \(more)}").renderedFindings()
      #expect(text.contains(says), "\(text)")
    }
  }

  @Test("What a module beside the experiment holds is part of its trials' names")
  func module() throws {
    let folder = UUID().uuidString
    func hashed(_ text: String) throws -> (id: String, module: String) {
      let plan = try plan(
        #"{"id": "gymnasium:own:Game-v0", "module": "own.py"}"#, files: ["own.py": text], in: folder
      )
      guard case .string(let module)? = plan.variants[0].configuration[path: "environment.module"]
      else { throw CocoaError(.coderValueNotFound) }
      return (plan.trials[0].id, module)
    }
    let (first, second) = (try hashed("a = 1\n"), try hashed("a = 2\n"))
    #expect(first.id != second.id)
    #expect(try hashed("a = 1\n") == first)
    #expect(first.module.hasSuffix("/own.py@" + SHA256.hex(Array("a = 1\n".utf8))))
    let zeros = String(repeating: "0", count: 64)
    for (module, code) in [
      ("absent.py", "missing-file"), ("own.txt", "wrong-kind"),
      ("own.py@\(zeros)", "changed-file"),
    ] {
      let loaded = try load(
        #"{"id": "gymnasium:own:Game-v0", "module": "\#(module)"}"#, files: ["own.py": "a = 1\n"])
      #expect(loaded.findings.map(\.code) == [code], "\(loaded.renderedFindings())")
    }
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
    for id in ["pong", "cartpole", "gymnasium:MiniGrid-Empty-5x5-v0"] {
      let loaded = try load(#"{"id": "\#(id)"}, "observation": {"key": "image"}"#)
      #expect((loaded.plan != nil) == id.hasPrefix("gymnasium:"), "\(id)")
    }
  }
}

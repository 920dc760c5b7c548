// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Foundation
import Kernels
import ParameterSchema
import Policies
import Randomness
import TestSupport
import Testing
import Trials

@Suite("Policies for other programs")
struct PolicyFileTests {
  /// The defaults of a small policy on Pong, with what a test says.
  private static func configuration(
    hidden: [Double] = [20, 7], isConvolutional: Bool = false, permutes: Bool = false,
    actions: [String] = ["RIGHT", "LEFT"]
  ) -> ConfigValue {
    func defaults(_ component: Component, _ selector: String? = nil) -> [String: ConfigValue] {
      var values = Dictionary(
        uniqueKeysWithValues: component.parameters.map { ($0.name, $0.defaultValue) })
      if let selector { values[selector] = .string(component.id) }
      return values
    }
    var environment = defaults(EnvironmentKind.pong.component, "id")
    environment["actions"] = .array(actions.map { .string($0) })
    var observation = defaults(observations.components[0], "kind")
    observation["permutePixels"] = .bool(permutes)
    var policy = defaults(
      (isConvolutional ? PolicyKind.conv : .mlp).component, "kind")
    policy["hidden"] = .array(hidden.map { .number($0) })
    if isConvolutional {
      policy["filters"] = [16, 32]
      policy["kernels"] = [8, 4]
      policy["strides"] = [4, 2]
    }
    policy["bias"] = true
    return [
      "environment": .object(environment), "observation": .object(observation),
      "policy": .object(policy), "returns": .object(defaults(AdvantageRule.component)),
      "reward": .object(defaults(RewardRule.component)),
      "algorithm": .object(defaults(AlgorithmKind.reinforce.component, "kind")),
      "optimizer": .object(defaults(OptimizerKind.adam.component, "kind")),
      "training": .object(defaults(Training.component)),
    ]
  }

  private static func training(_ configuration: ConfigValue) throws -> Training {
    Training(
      configuration: configuration, streams: RandomStreams(root: 3, seed: 1),
      environments: try makeEnvironments(configuration, rootSeed: 3, count: 1, logPath: nil))
  }

  private static func exported(
    _ training: Training, _ configuration: ConfigValue
  ) throws -> Checkpoint {
    let checkpoint = TrainingCheckpoint.encode(
      training, trial: "1a2b3c4d5e6f", configuration: configuration,
      lengths: (0, 0))
    return try PolicyFile.policy(of: checkpoint, path: "memory")
  }

  /// Observations of a game, dense, and the logits that the policy gave.
  private static func game(_ training: Training, decisions: Int) throws -> (
    rows: [[Float]], logits: [[Float]]
  ) {
    let batch = DecisionBatch(for: training.player.model)
    _ = try training.player.playEpisode(
      training.environment, into: batch, environmentDraws: Xoshiro256(seed: 1),
      policyDraws: Xoshiro256(seed: 2))
    let outputs = batch.logitCount
    let chosen = (0..<decisions).map { $0 * batch.count / decisions }
    return (
      chosen.map { batch.observations.dense($0) },
      chosen.map { Array(batch.logits[$0 * outputs..<($0 + 1) * outputs]) }
    )
  }

  @Test(
    "It reads back as the same network",
    arguments: [["RIGHT", "LEFT"], ["NOOP", "RIGHT", "LEFT"]], [false, true])
  func readsBack(actions: [String], isConvolutional: Bool) throws {
    let configuration = Self.configuration(
      hidden: isConvolutional ? [7] : [20, 7], isConvolutional: isConvolutional, actions: actions)
    let training = try Self.training(configuration)
    let file = try Self.exported(training, configuration)
    let outputs = actions.count == 2 ? 1 : 3
    if isConvolutional {
      #expect(
        file.tensors.map { "\($0.name) \($0.shape)" } == [
          "w1 [16, 1, 8, 8]", "b1 [16]", "w2 [32, 16, 4, 4]", "b2 [32]", "w3 [7, 2048]", "b3 [7]",
          "w4 [\(outputs), 7]", "b4 [\(outputs)]",
        ])
    } else {
      #expect(file.tensors.map(\.name) == ["w1", "b1", "w2", "b2", "w3", "b3"])
    }
    let bytes = file.encoded()
    let read = try PolicyFile.contents(
      of: Checkpoint(safetensors: bytes, path: "memory"), path: "memory")
    #expect(read.actions.names == actions && read.episode == 0)
    #expect(read.configuration[path: "observation"] == configuration[path: "observation"])
    #expect(read.configuration[path: "environment"] == configuration[path: "environment"])
    let (rows, logits) = try Self.game(training, decisions: 50)
    let batch = ObservationBatch(form: read.model.form)
    for (t, row) in rows.enumerated() {
      batch.signs.append { writer in
        for (i, x) in row.enumerated() where x == 1 { writer.put(i) }
        writer.beginMinus()
        for (i, x) in row.enumerated() where x == -1 { writer.put(i) }
      }
      let out = read.model.forward(batch, t)
      for o in logits[t].indices {
        #expect(abs(out[o] - logits[t][o]) < 1e-5 * max(1, abs(logits[t][o])))
      }
    }
    #expect(rows.contains { $0.contains { $0 != 0 } })
  }

  @Test("Convolutions over permuted pixels are not for other programs")
  func permutedConvolutions() throws {
    let configuration = Self.configuration(isConvolutional: true, permutes: true)
    let error = #expect(throws: ArtifactError.self) {
      try Self.exported(try Self.training(configuration), configuration)
    }
    #expect(error?.description.contains("its convolutions look at permuted pixels") == true)
  }

  @Test("Permuted pixels are exported in their own order")
  func permuted() throws {
    let configuration = Self.configuration(permutes: true)
    let training = try Self.training(configuration)
    let file = try Self.exported(training, configuration)
    let (rows, logits) = try Self.game(training, decisions: 20)
    let places = EntryPermutation(count: 6400, root: 3).places
    let w1 = try #require(file["w1"]).values
    let own = training.player.model.tensors(of: training.player.model.parameters, prefix: "")[0]
    var difference = 0
    for d in 0..<6400 {
      #expect(w1[d] == own.values[Int(places[d])])
      difference += w1[d] == own.values[d] ? 0 : 1
    }
    #expect(difference > 6000 && rows.count == logits.count)
  }

  @Test("A checkpoint that does not say what it was trained on, or another file, is refused")
  func refused() throws {
    let old = Checkpoint(metadata: ["trial": "x"], tensors: [])
    let error = #expect(throws: ArtifactError.self) {
      try PolicyFile.policy(of: old, path: "old.safetensors")
    }
    #expect(
      error?.description
        == "old.safetensors: its metadata lack episode; allowed: a checkpoint of this version")
    let configuration = Self.configuration()
    var file = try Self.exported(try Self.training(configuration), configuration)
    for (key, value) in [
      ("format", "other"), ("actions", "A"), ("form", "{\"entries\":\"signs\"}"),
      ("form", "[]"), ("policy", "{\"kind\":\"mlp\",\"hidden\":[30]}"), ("episode", "many"),
      ("policy", "{\"kind\":\"conv\",\"hidden\":[30]}"),
      (
        "policy",
        "{\"kind\":\"conv\",\"hidden\":[],\"filters\":[4],\"kernels\":[64],\"strides\":[64,1]}"
      ),
    ] {
      let before = file.metadata
      file.metadata[key] = value
      #expect(throws: ArtifactError.self) { try PolicyFile.contents(of: file, path: "memory") }
      file.metadata = before
    }
  }

  @Test(
    "The page's Python gives the same logits to 1e-5, and plays a game of ALE's Pong",
    arguments: [false, true])
  func python(isConvolutional: Bool) throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    let configuration = Self.configuration(isConvolutional: isConvolutional)
    let training = try Self.training(configuration)
    let policy = folder.appending(path: "policy.safetensors")
    try Data(Self.exported(training, configuration).encoded()).write(to: policy)
    let (rows, logits) = try Self.game(training, decisions: 40)
    let numbers = folder.appending(path: "rows.json")
    try JSONEncoder().encode(rows).write(to: numbers)
    let script = folder.appending(path: "play.py")
    try Tools.policyReader().write(to: script, atomically: true, encoding: .utf8)
    let score = """
      import json, sys
      sys.path.insert(0, sys.argv[3])
      import play
      print(json.dumps([play.logits(play.np.array(r)).tolist() for r in json.load(open(sys.argv[2]))]))
      """
    let found = try JSONDecoder().decode(
      [[Double]].self,
      from: Data(try Tools.runPython(score, [policy.path, numbers.path, folder.path]).utf8))
    Self.expectSame(found, logits)
    let played = try Tools.runPython(
      "import runpy, sys; runpy.run_path(sys.argv[2], run_name='__main__')",
      [policy.path, script.path])
    let points = try #require(Int(played.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect((-21...21).contains(points) && points != 0)
  }

  private static func expectSame(_ found: [[Double]], _ logits: [[Float]]) {
    #expect(found.count == logits.count)
    var largest = 0.0
    for (a, b) in zip(found, logits) {
      #expect(a.count == b.count)
      for (x, y) in zip(a, b) {
        #expect(abs(x - Double(y)) < 1e-5 * max(1, abs(x)))
        largest = max(largest, abs(x))
      }
    }
    #expect(largest > 1e-3)
  }

  @Test(
    "onnxruntime gives the same logits to 1e-5 for the network as ONNX, and knows its input by name",
    arguments: [["RIGHT", "LEFT"], ["NOOP", "RIGHT", "LEFT"]], [false, true])
  func onnx(actions: [String], isConvolutional: Bool) throws {
    let temporary = try TemporaryFolder()
    let configuration = Self.configuration(
      hidden: isConvolutional ? [7] : [20, 7], isConvolutional: isConvolutional, actions: actions)
    let training = try Self.training(configuration)
    let file = try Self.exported(training, configuration)
    let network = temporary.url.appending(path: "policy.onnx")
    try Data(PolicyFile.network(of: file, path: "memory").encoded()).write(to: network)
    let (rows, logits) = try Self.game(training, decisions: 40)
    let numbers = temporary.url.appending(path: "rows.json")
    try JSONEncoder().encode(rows).write(to: numbers)
    let script = """
      import json, sys
      import numpy as np, onnxruntime
      session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
      (source,) = session.get_inputs()
      rows = np.array(json.load(open(sys.argv[2])), "f4").reshape(-1, *source.shape[1:])
      (logits,) = session.run(["logits"], {"observation": rows})
      metadata = session.get_modelmeta().custom_metadata_map
      print(json.dumps([logits.tolist(), source.shape, metadata["actions"], metadata["observation"]]))
      """
    let printed = try Tools.runPython(script, [network.path, numbers.path])
    let parts = try #require(
      JSONSerialization.jsonObject(with: Data(printed.utf8)) as? [Any])
    let found = try #require(parts[0] as? [[Double]])
    Self.expectSame(found, logits)
    let shape = try #require(parts[1] as? [Any])
    #expect(shape.first as? String == "observations")
    #expect(shape.dropFirst().compactMap { $0 as? Int } == [1, 80, 80])
    #expect(parts[2] as? String == actions.joined(separator: ","))
    #expect(parts[3] as? String == file.metadata["observation"])
  }

  @Test(
    "As ONNX the means of a box of actions, behind tanh, of normalized numbers, with their deviation"
  )
  func onnxBox() throws {
    var draws = SeededNumbers(seed: 4)
    func tensor(_ name: String, _ shape: [Int]) -> Tensor {
      Tensor(name: name, shape: shape, values: (0..<shape.reduce(1, *)).map { _ in draws.float() })
    }
    let deviation = Tensor(name: "observation.deviation", shape: [4], values: [0.5, 2, 1, 0.01])
    let file = Checkpoint(
      metadata: [
        "format": "rallybook-policy-1", "actions": "-2.0:2.0,-1.0:1.0", "actionKind": "box",
        "episode": "7", "environment": "{}", "observation": "{}",
        "policy": "{\"activation\":\"tanh\",\"bias\":true,\"hidden\":[3],\"kind\":\"mlp\"}",
        "form": "{\"channels\":1,\"entries\":\"numbers\",\"height\":1,\"width\":4}",
      ],
      tensors: [
        tensor("w1", [3, 4]), tensor("b1", [3]), tensor("w2", [2, 3]), tensor("b2", [2]),
        tensor("logDeviation", [2]), tensor("observation.mean", [4]), deviation,
      ])
    let temporary = try TemporaryFolder()
    let network = temporary.url.appending(path: "policy.onnx")
    try Data(PolicyFile.network(of: file, path: "memory").encoded()).write(to: network)
    let rows = (0..<20).map { _ in (0..<4).map { _ in draws.float() } }
    func values(_ name: String) throws -> [Float] { try #require(file[name]).values }
    let (w1, b1, w2, b2) = (
      try values("w1"), try values("b1"), try values("w2"), try values("b2")
    )
    let mean = try values("observation.mean")
    let expected = rows.map { row in
      let x = (0..<4).map { min(10, max(-10, (row[$0] - mean[$0]) / deviation.values[$0])) }
      let hidden = (0..<3).map { unit -> Float in
        let sum = (0..<4).reduce(b1[unit]) { $0 + w1[unit * 4 + $1] * x[$1] }
        return Float(tanh(Double(sum)))
      }
      return (0..<2).map { out -> Float in
        (0..<3).reduce(b2[out]) { $0 + w2[out * 3 + $1] * hidden[$1] }
      }
    }
    let script = """
      import json, sys
      import numpy as np, onnxruntime
      session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
      rows = np.array(json.load(sys.stdin), "f4").reshape(-1, 1, 1, 4)
      logits, deviation = session.run(["logits", "logDeviationValue"], {"observation": rows})
      print(json.dumps(logits.tolist() + [deviation.tolist()]))
      """
    let input = String(decoding: try JSONEncoder().encode(rows), as: UTF8.self)
    let printed = try Tools.runPython(script, [network.path], input: input)
    let found = try JSONDecoder().decode([[Double]].self, from: Data(printed.utf8))
    Self.expectSame(found, expected + [try values("logDeviation")])
  }
}

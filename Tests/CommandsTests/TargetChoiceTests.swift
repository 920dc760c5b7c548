// SPDX-License-Identifier: MIT

import Commands
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Asking for a plane with regions that pay")
struct TargetChoiceTests {
  private func load(_ base: String) throws -> LoadedExperiment {
    let path = NSTemporaryDirectory() + "target-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #"{"title":"x","base":\#(base)}"#.write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard)
  }

  @Test(
    "The environment alone is enough: what is seen, a linear policy and plain returns come with it")
  func alone() throws {
    let loaded = try load(#"{"environment":{"id":"target"}}"#)
    let plan = try #require(loaded.plan, "\(loaded.renderedFindings(usesColor: false))")
    let configuration = plan.variants[0].configuration
    #expect(configuration[path: "observation.kind"] == "raw")
    #expect(configuration[path: "policy.kind"] == "linear")
    #expect(configuration[path: "returns.normalize"] == "none")
    #expect(plan.score.range == [-1, 1])
  }

  @Test(
    "What has no meaning for a single point is refused, with its place and what is allowed",
    arguments: [
      (
        #""environment":{"id":"target","regions":[{"x":0,"y":0}]}"#,
        #""radius" is missing"#
      ),
      (
        #""environment":{"id":"target","regions":[{"x":0,"y":0,"radius":0}]}"#,
        "base.environment.regions[0].radius: found 0; allowed: a number, 0 < radius ≤ 10"
      ),
      (
        #""environment":{"id":"target","regions":[{"x":11,"y":0,"radius":1}]}"#,
        "base.environment.regions[0].x: found 11; allowed: a number, -10 ≤ x ≤ 10"
      ),
      (
        #""environment":{"id":"target","regions":[{"x":1,"y":0,"radios":1}]}"#,
        #"allowed: "x", "y" or "radius"; did you mean "radius"?"#
      ),
      (
        #""environment":{"id":"target","regions":[]}"#,
        "base.environment.regions: found an empty list; allowed: a list of 1 to 16"
      ),
      (
        #""environment":{"id":"target","regions":[{"x":1,"y":0,"radius":1},{"y":0,"x":1,"radius":1}]}"#,
        "base.environment.regions: a region stands there twice"
      ),
      (
        #""environment":{"id":"target"},"returns":{"normalize":"episode"}"#,
        "base.returns.normalize: an episode of target is one decision"
      ),
      (
        #""environment":{"id":"target"},"observation":{"normalize":true}"#,
        "base.observation.normalize: what target shows is always 1"
      ),
      (
        #""environment":{"id":"target"},"reward":{"movementPenalty":0.1}"#,
        "base.reward.movementPenalty: the actions of target are points"
      ),
      (
        #""environment":{"id":"target"},"observation":{"kind":"difference"}"#,
        #""difference" cannot be seen where environment.id is "target"; allowed: "raw""#
      ),
      (
        #""environment":{"id":"target"},"algorithm":{"kind":"cem"},"policy":{"learnDeviation":false}"#,
        "base.policy.learnDeviation: cem draws every parameter, log σ too; allowed: true"
      ),
      (
        #""environment":{"id":"target"},"optimizer":{"l2":0.1},"policy":{"learnDeviation":false,"logDeviation":-1}"#,
        "base.policy.learnDeviation: optimizer.l2 would pull log σ to 0"
      ),
    ])
  func refused(base: String, sentence: String) throws {
    let loaded = try load("{\(base)}")
    #expect(loaded.plan == nil)
    let text = loaded.renderedFindings(usesColor: false)
    #expect(text.contains(sentence), "\(text)")
  }

  @Test("Where actions are choices, a deviation that is not learned is refused by a sweep")
  func choices() throws {
    let path = NSTemporaryDirectory() + "target-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #"{"title":"x","base":{},"sweep":{"grid":{"policy.learnDeviation":[true,false]}}}"#
      .write(toFile: path, atomically: true, encoding: .utf8)
    let loaded = loadExperiment(path: path, catalogue: .standard)
    #expect(loaded.plan == nil)
    #expect(loaded.renderedFindings(usesColor: false).contains("policy.learnDeviation"))
  }
}

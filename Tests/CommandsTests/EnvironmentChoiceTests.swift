// SPDX-License-Identifier: MIT

import Commands
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Choosing an environment and what is seen of it")
struct EnvironmentChoiceTests {
  private func load(_ base: String) throws -> LoadedExperiment {
    let path = NSTemporaryDirectory() + "choice-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #"{"title":"x","base":\#(base),"score":{"goal":"maximize"}}"#
      .write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard)
  }

  private func plan(_ base: String) throws -> Plan {
    let loaded = try load(base)
    return try #require(loaded.plan, "\(loaded.renderedFindings(usesColor: false))")
  }

  @Test(
    "Trials of release 1 keep their names",
    arguments: [("karpathy-2016", "c312a34f790f"), ("tuned", "3b0fa078924c")])
  func names(preset: String, id: String) throws {
    let plan = try plan(
      #"""
      {"preset":"\#(preset)","training":{"episodes":8000,"checkpointEvery":1000},
       "evaluation":{"episodes":100}}
      """#)
    #expect(plan.trials.map(\.id) == [id])
  }

  @Test("CartPole alone is enough: its observation and returns come with it")
  func cartPole() throws {
    let plan = try plan(#"{"environment":{"id":"cartpole"}}"#)
    let variant = plan.variants[0]
    #expect(variant.configuration[path: "observation.kind"] == "raw")
    #expect(variant.configuration[path: "returns.resetAtPoint"] == false)
    #expect(variant.dropped.isEmpty)
    #expect(plan.score.range == [0, 500])
  }

  @Test("A preset made for Pong gives way where CartPole brings its own, and the plan says so")
  func preset() throws {
    let variant = try plan(#"{"preset":"tuned","environment":{"id":"cartpole"}}"#).variants[0]
    #expect(variant.configuration[path: "observation.kind"] == "raw")
    #expect(variant.configuration[path: "returns.resetAtPoint"] == false)
    #expect(variant.configuration[path: "optimizer.learningRate"] == 3e-3)
    #expect(
      variant.dropped.contains(
        """
        observation.kind "difference" of preset "tuned" is not used, but "raw": environment.id is \
        "cartpole"
        """), "\(variant.dropped)")
  }

  @Test("What a person writes lies over what an environment brings")
  func written() throws {
    let base = #"{"environment":{"id":"cartpole"},"returns":{"resetAtPoint":true}}"#
    let plan = try plan(base)
    #expect(plan.variants[0].configuration[path: "returns.resetAtPoint"] == true)
    let pong = try self.plan("{}").variants[0].configuration
    #expect(pong[path: "observation.kind"] == "difference")
    #expect(pong[path: "returns.resetAtPoint"] == true)
  }

  @Test(
    "What cannot be seen is refused with what can",
    arguments: [
      (
        #"{"environment":{"id":"cartpole"},"observation":{"kind":"frame"}}"#,
        #"base.observation.kind: "frame" cannot be seen where environment.id is "cartpole"; allowed: "raw""#
      ),
      (
        #"{"environment":{"id":"cartpole"},"observation":{"kind":"raw","height":4}}"#,
        #"base.observation.height: environment.id "cartpole" has no picture; allowed: null"#
      ),
      (
        #"{"observation":{"kind":"frame","crop":{"top":60,"left":0,"height":160,"width":160}}}"#,
        "base.observation.crop: the crop ends at row 220; allowed: at most 210"
      ),
      (
        #"{"observation":{"kind":"stack","frames":10,"height":100}}"#,
        "base.observation.frames: 10 × 100 × 80 pixels are 80000; allowed: at most 65025"
      ),
      (
        #"{"observation":{"kind":"frame","crop":{"top":60,"left":0,"hight":160}}}"#,
        #"base.observation.crop.hight: found "hight"; allowed: "top", "left", "height" or "width"; did you mean "height"?"#
      ),
      (
        #"{"observation":{"kind":"frame","crop":{"top":60,"left":0,"height":0,"width":1}}}"#,
        "base.observation.crop.height: found 0; allowed: a whole number, 1 ≤ height ≤ 4096"
      ),
      (
        #"{"observation":{"kind":"frame","crop":{"top":60}}}"#,
        #""left", "height", "width" are missing"#
      ),
      (
        #"{"reward":{"randomized":-1}}"#,
        "allowed: null or a whole number, 0 ≤ randomized ≤ 1000000"
      ),
    ])
  func refused(base: String, sentence: String) throws {
    let loaded = try load(base)
    #expect(loaded.plan == nil)
    let text = loaded.renderedFindings(usesColor: false)
    #expect(text.contains(sentence), "\(text)")
  }

  @Test("What keeps the old behaviour leaves no trace in a trial's name, anything else does")
  func identity() throws {
    let id = { (base: String) in try plan(base).trials[0].id }
    let plain = try id("{}")
    let old = try id(
      """
      {"observation":{"kind":"difference","height":80,"width":80,"crop":null,"background":null,
      "permutePixels":false},"reward":{"movementPenalty":0,"clip":null,"randomized":null}}
      """)
    #expect(old == plain)
    let others = try [
      #"{"observation":{"permutePixels":true}}"#, #"{"observation":{"height":40}}"#,
      #"{"observation":{"background":[144]}}"#, #"{"reward":{"clip":1}}"#,
      #"{"reward":{"movementPenalty":0.1}}"#, #"{"reward":{"randomized":0}}"#,
      #"{"observation":{"kind":"stack"}}"#,
    ].map(id)
    #expect(Set(others + [plain]).count == others.count + 1)
  }
}

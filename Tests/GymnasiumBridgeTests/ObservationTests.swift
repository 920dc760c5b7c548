// SPDX-License-Identifier: MIT

import Environments
import Foundation
import GymnasiumBridge
import Kernels
import ParameterSchema
import Randomness
import Testing

/// Each fixture shows bytes that tell their places, so that what arrives says where it came from.
@Suite(
  "What is seen of every kind of space")
struct ObservationTests {
  private func start(
    _ name: String, kind: String = "raw", _ observation: [String: ConfigValue] = [:]
  ) throws(EnvironmentError) -> GymnasiumEnvironment {
    let all = try GymnasiumEnvironment.start(
      RealPython.configuration(
        "odd_environments:\(name)-v0", kind: kind, observation: observation), count: 1,
      logPath: "/dev/null", python: RealPython.python)
    try all[0].reset(draws: Xoshiro256(seed: 1))
    return all[0]
  }

  private func bytes(_ environment: GymnasiumEnvironment) -> [Int] {
    environment.numbers().map { Int(($0 * 255).rounded()) }
  }

  private func form(_ channels: Int, _ height: Int, _ width: Int) -> ObservationForm {
    ObservationForm(.numbers, channels: channels, height: height, width: width)
  }

  @Test("A picture of bytes arrives plane by plane, each byte divided by 255")
  func planes() throws {
    let cases: [(name: String, channels: ConfigValue, form: ObservationForm, seen: [Int])] = [
      ("HeightWidth", nil, form(1, 4, 5), Array(0..<20)),
      ("OneChannel", nil, form(1, 4, 5), Array(0..<20)),
      ("Colours", nil, form(3, 4, 5), (0..<3).flatMap { c in (0..<20).map { 3 * $0 + c } }),
      ("Colours", "all", form(3, 4, 5), (0..<3).flatMap { c in (0..<20).map { 3 * $0 + c } }),
      ("Colours", "red", form(1, 4, 5), (0..<20).map { 3 * $0 }),
      // 0.299, 0.587 and 0.114 of r, r + 1 and r + 2 are r + 0.815.
      ("Colours", "grey", form(1, 4, 5), (0..<20).map { 3 * $0 + 1 }),
      ("ColoursFirst", nil, form(3, 4, 5), Array(0..<60)),
      ("ColoursFirst", "red", form(1, 4, 5), Array(0..<20)),
      ("FourLast", nil, form(4, 6, 5), (0..<4).flatMap { c in (0..<30).map { 4 * $0 + c } }),
      ("FourFirst", nil, form(4, 5, 6), Array(0..<120)),
      (
        "ColourStack", nil, form(6, 4, 5),
        (0..<2).flatMap { n in
          (0..<3).flatMap { c in (0..<20).map { 60 * n + 3 * $0 + c } }
        }
      ),
      (
        "ColourStack", "red", form(2, 4, 5),
        (0..<2).flatMap { n in (0..<20).map { 60 * n + 3 * $0 } }
      ),
    ]
    for (name, channels, form, seen) in cases {
      let environment = try start(name, ["channels": channels])
      #expect(environment.form == form, "\(name)")
      #expect(bytes(environment) == seen, "\(name), \(channels)")
    }
  }

  @Test("A part of a picture is taken of each of its planes")
  func crop() throws {
    let part: ConfigValue = ["top": 1, "left": 2, "height": 2, "width": 2]
    let environment = try start("ColoursFirst", ["crop": part])
    #expect(environment.form == form(3, 2, 2))
    #expect(bytes(environment) == [7, 8, 12, 13, 27, 28, 32, 33, 47, 48, 52, 53])
  }

  @Test("Binary pictures of several planes: each is a channel, of every frame")
  func signs() throws {
    let all = try start(
      "ColoursFirst", kind: "frame", ["channels": "all", "height": 4, "width": 5])
    #expect(all.form == ObservationForm(.signs, channels: 3, height: 4, width: 5))
    #expect(all.signs() == [Array(1..<60), []])
    let stack = try start(
      "ColoursFirst", kind: "stack",
      ["channels": "all", "height": 4, "width": 5, "frames": 2, "background": [59]])
    #expect(stack.form == ObservationForm(.signs, channels: 6, height: 4, width: 5))
    #expect(stack.signs() == [Array(1..<59) + Array(61..<119), []])
    let red = try start("ColoursFirst", kind: "frame", ["height": 4, "width": 5])
    #expect(red.signs() == [Array(1..<20), []])
    #expect(red.notes.count == 1 && red.notes[0].contains("looks at red alone"), "\(red.notes)")
  }

  @Test("All else is numbers in the order of Gymnasium's flatten")
  func numbers() throws {
    let cases: [(name: String, seen: [Float])] = [
      ("Memory", (0..<5).map { Float($0) / 255 }),
      ("Discrete", [0, 0, 1, 0, 0]),
      ("MultiDiscrete", [0, 1, 1, 0, 0]),
      ("MultiBinary", [1, 0, 1]),
      ("Tuple", [0, 1, 0, 0, 1]),
      ("Dict", [0.2, 0.2, 0.2, 0.2, 0.5]),
      ("Mission", [0, 1, 0]),
    ]
    for (name, seen) in cases {
      let environment = try start(name)
      #expect(environment.form == ObservationForm(.numbers, width: seen.count), "\(name)")
      #expect(environment.numbers() == seen, "\(name)")
    }
    for (name, text) in [("Dict", "words"), ("Mission", "mission"), ("Nested", "words")] {
      #expect(
        try start(name).notes[0].hasSuffix("text that the policy does not see: \(text)"), "\(name)")
    }
  }

  @Test("400 drawn spaces, one in another, are flattened as Gymnasium's own flatten does")
  func flatten() throws {
    let twin = try Data(contentsOf: URL(filePath: RealPython.fixtures + "/flatten_twin.py"))
    let result = try RealPython.run(PythonSetup.scriptParts + twin)
    #expect(result == "6 kinds many parts\n")
  }

  @Test("One entry of a Dict is seen as if it were all")
  func key() throws {
    let picture = try start("Nested", ["key": "eyes.left"])
    #expect(picture.form == form(1, 2, 3))
    #expect(bytes(picture) == Array(0..<6))
    let frame = try start(
      "Nested", kind: "frame", ["key": "eyes.left", "height": 2, "width": 3])
    #expect(frame.signs() == [Array(1..<6), []])
    let both = try start("Nested", ["key": "eyes"])
    #expect(both.numbers() == (0..<6).map { Float($0) / 255 } + [0, 1])
    #expect(try start("Dict", ["key": "where"]).numbers() == [0.5])
  }

  @Test("More numbers than two bytes count are seen and kept")
  func large() throws {
    let environment = try start("Large")
    #expect(environment.form.count == 65_536)
    let batch = ObservationBatch(form: environment.form)
    environment.observe(into: &batch.numbers)
    #expect(batch.count == 1 && batch.dense(0)[65_535] == 1)
  }

  @Test("What cannot be seen is refused, with what is allowed")
  func refused() {
    let cases: [(name: String, kind: String, observation: [String: ConfigValue], says: String)] = [
      ("Empty", "raw", [:], "which are 0 numbers; allowed: 1 to 1,048,576"),
      ("TooLarge", "raw", [:], "has 1,049,600 entries; allowed: at most 1,048,576"),
      ("Words", "raw", [:], "allowed: Box, Discrete, MultiDiscrete, MultiBinary, and Tuple"),
      ("FourFirst", "difference", [:], "observation.channels is null, allowed: \"all\""),
      (
        "FourLast", "raw", ["channels": "grey"],
        "observation.channels is \"grey\", allowed: \"all\""
      ),
      ("Memory", "raw", ["channels": "all"], "it gives no picture; observation.channels is set"),
      ("Memory", "frame", [:], "it gives 5 numbers and no picture"),
      ("Row", "raw", [:], "are Sequence(Discrete(3), stack=False); allowed: Box"),
      ("Web", "raw", [:], "see Refusals in docs/reference/gymnasium.md"),
      ("DeepRow", "raw", [:], "its observations at row are Sequence("),
      ("Nested", "raw", ["key": "words"], "its observations are Text("),
      ("Nested", "raw", ["key": "ears"], "found 'ears'; allowed: eyes, words"),
      ("Nested", "raw", ["key": "eyes.both"], "found 'eyes.both'; allowed: eyes.left, eyes.right"),
      ("Memory", "raw", ["key": "eyes"], "have no entries by name; observation.key is 'eyes'"),
      (
        "Colours", "frame", ["channels": "all", "height": 255, "width": 255],
        "has 195,075 entries; allowed: at most 65,535 for observation.kind \"frame\""
      ),
    ]
    for (name, kind, observation, says) in cases {
      do throws(EnvironmentError) {
        _ = try start(name, kind: kind, observation)
        Issue.record("\(name) is accepted")
      } catch {
        #expect(error.description.contains(says), "\(error)")
        #expect(error.kind == .refusal, "\(error)")
      }
    }
  }
}

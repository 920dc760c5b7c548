// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import TestSupport
import Testing

@Suite("Trainings that start from a policy") struct StartFromTests {
  private static func experiment(
    _ training: String, policy: String = #""hidden":[5]"#,
    observation: String = #""kind":"difference""#
  ) -> String {
    """
    {"title":"x","base":{"preset":"tuned","observation":{\(observation)},"policy":{\(policy)},\
    "training":{"episodes":20,\(training)},"evaluation":{"episodes":2}},\
    "seeds":1,"score":{"goal":"maximize"}}
    """
  }

  /// A program that trained a policy and exported it beside its experiments.
  private static func trained() throws -> (program: Program, checkpoint: String) {
    let program = try Program()
    try program.write("first", experiment(#""checkpointEvery":20"#))
    #expect(try program.run("run", "experiments/first.json", "--no-report").status == 0)
    let trial = try #require(try program.trialFolders("first").first)
    let checkpoint = trial.path + "/checkpoints/000020.safetensors"
    let exported = try program.run(
      "export", checkpoint, "--format", "safetensors", "--to", "experiments/policy.safetensors")
    #expect(exported.status == 0, "\(exported.error)")
    return (
      program, "../runs/first/trials/\(trial.lastPathComponent)/checkpoints/000020.safetensors"
    )
  }

  @Test("A trial begins with the file's weights, goes on from there, and is verified")
  func starts() throws {
    let (program, checkpoint) = try Self.trained()
    defer { program.remove() }
    let files = ["policy.safetensors", checkpoint]
    var last: [[Float]] = []
    for (number, file) in files.enumerated() {
      try program.write("next\(number)", Self.experiment(#""startFrom":"\#(file)""#))
      let run = try program.run("run", "experiments/next\(number).json", "--no-report")
      #expect(run.status == 0, "\(run.error)")
      let trial = try #require(try program.trialFolders("next\(number)").first)
      let policy = try Checkpoint(
        contentsOf: program.folder.path + "/experiments/policy.safetensors")
      let (start, end) = try (
        Checkpoint(contentsOf: trial.path + "/checkpoints/000000.safetensors"),
        Checkpoint(contentsOf: trial.path + "/checkpoints/000020.safetensors")
      )
      for name in ["w1", "w2"] {
        #expect(start["policy.\(name)"]?.values == policy[name]?.values, "\(name)")
        #expect(end["policy.\(name)"]?.values != policy[name]?.values, "\(name)")
      }
      last.append(try #require(end["policy.w1"]).values)
      let verified = try program.run("verify", trial.lastPathComponent)
      #expect(verified.status == 0, "\(verified.output)\(verified.error)")
    }
    // Which file the weights came from makes no difference.
    #expect(last[0] == last[1])
  }

  @Test("What does not fit is refused once with status 2, and nothing is started")
  func refused() throws {
    let (program, _) = try Self.trained()
    defer { program.remove() }
    try Data("no policy".utf8).write(
      to: program.folder.appending(path: "experiments/other.safetensors"))
    let zeros = String(repeating: "0", count: 64)
    func start(_ file: String) -> String { #""startFrom":"\#(file)""# }
    let policy = start("policy.safetensors")
    let cases = [
      (Self.experiment(start("policy.safetensor")), "wrong-kind"),
      (Self.experiment(start("absent.safetensors")), "missing-file"),
      (Self.experiment(start("policy.safetensors@\(zeros)")), "changed-file"),
      (
        Self.experiment(start("other.safetensors")),
        "training.startFrom: experiments/other.safetensors"
      ),
      (
        Self.experiment(policy, policy: #""hidden":[6]"#),
        "w1 is [5, 6400]; this policy has [6, 6400]"
      ),
      (
        Self.experiment(policy, policy: #""hidden":[5],"activation":"tanh""#),
        #"its policy.activation is "relu"; here it is "tanh""#
      ),
      (
        Self.experiment(policy, observation: #""kind":"frame""#),
        #"its observation.kind is "difference"; here it is "frame""#
      ),
      (
        Self.experiment(policy, observation: #""kind":"difference","permutePixels":true"#),
        "observation.permutePixels is true"
      ),
    ]
    for (text, says) in cases {
      try program.write("bad", text)
      let result = try program.run("run", "experiments/bad.json", "--no-report")
      #expect(result.status == 2 && result.error.contains(says), "\(says): \(result.error)")
    }
  }
}

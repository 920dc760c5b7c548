// SPDX-License-Identifier: MIT

import Environments
import Foundation
import GymnasiumBridge
import ParameterSchema
import Randomness
import Testing

/// What a trial hears when its worker dies, hangs, raises, prints or refuses.
@Suite(
  "A worker's faults")
struct FaultTests {
  private func start(
    _ id: String, kind: String = "raw", log: String, count: Int = 1, step: Double = 60,
    change: (inout ConfigValue) -> Void = { _ in }
  ) throws(EnvironmentError) -> [GymnasiumEnvironment] {
    var configuration = RealPython.configuration(id, kind: kind)
    change(&configuration)
    return try GymnasiumEnvironment.start(
      configuration, count: count, logPath: log, python: RealPython.python,
      limits: .init(step: step))
  }

  /// Steps until something is wrong; the error's text without the log's path.
  private func complaint(
    _ environments: [GymnasiumEnvironment], log: String, decisions: Int = 10
  ) -> String {
    do throws(EnvironmentError) {
      for environment in environments { try environment.reset(draws: Xoshiro256(seed: 1)) }
      for _ in 0..<decisions {
        for environment in environments { environment.submit(1) }
        for environment in environments where try environment.collect().isEnd { return "the end" }
      }
      return "nothing"
    } catch {
      #expect(error.description.hasSuffix("; log: \(log)"))
      return error.description.replacingOccurrences(of: "; log: \(log)", with: "")
    }
  }

  private func refusal(_ body: () throws(EnvironmentError) -> Void) -> String {
    do throws(EnvironmentError) {
      try body()
      return "nothing"
    } catch {
      return error.description
    }
  }

  @Test("Killed: the signal, the last decision, and ever after the same")
  func killed() throws {
    try RealPython.withLog { log in
      let poles = try start("CartPole-v1", log: log)
      try poles[0].reset(draws: Xoshiro256(seed: 1))
      for _ in 0..<3 { _ = try poles[0].step(1) }
      kill(poles[0].worker.facts.process, SIGKILL)
      let sentence = """
        gymnasium:CartPole-v1: the Python worker ended by signal 9 at decision 4: episode 1 since \
        its start, its decision 4, action 1; log: \(log)
        """
      #expect(refusal { () throws(EnvironmentError) in _ = try poles[0].step(1) } == sentence)
      #expect(
        refusal { () throws(EnvironmentError) in try poles[0].reset(draws: Xoshiro256(seed: 1)) }
          == sentence)
    }
  }

  @Test("Stopped: ended after the step's time")
  func hanging() throws {
    try RealPython.withLog { log in
      let poles = try start("CartPole-v1", log: log, count: 2, step: 0.3)
      for pole in poles { try pole.reset(draws: Xoshiro256(seed: 1)) }
      let process = poles[0].worker.facts.process
      kill(process, SIGSTOP)
      for pole in poles { pole.submit(0) }
      #expect(
        refusal { () throws(EnvironmentError) in _ = try poles[1].collect() } == """
          gymnasium:CartPole-v1: the Python worker gave no reply within 0.3 s and was ended at \
          decision 1 in 2 of 2 environments: episode 1 since its start, its decision 1, action 0; \
          log: \(log)
          """)
      #expect(kill(process, 0) == -1, "the process is gone")
    }
  }

  @Test("Raising: the exception, the environment, the traceback in the log")
  func raising() throws {
    try RealPython.withLog { log in
      let text = complaint(
        try start("faulty_environments:Faulty-raise-v0", log: log, count: 2), log: log)
      #expect(
        text == """
          gymnasium:faulty_environments:Faulty-raise-v0: Python raised ValueError: the third step \
          is one too many; at decision 5 in environment 1 of 2: episode 1 since its start, its \
          decision 3, action 6
          """)
      #expect(RealPython.text(log).contains("Traceback (most recent call last)"))
    }
  }

  @Test("Leaving by itself: the status, and the last line that it printed")
  func leaving() throws {
    try RealPython.withLog { log in
      let text = complaint(try start("faulty_environments:Faulty-exit-v0", log: log), log: log)
      #expect(
        text == """
          gymnasium:faulty_environments:Faulty-exit-v0: the Python worker ended with status 7 at \
          decision 3: episode 1 since its start, its decision 3, action 6; its last line: leaving
          """)
    }
  }

  @Test("Printing: what goes to standard output is in the log and harms nothing")
  func printing() throws {
    try RealPython.withLog { log in
      let faulty = try start("faulty_environments:Faulty-print-v0", log: log)
      #expect(faulty[0].actions == ["5", "6", "7"])
      #expect(complaint(faulty, log: log) == "the end")
      #expect(faulty[0].numbers() == [5, 0.5])
      let printed = RealPython.text(log)
      #expect(printed.contains("a line on standard output\n"))
      #expect(printed.contains("bytes on descriptor 1\n"))
    }
  }

  @Test("A reward that is no number")
  func notANumber() throws {
    try RealPython.withLog { log in
      let text = complaint(try start("faulty_environments:Faulty-nan-v0", log: log), log: log)
      #expect(
        text.contains("Faulty-nan-v0: its reward is nan; allowed: −1e15 to 1e15; at decision 3: "),
        "\(text)")
    }
  }

  @Test("Ids and spaces that cannot be had are refused at the start, with what is allowed")
  func refused() {
    RealPython.withLog { log in
      let cases: [(id: String, says: String)] = [
        ("ALE/Pnog-v5", "has no ALE/Pnog-v5; did you mean ALE/Pong-v5?"),
        ("CartPole-v9", "has no CartPole-v9; the newest is CartPole-v1"),
        ("Acrobot-v0", "has no Acrobot-v0; the newest is Acrobot-v1"),
        ("Whatever-v0", "MODULE:ID imports the module that registers it"),
        (
          "faulty_environments:Whole-v0",
          "allowed: Discrete, MultiDiscrete, MultiBinary, and Box of"
        ),
        ("faulty_environments:Parts-v0", "see Refusals in docs/reference/gymnasium.md"),
        ("faulty_environments:Single-v0", "it has 1 actions; allowed: 2 to 4,096"),
        ("faulty_environments:OneChoice-v0", "it has one action, which is no choice"),
        ("no_such_module:Thing-v0", "there is no module 'no_such_module', neither in "),
      ]
      for (id, says) in cases {
        let text = refusal { () throws(EnvironmentError) in _ = try start(id, log: log) }
        #expect(text.hasPrefix("gymnasium:\(id): ") && text.contains(says), "\(text)")
      }
    }
  }

  @Test("Keys that the environment cannot follow are refused")
  func keys() {
    RealPython.withLog { log in
      let noPicture = refusal { () throws(EnvironmentError) in
        _ = try start("CartPole-v1", kind: "difference", log: log)
      }
      #expect(
        noPicture == """
          gymnasium:CartPole-v1: it gives 4 numbers and no picture; observation.kind is \
          "difference", allowed: "raw"
          """)
      let skip = refusal { () throws(EnvironmentError) in
        _ = try start("CartPole-v1", log: log) {
          $0 = RealPython.configuration("CartPole-v1", kind: "raw", frameSkip: 3)
        }
      }
      #expect(skip.hasSuffix("environment.frameSkip is set, allowed: null"))
      let action = refusal { () throws(EnvironmentError) in
        _ = try start("CartPole-v1", log: log) {
          $0 = RealPython.configuration("CartPole-v1", kind: "raw", actions: ["0", "LEFT"])
        }
      }
      #expect(
        action
          == "gymnasium:CartPole-v1: environment.actions: found \"LEFT\"; allowed: 0, 1")
    }
  }

  @Test("Without Python: what is missing, and the command that mends it")
  func missing() throws {
    let text = refusal { () throws(EnvironmentError) in
      _ = try GymnasiumWorker(id: "CartPole-v1", python: ["/nonexistent/python3"])
    }
    #expect(
      text == """
        gymnasium:CartPole-v1: /nonexistent/python3 cannot be started: No such file or directory; \
        Python with gymnasium and ale-py is installed by: \(PythonSetup.mendingCommand)
        """)
    #expect(PythonSetup.requirements.allSatisfy { $0.contains("==") })
  }

  @Test("The process ends with what owns it")
  func ending() throws {
    let process: pid_t = try {
      let worker = try GymnasiumWorker(id: "CartPole-v1", logPath: "/dev/null")
      #expect(kill(worker.facts.process, 0) == 0)
      return worker.facts.process
    }()
    #expect(kill(process, 0) == -1)
  }
}

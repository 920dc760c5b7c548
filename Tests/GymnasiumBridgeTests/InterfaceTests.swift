// SPDX-License-Identifier: MIT

import Environments
import GymnasiumBridge
import Kernels
import ParameterSchema
import Randomness
import Testing

/// What an environment may give, and what is said of what it may not.
@Suite(
  "The interface between an environment and a policy")
struct InterfaceTests {
  private func start(
    _ name: String, kwargs: ConfigValue = [:], log: String = "/dev/null", count: Int = 1
  ) throws(EnvironmentError) -> [GymnasiumEnvironment] {
    try GymnasiumEnvironment.start(
      RealPython.configuration("odd_environments:\(name)-v0", kind: "raw", kwargs: kwargs),
      count: count, logPath: log, python: RealPython.python)
  }

  /// Plays an episode in each of several environments; the last transitions.
  private func play(
    _ name: String, log: String = "/dev/null", count: Int = 1
  ) throws(EnvironmentError) -> [Transition] {
    let all = try start(name, log: log, count: count)
    for environment in all { try environment.reset(draws: Xoshiro256(seed: 1)) }
    while true {
      for environment in all { environment.submit(0) }
      var last: [Transition] = []
      for environment in all { last.append(try environment.collect()) }
      if last[0].isEnd { return last }
    }
  }

  private func complaint(_ name: String, count: Int = 1) -> EnvironmentError? {
    do throws(EnvironmentError) {
      _ = try play(name, count: count)
      return nil
    } catch {
      return error
    }
  }

  @Test("An observation that is no finite number is told with its entry, decision and environment")
  func broken() throws {
    for (name, value) in [("Broken", "nan"), ("Infinite", "-inf"), ("Huge", "1e+300")] {
      let error = try #require(complaint("\(name)AtThree", count: 2))
      #expect(
        error.description == """
          gymnasium:odd_environments:\(name)AtThree-v0: entry 3 of 4 of its observation is \
          \(value); allowed: finite numbers, at most 3.4e38 in size; at decision 5 in environment \
          1 of 2: episode 1 since its start, its decision 3, action 0
          """)
      #expect(error.kind == .fault)
    }
    let outside = try #require(complaint("Outside"))
    #expect(outside.description.contains("its observation is 5; allowed: 0 to 4; at the reset"))
  }

  @Test(
    "Rewards: one number is one, whatever it is wrapped in; all else is told",
    arguments: [
      ("Vector", "its reward is a vector of 2 numbers, array([1., 2.]); allowed: one number"),
      ("List", "its reward is a vector of 2 numbers, [1, 2]; allowed: one number"),
      ("Ragged", "its reward is [[1], [1, 2]]; allowed: a number"),
      ("Nothing", "its reward is None; allowed: a number"),
      ("Words", "its reward is '1'; allowed: a number"),
      ("Huge", "its reward is 1e+300; allowed: −1e15 to 1e15"),
    ])
  func rewards(name: String, says: String) throws {
    let error = try #require(complaint("Reward\(name)"))
    #expect(error.description.contains(says), "\(error)")
    // At its first decision, where another worker may do better.
    #expect(error.kind == (name == "Huge" ? .earlyFault : .refusal))
    #expect(try play("RewardOne")[0].reward == 2.5)
    #expect(try play("RewardWhole")[0].reward == 3)
  }

  @Test(
    "An environment of the interface before Gymnasium is told so",
    arguments: [
      ("OldStep", "its step gives 4 values"), ("LimitedOldStep", "its step gives 4 values"),
      ("OldReset", "its reset gives an observation alone"), ("NoSeed", "its reset takes no seed"),
    ])
  func old(name: String, says: String) throws {
    let error = try #require(complaint(name))
    #expect(error.description.contains("gymnasium:odd_environments:\(name)-v0: it"), "\(error)")
    #expect(error.description.contains(says), "\(error)")
    #expect(error.kind == .refusal && !error.description.contains("\n"))
  }

  @Test("A reset that gives too much or nothing is told with what it gives")
  func resets() throws {
    let long = try #require(complaint("LongReset"))
    #expect(long.description.contains("its reset gives (array([0., 0., 0., 0.]"), "\(long)")
    #expect(long.description.contains("; allowed: observation, info"))
    let empty = try #require(complaint("EmptyReset"))
    #expect(empty.description.contains("its reset gives None; allowed: observation, info"))
  }

  @Test("A flag is true, false, or one number that says so; nothing else ends an episode")
  func flags() throws {
    for name in ["One", "Array", "Kind"] {
      #expect(try play("Flag\(name)")[0].ending == .terminated, "\(name)")
    }
    for (name, flag) in [
      ("Text", "'False'"), ("Number", "nan"), ("Two", "2"), ("Empty", "None"),
      ("Pair", "[True, False]"),
    ] {
      let error = try #require(complaint("Flag\(name)"))
      #expect(
        error.description.contains("its flag terminated is \(flag); allowed: True or False"),
        "\(error)")
    }
  }

  @Test("What info says of frames is taken where it is a number, and does no harm where it is none")
  func info() throws {
    for name in ["Missing", "Null", "Text", "Endless", "Far"] {
      let last = try play("Info\(name)")[0]
      #expect(last.ending == .truncated && last.frames == 1, "\(name)")
    }
  }

  @Test("An action reaches step as the space's own sample does")
  func actionType() throws {
    let item = try start("ItemAction")[0]
    #expect(item.actions == ["-1", "0", "1"])
    try item.reset(draws: Xoshiro256(seed: 1))
    for action in 0..<3 { #expect(try item.step(.number(action)).reward == Double(action - 1)) }
  }

  @Test("Actions of several entries arrive in the space's own type and shape")
  func entries() throws {
    let cases: [(name: String, space: ActionSpace, action: [Float], seen: [Float])] = [
      ("Choices", .product([2, 3, 4, 5]), [1, 2, 3, 4], [1, 2, 3, 2]),
      ("Switches", .product([2, 2, 2, 2]), [1, 0, 0, 1], [1, 0, 0, 1]),
    ]
    for (name, space, action, seen) in cases {
      let echo = try start("Echo\(name)")[0]
      #expect(echo.actions == space)
      try echo.reset(draws: Xoshiro256(seed: 1))
      #expect(try echo.step(.entries(action)).ending == .none)
      #expect(echo.numbers() == seen, "\(name)")
    }
    // The ends as 64-bit floats, 0.1 and 0.7, lie between 32-bit ones.
    let real = try start("EchoReal")[0]
    guard case .box(let ranges) = real.actions else { throw EnvironmentError.stopped("no box") }
    #expect(ranges[0] == -1...(.infinity))
    #expect(Double(ranges[1].lowerBound) >= 0.1 && Double(ranges[1].upperBound) <= 0.7)
    try real.reset(draws: Xoshiro256(seed: 1))
    for end in [ranges[1].lowerBound, ranges[1].upperBound] {
      _ = try real.step(.entries([-1, end]))
      #expect(real.numbers() == [-1, end])
    }
  }

  @Test("Actions have the environment's names where there is one for each, the outermost first")
  func names() throws {
    let numbers = ["0", "1", "2", "3"]
    for (name, actions) in [
      ("NamesFew", numbers), ("NamesMany", numbers), ("NamesTwice", numbers),
      ("NamesFitting", ["a", "b", "c", "d"]), ("Renamed", ["LOW", "HIGH"]),
    ] {
      #expect(try start(name)[0].actions.names == actions, "\(name)")
    }
  }

  @Test("Both flags count as an end of the game, which the log says once")
  func bothFlags() throws {
    try RealPython.withLog { log in
      let last = try play("BothFlags", log: log, count: 3)
      #expect(last.allSatisfy { $0.ending == .terminated })
      let said = RealPython.text(log).split(separator: "\n").filter { $0.contains("both set") }
      #expect(said.count == 1)
    }
  }

  @Test("The last observation of a truncated episode is what the last step gave, in each game")
  func lastObservation() throws {
    let all = try start("ItemAction", count: 3)
    for (i, environment) in all.enumerated() {
      try environment.reset(draws: Xoshiro256(seed: 1))
      for _ in 0..<i { _ = try environment.step(0) }
    }
    var ends = 0
    for decision in 1...10 {
      let open = all.indices.filter { decision + $0 <= 10 }
      for i in open { all[i].submit(1) }
      for i in open {
        let transition = try all[i].collect()
        #expect(all[i].numbers() == [Float](repeating: Float(decision + i), count: 4))
        #expect(transition.ending == (decision + i == 10 ? .truncated : .none))
        ends += transition.isEnd ? 1 : 0
      }
    }
    #expect(ends == 3)
  }

  @Test("What make is given arrives as JSON says it: whole numbers whole")
  func kwargs() throws {
    let environment = try start(
      "Arguments", kwargs: ["size": 9, "hard": true, "more": ["a": [1, nil]]])[0]
    #expect(environment.form.count == 9)
    try environment.reset(draws: Xoshiro256(seed: 1))
    #expect(environment.numbers() == [1, 1, 1, 0, 0, 0, 0, 0, 0])
    let error = #expect(throws: EnvironmentError.self) {
      _ = try start("Arguments", kwargs: ["sizes": 9])
    }
    #expect(error?.description.contains("unexpected keyword argument 'sizes'") == true)
    #expect(error?.kind == .refusal)
  }
}

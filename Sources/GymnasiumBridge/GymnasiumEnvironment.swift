// SPDX-License-Identifier: MIT

package import Environments
package import Kernels
package import ParameterSchema
package import Randomness

/// A Gymnasium environment as a policy meets it, played by a worker that it shares with others.
///
/// An episode is a function of the generator given at reset. Of ALE's games the worker plays single
/// frames without repeated actions; skip and stickiness, the environment's own or those asked for,
/// are drawn here just as the embedded Pong draws them. Any other environment is seeded from the
/// generator's first draw.
package final class GymnasiumEnvironment: RemoteEnvironment {
  package var id: String { GymnasiumDescription.prefix + worker.id }
  package let form: ObservationForm
  package let actions: ActionSpace
  /// The worker that plays; the same for all environments that were made together.
  package let worker: GymnasiumWorker
  /// Called after reset with nil and 0, then after each decision with ALE's actions of its frames
  /// and its reward; where it returns false the environment fails.
  package var onFrames: ((_ actions: [UInt8]?, _ reward: Double) -> Bool)?
  /// What a person should know of how the environment is seen, as sentences.
  package let notes: [String]
  private let index: Int
  private let numbers: [UInt8]
  private let names: [String]
  private let observer: PictureObserver?
  private var frames: DecisionFrames
  private var scratch: [UInt8] = []

  private init(
    _ worker: GymnasiumWorker, _ index: Int, _ numbers: [UInt8], _ frames: DecisionFrames,
    _ view: View
  ) {
    (self.worker, self.index, self.numbers, self.frames) = (worker, index, numbers, frames)
    names = numbers.map { worker.facts.actions[Int($0)] }
    actions = .discrete(names)
    observer = view.observer()
    form = observer?.form ?? ObservationForm(.numbers, width: worker.facts.observation.count)
    notes = view.notes
  }

  /// The environments that a validated configuration asks for, all in one worker.
  ///
  /// - Parameters:
  ///   - logPath: file to which is appended what Python prints; nil is standard error.
  ///   - python: words that start Python; by default what `PythonSetup.python` finds.
  ///   - isStopAsked: see `GymnasiumWorker.init`.
  package static func start(
    _ configuration: ConfigValue, count: Int, logPath: String?, python: [String]? = nil,
    limits: GymnasiumWorker.Limits = .init(),
    isStopAsked: @escaping () -> Bool = { StopRequest.isAsked }
  ) throws(EnvironmentError) -> [GymnasiumEnvironment] {
    let settings = Settings(configuration, section: "environment")
    let id = String(settings.string("id").dropFirst(GymnasiumDescription.prefix.count))
    let worker = try GymnasiumWorker(
      id: id, count: count, kwargs: settings.object("kwargs"), python: python, logPath: logPath,
      limits: limits, isStopAsked: isStopAsked)
    let numbers = try actionNumbers(settings, worker.facts)
    let frames = try DecisionFrames(settings, worker.facts)
    let view = try View(Settings(configuration, section: "observation"), worker.facts, settings)
    try worker.view(
      rows: view.rows, columns: view.columns, channels: view.channels, planes: view.planes)
    for note in view.notes { worker.say("rallybook: \(note)") }
    return (0..<count).map { GymnasiumEnvironment(worker, $0, numbers, frames, view) }
  }

  package func reset(draws: Xoshiro256) throws(EnvironmentError) {
    var seed = draws
    frames.reset(draws: draws)
    // Gymnasium's seeds are not negative.
    try worker.reset(index, seed: UInt32(truncatingIfNeeded: seed.next() >> 33))
    observer?.reset()
    look()
    _ = onFrames?(nil, 0)
  }

  /// Whether it is Pong on ALE, the game that the embedded one is equal to.
  package var isPong: Bool {
    worker.facts.isAtari && worker.kwargs.isEmpty
      && GymnasiumDescription.isPong(GymnasiumDescription.prefix + worker.id)
  }

  package func step(_ action: Action) throws(EnvironmentError) -> Transition {
    submit(action)
    return try collect()
  }

  package func submit(_ action: Action) {
    scratch.removeAll(keepingCapacity: true)
    frames.append(numbers[action.number], to: &scratch)
    worker.send(index, actions: scratch, name: names[action.number])
  }

  package func collect() throws(EnvironmentError) -> Transition {
    var outcome = try worker.outcome(index)
    look()
    if let onFrames, !onFrames(scratch, outcome.reward) {
      throw EnvironmentError(
        environment: worker.id,
        description: "the embedded game's reward differs from the real one's, \(outcome.reward)")
    }
    if frames.count(outcome.frames) && !outcome.isEnd { outcome.ending = .truncated }
    return outcome
  }

  private func look() {
    observer?.look(at: worker.observation(index), bytesPerPixel: 1)
  }

  package func observe(_ writer: inout SignWriter) {
    guard let observer else { fatalError("\(form) is not written as signs") }
    observer.observe(&writer)
  }

  package func observe(into numbers: inout [Float]) {
    if let observer { return observer.observe(into: &numbers) }
    let bytes = worker.observation(index)
    for place in stride(from: 0, to: bytes.count, by: 4) {
      numbers.append(bytes.loadUnaligned(fromByteOffset: place, as: Float.self))
    }
  }

  /// Numbers of the actions offered to the policy.
  private static func actionNumbers(
    _ settings: Settings, _ facts: WorkerFacts
  ) throws(EnvironmentError) -> [UInt8] {
    if settings.isNull("actions") { return facts.ownActions.map { UInt8($0) } }
    var numbers: [UInt8] = []
    for name in settings.strings("actions") {
      guard let number = facts.actions.firstIndex(of: name) else {
        throw .refusal(
          settings.string("id"),
          "environment.actions: found \"\(name)\"; allowed: "
            + facts.actions.joined(separator: ", "))
      }
      numbers.append(UInt8(number))
    }
    return numbers
  }
}

/// The actions of a decision's frames: frame skip and sticky actions, the environment's own or those
/// asked for, drawn as `PongEnvironment` draws them, so that the same generator gives the same game
/// there and on the real machine.
struct DecisionFrames {
  private let skip: ClosedRange<Int>
  private let stickyThreshold: UInt64
  /// Frames after which an episode is truncated.
  private let frameLimit: Int
  private var draws = Xoshiro256(seed: 0)
  private var held: UInt8 = 0
  private var played = 0

  init(_ settings: Settings, _ facts: WorkerFacts) throws(EnvironmentError) {
    frameLimit = settings.optionalInteger("maxFrames") ?? facts.maxFrames ?? Int.max
    guard facts.isAtari else {
      for key in ["frameSkip", "stickyActions"] where !settings.isNull(key) {
        throw .refusal(
          settings.string("id"),
          """
          it is not an Atari game of ALE and decides by itself how long an action is held; \
          environment.\(key) is set, allowed: null
          """)
      }
      (skip, stickyThreshold) = (1...1, 0)
      return
    }
    let own = facts.skip ?? [4, 4]
    skip = settings.isNull("frameSkip") ? own[0]...own[1] : settings.interval("frameSkip")
    let stickyActions = settings.optionalNumber("stickyActions") ?? facts.stickyActions ?? 0
    stickyThreshold = UInt64(stickyActions * 0x1p53)
  }

  /// Begins an episode; before its first frame the action kept is 0, NOOP.
  mutating func reset(draws: Xoshiro256) {
    self.draws = draws
    held = 0
    played = 0
  }

  /// Appends one action for each frame of the decision.
  mutating func append(_ chosen: UInt8, to actions: inout [UInt8]) {
    var frames = skip.lowerBound
    if skip.lowerBound < skip.upperBound {
      frames &+= Int(draws.next(below: UInt32(truncatingIfNeeded: skip.count)))
    }
    for _ in 0..<min(frames, frameLimit &- played) {
      if stickyThreshold == 0 || draws.next() >> 11 >= stickyThreshold { held = chosen }
      actions.append(held)
    }
  }

  /// Counts what was played; true where the limit is reached.
  mutating func count(_ frames: Int) -> Bool {
    played &+= frames
    return played >= frameLimit
  }
}

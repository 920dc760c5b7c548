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
  package var actions: ActionSpace { offer.space }
  /// The worker that plays; the same for all environments that were made together.
  package let worker: GymnasiumWorker
  /// Called after reset with nil and 0, then after each decision with ALE's actions of its frames
  /// and its reward; where it returns false the environment fails.
  package var onFrames: ((_ actions: [UInt8]?, _ reward: Double) -> Bool)?
  /// What a person should know of how the environment is seen, as sentences.
  package let notes: [String]
  let index: Int
  private let offer: ActionOffer
  private let observer: PictureObserver?
  private var frames: DecisionFrames
  private var scratch: [UInt8] = []

  private init(
    _ worker: GymnasiumWorker, _ index: Int, _ offer: ActionOffer, _ frames: DecisionFrames,
    _ view: View
  ) {
    (self.worker, self.index, self.offer, self.frames) = (worker, index, offer, frames)
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
    let observation = Settings(configuration, section: "observation")
    let worker = try GymnasiumWorker(
      id: id, count: count, making: GymnasiumMaking(settings, observation), python: python,
      logPath: logPath, limits: limits, isStopAsked: isStopAsked)
    let offer = try ActionOffer(settings, worker.facts)
    let frames = try DecisionFrames(settings, worker.facts)
    let view = try View(observation, worker.facts, settings)
    try worker.view(
      rows: view.rows, columns: view.columns, channels: view.channels, planes: view.planes)
    for note in view.notes { worker.say("rallybook: \(note)") }
    return (0..<count).map { GymnasiumEnvironment(worker, $0, offer, frames, view) }
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
    worker.facts.isAtari && worker.making == GymnasiumMaking()
      && PongID.isReal(GymnasiumDescription.prefix + worker.id)
  }

  package func step(_ action: Action) throws(EnvironmentError) -> Transition {
    submit(action)
    return try collect()
  }

  package func submit(_ action: Action) {
    scratch.removeAll(keepingCapacity: true)
    let action = offer.own(action)
    if worker.facts.isAtari {
      frames.append(UInt8(action.number), to: &scratch)
    } else {
      offer.append(action, to: &scratch)
    }
    worker.send(index, action, bytes: scratch)
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
}

// SPDX-License-Identifier: MIT

package import Environments
package import ParameterSchema

/// A Python process that steps several environments of one id.
///
/// Requests are answered in their order; decisions of several environments may be under way at a
/// time. After a fault the process is ended, and every later call throws the same.
package final class GymnasiumWorker {
  /// Seconds to wait for a reply.
  package struct Limits: Hashable, Sendable {
    package var start: Double
    package var reset: Double
    package var step: Double

    package init(start: Double = 120, reset: Double = 120, step: Double = 60) {
      self.start = start
      self.reset = reset
      self.step = step
    }
  }

  /// What one decision led to.
  struct Outcome: Hashable {
    var reward: Double
    var frames: Int
    /// 0 the episode goes on, 1 terminated, 2 truncated.
    var ending: UInt8
  }

  /// Gymnasium's id, such as `ALE/Pong-v5`.
  package let id: String
  /// Environments, numbered from 0.
  package let count: Int
  /// What `make` was given beside the id.
  let kwargs: [String: ConfigValue]
  /// What the worker says of itself.
  package let facts: WorkerFacts
  private let limits: Limits
  private let logPath: String?
  private let process: WorkerProcess
  private let memory: SharedMemory
  private var number: UInt32 = 0
  /// Decisions that are not answered yet, in their order.
  private var inFlight: [(index: Int, number: UInt32)] = []
  private var outcomes: [Outcome?]
  private var places: [WorkerPlace]
  private var decisions = 0
  private var broken: EnvironmentError?

  /// Starts the process and waits until its environments are made.
  ///
  /// - Parameters:
  ///   - kwargs: what Gymnasium's `make` is given beside the id.
  ///   - python: words before the script; by default what `PythonSetup.python` finds.
  ///   - logPath: file to which is appended what the process prints; nil is our standard error.
  ///   - folder: where modules are looked for first; by default the current one.
  ///   - script: what runs in place of `worker.py`, for tests of faults.
  ///   - isStopAsked: called at least every 100 ms while the worker is waited for, and between
  ///     decisions; where it is true the worker is ended and what was asked for throws `stopped`.
  package init(
    id: String, count: Int = 1, kwargs: [String: ConfigValue] = [:], python: [String]? = nil,
    logPath: String? = nil, limits: Limits = Limits(), script: [UInt8]? = nil,
    folder: String? = nil, isStopAsked: @escaping () -> Bool = { WorkerStop.isAsked }
  ) throws(EnvironmentError) {
    precondition((1...4096).contains(count), "\(count) environments; allowed: 1 to 4096")
    self.id = id
    self.count = count
    self.kwargs = kwargs
    self.limits = limits
    self.logPath = logPath
    outcomes = Array(repeating: nil, count: count)
    places = Array(repeating: WorkerPlace(count: count), count: count)
    let place = WorkerPlace(count: count)
    let process: WorkerProcess
    do throws(WorkerFault) {
      (process, memory) = try Self.start(
        id, python: python ?? [PythonSetup.python], script: script ?? PythonSetup.script,
        logPath: logPath, isStopAsked: isStopAsked)
    } catch {
      throw Self.error(error, at: place, id: id, lastLine: nil, logPath: logPath)
    }
    self.process = process
    do throws(WorkerFault) {
      facts = try Self.greet(
        process,
        HelloRequest(
          id: id, count: count, kwargs: kwargs, folder: folder ?? PythonSetup.currentFolder ?? "."),
        seconds: limits.start)
    } catch {
      throw Self.error(
        error, at: place, id: id, lastLine: process.output?.lastLine, logPath: logPath)
    }
  }

  private static func start(
    _ id: String, python: [String], script: [UInt8], logPath: String?,
    isStopAsked: @escaping () -> Bool
  ) throws(WorkerFault) -> (WorkerProcess, SharedMemory) {
    guard let memory = SharedMemory() else {
      throw .notStarted(python: python.joined(separator: " "), reason: errnoSentence())
    }
    let process = try WorkerProcess(
      python: python, arguments: ["rallybook-worker", id], script: script,
      memory: memory.descriptor, logPath: logPath, isStopAsked: isStopAsked)
    return (process, memory)
  }

  private static func greet(
    _ process: WorkerProcess, _ hello: HelloRequest, seconds: Double
  ) throws(WorkerFault) -> WorkerFacts {
    do throws(WorkerFault) {
      let reply = try process.exchange(
        .hello, WireFormat.json(hello), number: 0, seconds: seconds)
      let facts = try WireFormat.parsed(WorkerFacts.self, reply)
      guard facts.protocol == Int(WireFormat.version) else {
        throw .nonsense(
          Nonsense(found: "protocol \(facts.protocol)", allowed: "\(WireFormat.version)"))
      }
      return facts
    } catch {
      process.kill()
      throw error
    }
  }

  // MARK: Requests

  /// Fixes which pixels are kept, none of observations that are no pictures. Once, before the first
  /// reset.
  ///
  /// - Parameter planes: bytes of a pixel that are kept.
  func view(
    rows: [Int], columns: [Int], channels: Channels = .red, planes: Int = 1
  ) throws(EnvironmentError) {
    let place = WorkerPlace(count: count)
    let asked = WireFormat.json(ViewRequest(rows: rows, columns: columns, channels: channels))
    let reply = try request(.view, asked, seconds: limits.start, at: place)
    let expected = rows.isEmpty ? 4 * facts.observation.count : planes * rows.count * columns.count
    do throws(WorkerFault) {
      let found = try WireFormat.parsed(ViewReply.self, reply).slotBytes
      guard found == expected, memory.map(slotBytes: expected, count: count) else {
        throw .nonsense(
          Nonsense(found: "\(found) bytes for an observation", allowed: "\(expected)"))
      }
    } catch {
      throw fail(error, at: place)
    }
  }

  /// Begins an episode of one environment.
  func reset(_ index: Int, seed: UInt32) throws(EnvironmentError) {
    outcomes[index] = nil
    places[index].phase = .resetting
    places[index].environments = [index]
    places[index].episode += 1
    places[index].decision = 0
    var payload: [UInt8] = []
    payload.append(UInt32(index))
    payload.append(seed)
    let reply = try request(.reset, payload, seconds: limits.reset, at: places[index])
    if !reply.isEmpty {
      throw fail(
        .nonsense(Nonsense(found: "\(reply.count) bytes after a reset", allowed: "none")),
        at: places[index])
    }
  }

  /// Sends a decision of one environment; the worker takes those of all environments in turn, and
  /// need never wait for us while it has another.
  ///
  /// - Parameter actions: one for each frame of an Atari game; elsewhere a single one.
  func send(_ index: Int, actions: [UInt8], name: String) {
    precondition(
      !inFlight.contains { $0.index == index }, "environment \(index) has been asked already")
    if broken != nil { return }
    var payload: [UInt8] = []
    payload.append(UInt16(index))
    payload.append(UInt16(actions.count))
    payload += actions
    places[index].decision += 1
    places[index].action = name
    places[index].phase = .stepping
    places[index].environments = [index]
    number &+= 1
    inFlight.append((index, number))
    do throws(WorkerFault) {
      try process.ask(.step, payload, number: number, until: Deadline(seconds: limits.step))
    } catch {
      // Thrown to whoever asks for the outcome.
      _ = fail(error, at: place(index))
    }
  }

  /// What the decision of an environment led to.
  func outcome(_ index: Int) throws(EnvironmentError) -> Outcome {
    while true {
      if let outcome = outcomes[index] {
        outcomes[index] = nil
        return outcome
      }
      try receiveOutcome()
    }
  }

  /// The bytes of an environment's observation, until its next decision.
  func observation(_ index: Int) -> UnsafeRawBufferPointer { memory.slot(index) }

  /// Plays an Atari game's actions frame by frame and gives all that can be seen of it.
  func record(_ index: Int, actions: [UInt8]) throws(EnvironmentError) -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(UInt16(index))
    places[index].phase = .recording
    places[index].environments = [index]
    return try request(.record, payload + actions, seconds: limits.step, at: places[index])
  }

  /// Writes a line of ours to the log.
  func say(_ line: String) { process.output?.say(line) }

  /// The error of a reply that no worker of ours sends.
  func nonsense(found: String, allowed: String) -> EnvironmentError {
    fail(.nonsense(Nonsense(found: found, allowed: allowed)), at: places[0])
  }

  /// Waits for the oldest decision that is not answered yet.
  private func receiveOutcome() throws(EnvironmentError) {
    if let broken { throw broken }
    precondition(!inFlight.isEmpty, "no environment has been asked")
    let (index, number) = inFlight.removeFirst()
    do throws(WorkerFault) {
      let reply = try process.reply(
        .step, number: number, until: Deadline(seconds: limits.step))
      guard reply.count == 16 else {
        throw .nonsense(Nonsense(found: "\(reply.count) bytes for a decision", allowed: "16"))
      }
      let outcome = Outcome(
        reward: Double(bitPattern: reply.longWord(at: 0)), frames: Int(reply.word(at: 8)),
        ending: reply[12])
      if !outcome.reward.isFinite {
        throw .nonsense(Nonsense(found: "the reward \(outcome.reward)", allowed: "a number"))
      }
      if outcome.ending > 2 {
        throw .nonsense(Nonsense(found: "the ending \(outcome.ending)", allowed: "0 to 2"))
      }
      outcomes[index] = outcome
    } catch {
      var place = place(index)
      switch error {
      case .raised, .unusable, .refused, .nonsense: break
      default: place.environments += inFlight.map(\.index)
      }
      throw fail(error, at: place)
    }
    decisions += 1
  }

  private func place(_ index: Int) -> WorkerPlace {
    var place = places[index]
    place.decisions = decisions
    return place
  }

  // MARK: Exchange

  private func request(
    _ kind: WireFormat.Kind, _ payload: [UInt8], seconds: Double, at place: WorkerPlace
  ) throws(EnvironmentError) -> [UInt8] {
    while !inFlight.isEmpty { try receiveOutcome() }
    if let broken { throw broken }
    number &+= 1
    do throws(WorkerFault) {
      return try process.exchange(kind, payload, number: number, seconds: seconds)
    } catch {
      // It may say which environment it happened in.
      guard let index = error.environment, places.indices.contains(index) else {
        throw fail(error, at: place)
      }
      var exact = places[index]
      (exact.phase, exact.environments, exact.decisions) = (place.phase, [index], place.decisions)
      throw fail(error, at: exact)
    }
  }

  /// Ends the process; nothing works from now on.
  private func fail(_ fault: WorkerFault, at place: WorkerPlace) -> EnvironmentError {
    process.kill()
    let error = Self.error(
      fault, at: place, id: id, lastLine: process.output?.lastLine, logPath: logPath)
    broken = error
    return error
  }

  private static func error(
    _ fault: WorkerFault, at place: WorkerPlace, id: String, lastLine: String?, logPath: String?
  ) -> EnvironmentError {
    let name = "gymnasium:\(id)"
    if case .stopped = fault { return .stopped(name) }
    let sentence = Wording.fault(
      fault, at: place, environment: name, lastLine: lastLine, logPath: logPath)
    let isRefusal =
      switch fault {
      case .refused: true
      // What cannot be made cannot be for any seed.
      case .raised, .notStarted: place.phase == .starting
      default: false
      }
    return EnvironmentError(
      environment: name, description: sentence, kind: isRefusal ? .refusal : .fault)
  }
}

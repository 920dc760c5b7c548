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
    let start: Double
    let reset: Double
    let step: Double

    package init(start: Double = 120, reset: Double = 120, step: Double = 60) {
      (self.start, self.reset, self.step) = (start, reset, step)
    }
  }

  /// What one decision led to.
  struct Outcome {
    let reward: Double
    let frames: Int
    /// 0 the episode goes on, 1 terminated, 2 truncated.
    let ending: UInt8
  }

  /// What stands after one act, one frame, of an Atari game.
  package struct Frame {
    package let reward: Int
    /// zlib's CRC-32 over the screen's palette indices, row by row.
    package let crc: UInt32
    /// The machine's 128 bytes, from address 0x80.
    package let memory: [UInt8]
  }

  /// Gymnasium's id, such as `ALE/Pong-v5`.
  let id: String
  /// What `make` was given beside the id.
  let kwargs: [String: ConfigValue]
  /// What the worker says of itself.
  package let facts: WorkerFacts
  private let limits: Limits
  private let logPath: String?
  private let process: WorkerProcess
  private let memory: SharedMemory
  /// Decisions that are not answered yet, in their order.
  private var inFlight: [(index: Int, request: WorkerProtocol.Request)] = []
  private var outcomes: [Outcome?]
  /// Of each environment.
  private var places: [WorkerPlace]
  private var decisions = 0
  private var broken: EnvironmentError?

  /// Starts the process and waits until its environments are made.
  ///
  /// - Parameters:
  ///   - count: environments, numbered from 0.
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
    folder: String? = nil, isStopAsked: @escaping () -> Bool = { StopRequest.isAsked }
  ) throws(EnvironmentError) {
    precondition((1...4096).contains(count), "\(count) environments; allowed: 1 to 4096")
    (self.id, self.kwargs, self.limits, self.logPath) = (id, kwargs, limits, logPath)
    outcomes = Array(repeating: nil, count: count)
    places = (0..<count).map { WorkerPlace($0, of: count) }
    let python = python ?? [PythonSetup.python]
    do throws(WorkerFault) {
      guard let memory = SharedMemory() else {
        throw .notStarted(python, reason: errnoSentence())
      }
      self.memory = memory
      process = try WorkerProcess(
        python: python, arguments: ["rallybook-worker", id], script: script ?? PythonSetup.script,
        memory: memory, logPath: logPath, isStopAsked: isStopAsked)
      facts = try Self.greet(
        process,
        HelloRequest(
          id: id, count: count, kwargs: kwargs, folder: folder ?? PythonSetup.currentFolder),
        until: Deadline(seconds: limits.start))
    } catch {
      throw error.error(at: WorkerPlace(of: count), id: id, logPath: logPath)
    }
  }

  private static func greet(
    _ process: WorkerProcess, _ hello: HelloRequest, until deadline: Deadline
  ) throws(WorkerFault) -> WorkerFacts {
    do throws(WorkerFault) {
      let request = try process.ask(.hello, WorkerProtocol.json(hello), until: deadline)
      let facts = try WorkerProtocol.parsed(
        WorkerFacts.self, process.reply(to: request, until: deadline))
      guard facts.protocol == Int(WorkerProtocol.version) else {
        throw .nonsense(
          found: "protocol \(facts.protocol)", allowed: "\(WorkerProtocol.version)")
      }
      return facts
    } catch {
      throw process.end(with: error)
    }
  }

  // MARK: Requests

  /// Fixes which pixels are kept, none of observations that are no pictures. Once, before the first
  /// reset.
  ///
  /// - Parameter planes: bytes of a pixel that are kept.
  package func view(
    rows: [Int], columns: [Int], channels: Channels = .red, planes: Int = 1
  ) throws(EnvironmentError) {
    let place = WorkerPlace(of: places.count)
    let asked = ViewRequest(rows: rows, columns: columns, channels: channels)
    let reply = try request(.view, WorkerProtocol.json(asked), seconds: limits.start, at: place)
    let expected = rows.isEmpty ? 4 * facts.observation.count : planes * rows.count * columns.count
    do throws(WorkerFault) {
      let found = try WorkerProtocol.parsed(ViewReply.self, reply).slotBytes
      guard found == expected, memory.map(slotBytes: expected, count: places.count) else {
        throw .nonsense(found: "\(found) bytes for an observation", allowed: "\(expected)")
      }
    } catch {
      throw fail(error, at: place)
    }
  }

  /// Begins an episode of one environment.
  package func reset(_ index: Int, seed: UInt32) throws(EnvironmentError) {
    outcomes[index] = nil
    places[index].phase = .resetting
    places[index].episode += 1
    places[index].decision = 0
    var payload: [UInt8] = []
    payload.append(bytesOf: UInt32(index))
    payload.append(bytesOf: seed)
    let reply = try request(.reset, payload, seconds: limits.reset, at: places[index])
    if !reply.isEmpty {
      throw nonsense(found: "\(reply.count) bytes after a reset", allowed: "none", at: index)
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
    payload.append(bytesOf: UInt16(index))
    payload.append(bytesOf: UInt16(actions.count))
    payload += actions
    places[index].decision += 1
    places[index].action = name
    places[index].phase = .stepping
    do throws(WorkerFault) {
      let deadline = Deadline(seconds: limits.step)
      inFlight.append((index, try process.ask(.step, payload, until: deadline)))
    } catch {
      // Thrown to whoever asks for the outcome.
      _ = fail(error, at: places[index])
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

  /// Plays an Atari game's actions frame by frame, at most until the game is over.
  ///
  /// - Returns: each frame, CRC-32 of that before them, and whether the game is over.
  package func record(
    _ index: Int, actions: [UInt8]
  ) throws(EnvironmentError) -> (frames: [Frame], before: UInt32, isOver: Bool) {
    var payload: [UInt8] = []
    payload.append(bytesOf: UInt16(index))
    places[index].phase = .recording
    let reply = try request(
      .record, payload + actions, seconds: limits.step, at: places[index])
    let size = 136
    let count = (reply.count - 8) / size
    guard reply.count == 8 + count * size, count <= actions.count else {
      throw nonsense(
        found: "\(reply.count) bytes for \(actions.count) acts", allowed: "\(size) for each",
        at: index)
    }
    let frames = (0..<count).map { i in
      let bytes = reply[(8 + i * size)...].prefix(size)
      return Frame(
        reward: Int(Int32(bitPattern: bytes.word(at: 0))), crc: bytes.word(at: 4),
        memory: Array(bytes.dropFirst(8)))
    }
    return (frames, reply.word(at: 4), reply[0] != 0)
  }

  /// Writes a line of ours to the log.
  func say(_ line: String) { process.output?.say(line) }

  /// The error of a reply that no worker of ours sends.
  private func nonsense(found: String, allowed: String, at index: Int) -> EnvironmentError {
    fail(.nonsense(found: found, allowed: allowed), at: places[index])
  }

  // MARK: Replies

  /// Waits for the oldest decision that is not answered yet.
  private func receiveOutcome() throws(EnvironmentError) {
    if let broken { throw broken }
    precondition(!inFlight.isEmpty, "no environment has been asked")
    let (index, request) = inFlight.removeFirst()
    do throws(WorkerFault) {
      let reply = try process.reply(to: request, until: Deadline(seconds: limits.step))
      guard reply.count == 16 else {
        throw .nonsense(found: "\(reply.count) bytes for a decision", allowed: "16")
      }
      let outcome = Outcome(
        reward: Double(bitPattern: reply.word(at: 0, as: UInt64.self)),
        frames: Int(reply.word(at: 8)),
        ending: reply[12])
      if !outcome.reward.isFinite {
        throw .nonsense(found: "the reward \(outcome.reward)", allowed: "a number")
      }
      if outcome.ending > 2 {
        throw .nonsense(found: "the ending \(outcome.ending)", allowed: "0 to 2")
      }
      outcomes[index] = outcome
    } catch {
      var place = places[index]
      if error.kind == .lost { place.waiting += inFlight.count }
      throw fail(error, at: place)
    }
    decisions += 1
  }

  private func request(
    _ kind: WorkerProtocol.Kind, _ payload: [UInt8], seconds: Double, at place: WorkerPlace
  ) throws(EnvironmentError) -> [UInt8] {
    while !inFlight.isEmpty { try receiveOutcome() }
    if let broken { throw broken }
    do throws(WorkerFault) {
      let deadline = Deadline(seconds: seconds)
      return try process.reply(
        to: process.ask(kind, payload, until: deadline), until: deadline)
    } catch {
      // It may say which environment it happened in.
      guard let index = error.environment, places.indices.contains(index) else {
        throw fail(error, at: place)
      }
      places[index].phase = place.phase
      throw fail(error, at: places[index])
    }
  }

  /// Ends the process; nothing works from now on.
  private func fail(_ fault: WorkerFault, at place: WorkerPlace) -> EnvironmentError {
    var place = place
    place.decisions = decisions
    let error = process.end(with: fault).error(at: place, id: id, logPath: logPath)
    broken = error
    return error
  }
}

// SPDX-License-Identifier: MIT

package import Environments

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
  /// What the worker says of itself.
  package let facts: WorkerFacts
  private let limits: Limits
  private let logPath: String?
  private let logStart: Int
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
  ///   - python: words before the script; by default what `PythonSetup.python` finds.
  ///   - logPath: file to which is appended what the process prints; nil is our standard error.
  ///   - script: what runs in place of `worker.py`, for tests of faults.
  package init(
    id: String, count: Int = 1, python: [String]? = nil, logPath: String? = nil,
    limits: Limits = Limits(), script: [UInt8]? = nil
  ) throws(EnvironmentError) {
    precondition((1...4096).contains(count), "\(count) environments; allowed: 1 to 4096")
    self.id = id
    self.count = count
    self.limits = limits
    self.logPath = logPath
    logStart = logPath.map(WorkerLog.byteCount) ?? 0
    outcomes = Array(repeating: nil, count: count)
    places = Array(repeating: WorkerPlace(count: count), count: count)
    do throws(WorkerFault) {
      (process, memory, facts) = try Self.start(
        HelloRequest(id: id, count: count), python: python ?? [PythonSetup.python],
        logPath: logPath, seconds: limits.start, script: script ?? PythonSetup.script)
    } catch {
      let lastLine = logPath.flatMap { [logStart] in WorkerLog.lastLine(of: $0, from: logStart) }
      throw Self.error(
        error, at: WorkerPlace(count: count), id: id, lastLine: lastLine, logPath: logPath)
    }
  }

  private static func start(
    _ hello: HelloRequest, python: [String], logPath: String?, seconds: Double, script: [UInt8]
  ) throws(WorkerFault) -> (WorkerProcess, SharedMemory, WorkerFacts) {
    guard let memory = SharedMemory() else {
      throw .notStarted(python: python.joined(separator: " "), reason: errnoSentence())
    }
    let process = try WorkerProcess(
      python: python, arguments: ["rallybook-worker", hello.id], script: script,
      memory: memory.descriptor, logPath: logPath)
    do throws(WorkerFault) {
      let reply = try process.exchange(
        .hello, WireFormat.json(hello), number: 0, seconds: seconds)
      let facts = try WireFormat.parsed(WorkerFacts.self, reply)
      guard facts.protocol == Int(WireFormat.version) else {
        throw .nonsense(
          Nonsense(found: "protocol \(facts.protocol)", allowed: "\(WireFormat.version)"))
      }
      return (process, memory, facts)
    } catch {
      process.kill()
      throw error
    }
  }

  // MARK: Requests

  /// Fixes which pixels are kept; both empty for observations that are no pictures. Once, before the
  /// first reset.
  func view(rows: [Int], columns: [Int]) throws(EnvironmentError) {
    let place = WorkerPlace(count: count)
    let asked = WireFormat.json(ViewRequest(rows: rows, columns: columns))
    let reply = try request(.view, asked, seconds: limits.start, at: place)
    let expected = rows.isEmpty ? 4 * facts.observation.count : rows.count * columns.count
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
  func witness(_ index: Int, actions: [UInt8]) throws(EnvironmentError) -> [UInt8] {
    var payload: [UInt8] = []
    payload.append(UInt16(index))
    places[index].phase = .recording
    places[index].environments = [index]
    return try request(.witness, payload + actions, seconds: limits.step, at: places[index])
  }

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
      case .raised, .nonsense: break
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
      // A raise names the environment that it happened in.
      guard case .raised(_, _, let index?) = error, places.indices.contains(index) else {
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
    let lastLine = logPath.flatMap { WorkerLog.lastLine(of: $0, from: logStart) }
    let error = Self.error(fault, at: place, id: id, lastLine: lastLine, logPath: logPath)
    broken = error
    return error
  }

  private static func error(
    _ fault: WorkerFault, at place: WorkerPlace, id: String, lastLine: String?, logPath: String?
  ) -> EnvironmentError {
    let name = "gymnasium:\(id)"
    let sentence = Wording.fault(
      fault, at: place, environment: name, lastLine: lastLine, logPath: logPath)
    return EnvironmentError(environment: name, description: sentence)
  }
}

// SPDX-License-Identifier: MIT

package import Environments

/// A Python process that steps several environments of one id.
///
/// Decisions of several environments go in one message, since a message costs more than a step of a
/// quick environment. There are two of them at a time: while the worker plays one half of the
/// environments, we learn from the other. After a fault the process is ended, and every later call
/// throws the same.
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

  /// What stands after one act, one frame, of an Atari game.
  package struct Frame {
    /// Of each player.
    package let rewards: [Int]
    /// zlib's CRC-32 over the screen's palette indices, row by row.
    package let crc: UInt32
    /// The machine's 128 bytes, from address 0x80.
    package let memory: [UInt8]
  }

  /// Gymnasium's id, such as `ALE/Pong-v5`.
  let id: String
  /// What its environments are made of beside the id.
  let making: GymnasiumMaking
  /// What the worker says of itself.
  package let facts: WorkerFacts
  private let limits: Limits
  private let process: WorkerProcess
  /// Decisions that are not sent yet: the environments, and what the message will be.
  private var waiting: [Int] = []
  private var payload: [UInt8] = []
  /// Messages that are not answered yet, in their order, with the environments of each.
  private var inFlight: [(indices: [Int], request: WorkerProtocol.Request)] = []
  private var outcomes: [Transition?]
  /// Of each environment.
  private var places: [WorkerPlace]
  private var decisions = 0

  /// Starts the process and waits until its environments are made.
  ///
  /// - Parameters:
  ///   - count: environments, numbered from 0.
  ///   - making: what else they are made of.
  ///   - python: words before the script; by default what `PythonSetup.python` finds.
  ///   - logPath: file to which is appended what the process prints; nil is our standard error.
  ///   - folder: where modules are looked for first; by default the current one.
  ///   - script: what runs in place of `worker.py`, for tests of faults.
  ///   - isStopAsked: called at least every 100 ms while the worker is waited for, and between
  ///     decisions; where it is true the worker is ended and what was asked for throws `stopped`.
  package init(
    id: String, count: Int = 1, making: GymnasiumMaking = .init(), python: [String]? = nil,
    logPath: String? = nil, limits: Limits = Limits(), script: [UInt8]? = nil,
    folder: String? = nil, isStopAsked: @escaping () -> Bool = { StopRequest.isAsked }
  ) throws(EnvironmentError) {
    precondition((1...4096).contains(count), "\(count) environments; allowed: 1 to 4096")
    (self.id, self.making, self.limits) = (id, making, limits)
    outcomes = Array(repeating: nil, count: count)
    places = (0..<count).map { WorkerPlace($0, of: count) }
    process = try WorkerProcess(
      id: id, python: python ?? [PythonSetup.python], script: script ?? PythonSetup.script,
      place: places[0], logPath: logPath, isStopAsked: isStopAsked)
    let hello = HelloRequest(
      id: id, count: count, folder: folder ?? PythonSetup.currentFolder, making: making)
    facts = try process.parsed(
      WorkerFacts.self,
      process.exchange(.hello, WorkerProtocol.json(hello), seconds: limits.start))
    try process.check(
      facts.protocol == Int(WorkerProtocol.version), allowed: "\(WorkerProtocol.version)",
      "protocol \(facts.protocol)")
    for index in places.indices { places[index].names = facts.space.names ?? [] }
  }

  // MARK: Requests

  /// Fixes which pixels are kept, none of observations that are no pictures. Once, before the first
  /// reset.
  ///
  /// - Parameter planes: bytes of a pixel that are kept.
  package func view(
    rows: [Int], columns: [Int], channels: Channels = .red, planes: Int = 1
  ) throws(EnvironmentError) {
    let asked = ViewRequest(rows: rows, columns: columns, channels: channels)
    _ = try process.exchange(.view, WorkerProtocol.json(asked), seconds: limits.start)
    let size = rows.isEmpty ? 4 * facts.observation.count : planes * rows.count * columns.count
    try process.check(
      process.memory.map(slotBytes: size, count: places.count),
      allowed: "\(size * places.count)", "memory of another size")
  }

  /// Begins an episode of one environment.
  package func reset(_ index: Int, seed: UInt32) throws(EnvironmentError) {
    places[index].phase = .resetting
    places[index].episode += 1
    places[index].decision = 0
    var payload: [UInt8] = []
    payload.append(bytesOf: UInt32(index))
    payload.append(bytesOf: seed)
    let reply = try request(.reset, payload, of: index, seconds: limits.reset)
    try process.check(reply.isEmpty, allowed: "none", "\(reply.count) bytes after a reset")
  }

  /// Takes a decision of one environment; it is sent with half of the others, or when an outcome is
  /// asked for.
  ///
  /// - Parameters:
  ///   - action: by the number that it has among all of the space's.
  ///   - bytes: the action's, or those of each frame of an Atari game.
  func send(_ index: Int, _ action: Action, bytes: [UInt8]) {
    payload.append(bytesOf: UInt16(index))
    payload.append(bytesOf: UInt16(bytes.count))
    payload += bytes
    places[index].decision += 1
    places[index].action = action
    places[index].phase = .stepping
    waiting.append(index)
    if 2 * waiting.count >= places.count { flush() }
  }

  private func flush() {
    guard let first = waiting.first else { return }
    process.place = place(first)
    // What goes wrong is thrown to whoever asks for the outcome.
    if let request = try? process.ask(.step, payload, until: Deadline(seconds: limits.step)) {
      inFlight.append((waiting, request))
    }
    waiting.removeAll(keepingCapacity: true)
    payload.removeAll(keepingCapacity: true)
  }

  /// What the decision of an environment led to.
  func outcome(_ index: Int) throws(EnvironmentError) -> Transition {
    while true {
      if let outcome = outcomes[index] {
        outcomes[index] = nil
        return outcome
      }
      flush()
      try receiveOutcomes()
    }
  }

  /// The bytes of an environment's observation, until its next decision.
  func observation(_ index: Int) -> UnsafeRawBufferPointer {
    process.memory.slot(index)
  }

  /// Plays an Atari game's actions frame by frame, at most until the game is over.
  ///
  /// - Parameter actions: of each frame, those of each player.
  /// - Returns: each frame, CRC-32 of that before them, and whether the game is over.
  package func record(
    _ index: Int, actions: [[UInt8]]
  ) throws(EnvironmentError) -> (frames: [Frame], before: UInt32, isOver: Bool) {
    var payload: [UInt8] = []
    payload.append(bytesOf: UInt16(index))
    places[index].phase = .recording
    let reply = try request(
      .record, payload + actions.joined(), of: index, seconds: limits.step)
    let rewardBytes = 4 * (actions.first?.count ?? 1)
    let size = rewardBytes + 132
    let count = (reply.count - 8) / size
    try process.check(
      reply.count == 8 + count * size && count <= actions.count, allowed: "\(size) for each",
      "\(reply.count) bytes for \(actions.count) acts")
    let frames = (0..<count).map { i in
      let bytes = reply.dropFirst(8 + i * size).prefix(size)
      let rewards = stride(from: 0, to: rewardBytes, by: 4)
        .map { Int(Int32(bitPattern: bytes.word(at: $0))) }
      return Frame(
        rewards: rewards, crc: bytes.word(at: rewardBytes),
        memory: Array(bytes.dropFirst(rewardBytes + 4)))
    }
    return (frames, reply.word(at: 4), reply.first != 0)
  }

  /// Writes a line of ours to the log.
  func say(_ line: String) { process.output?.say(line) }

  // MARK: Replies

  /// Waits for the oldest message that is not answered yet.
  private func receiveOutcomes() throws(EnvironmentError) {
    if let broken = process.broken { throw broken }
    precondition(!inFlight.isEmpty, "no environment has been asked")
    let (indices, request) = inFlight[0]
    process.place = place(indices[0])
    let reply = try process.reply(to: request, until: Deadline(seconds: limits.step)) {
      self.decisions += $0
      return self.place(indices[min($0, indices.count - 1)])
    }
    inFlight.removeFirst()
    try process.check(
      reply.count == 16 * indices.count, allowed: "16 each",
      "\(reply.count) bytes for \(indices.count) decisions")
    for (k, index) in indices.enumerated() {
      let reward = Double(bitPattern: reply.word(at: 16 * k, as: UInt64.self))
      let ending = Int(reply[reply.startIndex + 16 * k + 12])
      try process.check(reward.isFinite, allowed: "a number", "the reward \(reward)")
      try process.check(ending <= 2, allowed: "0 to 2", "the ending \(ending)")
      outcomes[index] = Transition(
        reward: reward, frames: Int(reply.word(at: 16 * k + 8)),
        ending: [.none, .terminated, .truncated][ending])
      decisions += 1
    }
  }

  private func request(
    _ kind: WorkerProtocol.Kind, _ payload: [UInt8], of index: Int, seconds: Double
  ) throws(EnvironmentError) -> ArraySlice<UInt8> {
    flush()
    while !inFlight.isEmpty { try receiveOutcomes() }
    // An episode may end before the outcome of its last decision is asked for.
    outcomes[index] = nil
    process.place = place(index)
    return try process.exchange(kind, payload, seconds: seconds)
  }

  private func place(_ index: Int) -> WorkerPlace {
    var place = places[index]
    place.decisions = decisions
    place.waiting = max(1, inFlight.reduce(0) { $0 + $1.indices.count } + waiting.count)
    return place
  }
}

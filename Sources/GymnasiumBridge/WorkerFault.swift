// SPDX-License-Identifier: MIT

import Diagnostics
package import Environments

/// What went wrong with a worker.
struct WorkerFault {
  enum Kind {
    /// The process could not be started.
    case notStarted
    /// It ended by itself, or gave no reply in time.
    case lost
    /// Python raised an exception.
    case raised
    /// The worker says why it cannot give what was asked for, whatever the seed.
    case refused
    /// What came cannot be used: an environment gave it, or it is no reply of a worker of ours.
    case unusable
    /// We were asked to stop while we waited.
    case stopped
  }

  let kind: Kind
  /// What happened; a semicolon at its end parts it from where.
  let sentence: String
  /// The exception's own words.
  private var message = ""
  /// Whether a package of ours is not installed.
  private var lacksPackage = false

  init(_ kind: Kind, _ sentence: String) { (self.kind, self.sentence) = (kind, sentence) }

  /// A reply that no worker of ours sends.
  static func nonsense(found: String, allowed: String) -> WorkerFault {
    WorkerFault(.unusable, "the Python worker sent \(found); allowed: \(allowed);")
  }

  /// What the worker says instead of a reply.
  init(_ reply: FaultReply) {
    switch reply.type {
    case "Refusal": self.init(.refused, reply.message)
    case "Unusable": self.init(.unusable, reply.message + ";")
    default:
      let said = reply.message.isEmpty ? "" : ": \(reply.message);"
      self.init(.raised, "Python raised \(reply.type)\(said)")
      (message, lacksPackage) = (reply.message, reply.lacks != nil)
    }
  }

  /// The error of a trial, on one line, as it stands in tables and lists: what happened and where,
  /// how it is mended, the last line that the worker printed, and the log.
  func error(
    at place: WorkerPlace, id: String, lastLine: String?, logPath: String?
  ) -> EnvironmentError {
    let isTwoPlayerPong = id == GymnasiumDescription.twoPlayerPong
    let name = (isTwoPlayerPong ? "" : GymnasiumDescription.prefix) + id
    // It says all, and holds wherever the worker was.
    if kind == .refused { return .refusal(name, sentence) }
    if kind == .stopped { return .stopped(name) }
    var parts = ["\(name): \(sentence(at: place))"]
    if kind == .notStarted || lacksPackage {
      parts.append(
        "Python with gymnasium and ale-py is installed by: \(PythonSetup.mendingCommand)")
    }
    if let lastLine, !isSaid(lastLine) { parts.append("its last line: \(lastLine)") }
    if let logPath, logPath != "/dev/null" { parts.append("log: \(logPath)") }
    // What cannot be made cannot be for any seed.
    let isRefusal = place.phase == .starting && (kind == .raised || kind == .notStarted)
    let isEarly =
      place.episode == 1 && place.decisions == 0 && (kind == .raised || kind == .unusable)
    return EnvironmentError(
      environment: name,
      description: parts.joined(separator: "; ").split(whereSeparator: \.isNewline)
        .joined(separator: " "),
      kind: isRefusal ? .refusal : isEarly ? .earlyFault : .fault)
  }

  /// A place among decisions stands behind what happened, the start before it.
  private func sentence(at place: WorkerPlace) -> String {
    guard place.phase == .starting else {
      return "\(sentence) \(place.words(isShared: kind == .lost))"
    }
    let text = sentence.hasSuffix(";") ? String(sentence.dropLast()) : sentence
    return kind == .notStarted ? text : "at the start, " + text
  }

  /// Whether a line, as the last one of a traceback, says the same.
  private func isSaid(_ line: String) -> Bool {
    guard kind == .raised else { return false }
    let last = message.split(whereSeparator: \.isNewline).last.map { String($0.prefix(200)) } ?? ""
    return last.isEmpty || line.contains(last)
  }
}

/// What a worker was doing.
struct WorkerPlace {
  enum Phase { case starting, resetting, stepping, recording }

  /// The environment that was asked, of so many.
  let index: Int
  let count: Int
  var phase = Phase.starting
  /// Environments that wait for an answer.
  var waiting = 1
  /// Decisions that were taken in all environments since the worker started.
  var decisions = 0
  /// Episodes begun in this environment, decisions of the current one, the last action.
  var episode = 0
  var decision = 0
  var action = Action.number(0)
  /// Of all actions by number, where they have any.
  var names: [String] = []

  init(_ index: Int = 0, of count: Int) { (self.index, self.count) = (index, count) }

  private var shownAction: String {
    switch action {
    case .number(let number): names[number]
    case .entries(let entries):
      "[" + entries.prefix(8).map { "\($0)" }.joined(separator: ", ")
        + (entries.count > 8 ? ", …]" : "]")
    }
  }

  /// `at decision 4: episode 1 since its start, its decision 4, action 1`
  ///
  /// - Parameter isShared: whether it happened to all that wait.
  func words(isShared: Bool) -> String {
    let one = " in environment \(index + 1) of \(count)"
    let which =
      count == 1 ? "" : isShared && waiting > 1 ? " in \(waiting) of \(count) environments" : one
    let episode = "episode \(Numbers.whole(episode)) since its start"
    switch phase {
    case .starting: return "at the start"
    case .resetting: return "at the reset before \(episode)\(which)"
    case .recording: return "while a game was recorded"
    case .stepping:
      return """
        at decision \(Numbers.whole(decisions + 1))\(which): \(episode), its decision \
        \(Numbers.whole(decision)), action \(shownAction)
        """
    }
  }
}

extension EnvironmentError {
  /// What cannot be had, whatever the seed.
  package static func refusal(_ id: String, _ sentence: String) -> EnvironmentError {
    EnvironmentError(environment: id, description: "\(id): \(sentence)", kind: .refusal)
  }
}

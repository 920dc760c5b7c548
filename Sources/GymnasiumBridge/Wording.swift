// SPDX-License-Identifier: MIT

import Diagnostics

/// Sentences for people.
enum Wording {
  /// What happened and where; then the last line that the worker printed, and the log: on one line,
  /// as it stands in tables and lists.
  static func fault(
    _ fault: WorkerFault, at place: WorkerPlace, environment: String, lastLine: String?,
    logPath: String?
  ) -> String {
    // A refusal says all, and holds wherever the worker was.
    if case .refused(let sentence) = fault { return "\(environment): \(sentence)" }
    var parts = ["\(environment): \(told(fault, at: place))"]
    if let mending = mend(fault) { parts.append(mending) }
    if let lastLine, !isSaid(lastLine, by: fault) { parts.append("its last line: \(lastLine)") }
    if let logPath, logPath != "/dev/null" { parts.append("log: \(logPath)") }
    return parts.joined(separator: "; ").split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// Whether a line, as the last one of a traceback, says the same.
  private static func isSaid(_ line: String, by fault: WorkerFault) -> Bool {
    guard case .raised(_, let message, _, _) = fault else { return false }
    let last = message.split(whereSeparator: \.isNewline).last.map { String($0.prefix(200)) } ?? ""
    return last.isEmpty || line.contains(last)
  }

  /// What happened and where: a place among decisions stands behind it, the start before it.
  private static func told(_ fault: WorkerFault, at place: WorkerPlace) -> String {
    let text = what(fault)
    guard case .starting = place.phase else { return "\(text) \(whenever(place))" }
    let sentence = text.hasSuffix(";") ? String(text.dropLast()) : text
    if case .notStarted = fault { return sentence }
    return "at the start, " + sentence
  }

  /// What happened.
  private static func what(_ fault: WorkerFault) -> String {
    switch fault {
    case .notStarted(let python, let reason): "\(python) cannot be started: \(reason);"
    case .ended(let how): "the Python worker ended \(how)"
    case .hung(let seconds):
      "the Python worker gave no reply within \(Durations.text(seconds)) and was ended"
    case .raised(let type, let message, _, _):
      message.isEmpty ? "Python raised \(type)" : "Python raised \(type): \(message);"
    case .refused(let sentence), .unusable(let sentence, _): sentence + ";"
    case .stopped: "the trial was asked to stop"
    case .nonsense(let nonsense):
      "the Python worker sent \(nonsense.found); allowed: \(nonsense.allowed);"
    }
  }

  /// Where the worker was.
  private static func whenever(_ place: WorkerPlace) -> String {
    let one = place.environments.first ?? 0
    let which =
      place.count == 1
      ? ""
      : place.environments.count > 1
        ? " in \(place.environments.count) of \(place.count) environments"
        : " in environment \(one + 1) of \(place.count)"
    let episode = "episode \(Numbers.whole(place.episode)) since its start"
    switch place.phase {
    case .starting: return "at the start"
    case .resetting: return "at the reset before \(episode)\(which)"
    case .recording: return "while a game was recorded"
    case .stepping:
      let action = place.action.map { ", action \($0)" } ?? ""
      return """
        at decision \(Numbers.whole(place.decisions + 1))\(which): \(episode), its decision \
        \(Numbers.whole(place.decision))\(action)
        """
    }
  }

  private static func mend(_ fault: WorkerFault) -> String? {
    switch fault {
    case .notStarted, .raised(_, _, _, .some):
      "Python with gymnasium and ale-py is installed by: \(PythonSetup.mendingCommand)"
    default: nil
    }
  }

  static func noPicture(_ environment: String, kind: String, count: Int) -> String {
    """
    \(environment): it gives \(count) numbers and no picture; observation.kind is \
    "\(kind)", allowed: "raw"
    """
  }

  static func noColours(
    _ environment: String, _ observation: WorkerFacts.Observation, channels: String
  ) -> String {
    """
    \(environment): its observations are \(observation.space), \(observation.picture?.planes ?? 0) \
    channels that are not colours; observation.channels is \(channels), allowed: "all"
    """
  }

  /// Said where it is so by default, and nothing asks for it.
  static func onlyRed(_ environment: String, kind: String) -> String {
    """
    \(environment): of its three colours "\(kind)" looks at red alone; observation.channels "grey" \
    or "all" look at the others
    """
  }

  static func leftOut(_ environment: String, _ names: [String]) -> String {
    "\(environment): its observations have text that the policy does not see: "
      + names.joined(separator: ", ")
  }

  static func tooLarge(_ environment: String, kind: String, count: Int, allowed: Int) -> String {
    """
    \(environment): its observation has \(Numbers.whole(count)) entries; allowed: at most \
    \(Numbers.whole(allowed)) for observation.kind "\(kind)"; observation.height and width keep fewer
    """
  }

  static func nothingToCrop(_ environment: String, key: String) -> String {
    "\(environment): it gives no picture; observation.\(key) is set, allowed: null"
  }

  static func misfit(_ environment: String, _ sentence: String) -> String {
    "\(environment): observation.crop: \(sentence)"
  }

  static func notAtari(_ environment: String, key: String) -> String {
    """
    \(environment): it is not an Atari game of ALE and decides by itself how long an action is held; \
    environment.\(key) is set, allowed: null
    """
  }

  static func unknownAction(_ environment: String, _ name: String, allowed: [String]) -> String {
    """
    \(environment): environment.actions: found "\(name)"; allowed: \
    \(allowed.joined(separator: ", "))
    """
  }
}

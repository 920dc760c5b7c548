// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension ExperimentReader {
  /// The `cluster` block, defaults filled in.
  mutating func readCluster(_ member: PositionedValue.Member) -> ClusterSettings {
    var settings = ClusterSettings()
    guard let members = object(member.value, path: "cluster") else { return settings }
    let tasks = 1...ClusterSettings.largestTask
    for member in members {
      switch member.key {
      case "concurrency":
        settings.concurrency = integer(
          member, in: 1...ClusterSettings.largestConcurrency, path: "cluster.")
      case "trialsPerTask": settings.trialsPerTask = integer(member, in: tasks, path: "cluster.")
      case "cpusPerTask":
        settings.cpusPerTask = integer(member, in: tasks, path: "cluster.") ?? 1
      case "memory":
        settings.memory = pattern(member, ClusterSettings.memoryPattern) ?? settings.memory
      case "timeLimit": settings.timeLimit = pattern(member, ClusterSettings.timePattern)
      case "partition": settings.partition = pattern(member, ClusterSettings.wordPattern)
      case "account": settings.account = pattern(member, ClusterSettings.wordPattern)
      case "setup": settings.setup = readSetup(member) ?? []
      default:
        reportUnknownKey(
          member, path: "cluster.\(member.key)", allowed: ClusterSettings.keys.map(\.name))
      }
    }
    return settings
  }

  private mutating func readSetup(_ member: PositionedValue.Member) -> [String]? {
    guard let elements = array(member.value, path: "cluster.setup") else { return nil }
    var lines: [String] = []
    for (index, element) in elements.enumerated() {
      guard case .string(let line) = element.content else {
        reportKind(element, path: "cluster.setup[\(index)]", allowed: "a string")
        continue
      }
      lines.append(line)
    }
    return lines
  }

  /// A string of the form that the key allows; reports anything else.
  private mutating func pattern(
    _ member: PositionedValue.Member, _ expression: String
  ) -> String? {
    let allowed = ClusterSettings.keys.first { $0.name == member.key }?.allowed ?? ""
    guard case .string(let text) = member.value.content else {
      reportKind(member.value, path: "cluster.\(member.key)", allowed: allowed)
      return nil
    }
    // The patterns are ours and compile; one that did not would refuse every text.
    guard let regex = try? Regex(expression), text.wholeMatch(of: regex) != nil else {
      report(
        "out-of-range", place(member.value), path: "cluster.\(member.key)",
        found: foundSentence(member.value, in: source.bytes), allowed: allowed)
      return nil
    }
    return text
  }
}

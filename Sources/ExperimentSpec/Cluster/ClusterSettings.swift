// SPDX-License-Identifier: MIT

/// How the trials of an experiment are to be run on a cluster: the file's `cluster` block.
///
/// It says where and with what, never what is trained: it enters neither plan nor identity.
package struct ClusterSettings: Hashable, Sendable {
  /// Tasks that may run at the same time; nil for as many as the cluster gives.
  package var concurrency: Int?
  /// Trials that one task takes, `cpusPerTask` of them at a time; nil for `cpusPerTask`.
  package var trialsPerTask: Int?
  package var cpusPerTask = 1
  /// Memory of a task, a whole number and K, M, G or T, as Slurm reads it.
  package var memory = "1G"
  /// `HH:MM:SS` or `D-HH:MM:SS`; nil for the partition's own.
  package var timeLimit: String?
  package var partition: String?
  package var account: String?
  /// Lines of shell that run in each task before its trials, such as `module load`.
  package var setup: [String] = []

  package init() {}

  /// Trials that one task takes, decided.
  package var trialsInTask: Int { trialsPerTask ?? cpusPerTask }
}

extension ClusterSettings {
  static let largestTask = 4_096
  static let largestConcurrency = 100_000
  /// Regular expressions that the program and the schema share.
  static let memoryPattern = "^[1-9][0-9]{0,8}[KMGT]$"
  static let timePattern = "^([0-9]{1,3}-)?[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]$"
  static let wordPattern = "^[A-Za-z0-9][A-Za-z0-9_.,-]{0,127}$"

  /// One key of the block: what it means, for the schema and for error messages.
  struct Key {
    let name: String
    let allowed: String
    let doc: String
  }

  static let keys: [Key] = [
    Key(
      name: "concurrency", allowed: "a whole number from 1 to \(largestConcurrency)",
      doc: "Tasks that may run at the same time. Default: as many as the cluster gives."),
    Key(
      name: "trialsPerTask", allowed: "a whole number from 1 to \(largestTask)",
      doc: "Trials that one task takes, cpusPerTask of them at a time. Default: cpusPerTask."),
    Key(
      name: "cpusPerTask", allowed: "a whole number from 1 to \(largestTask)",
      doc: "Cores of a task; each trains one trial. Default: 1."),
    Key(
      name: "memory", allowed: "a whole number and K, M, G or T, such as \"2G\"",
      doc: "Memory of a task. Default: \"1G\"."),
    Key(
      name: "timeLimit", allowed: "\"HH:MM:SS\" or \"D-HH:MM:SS\"",
      doc:
        "Time of a task; a minute before its end the trials checkpoint, and the next task goes on. "
        + "Default: the partition's."),
    Key(
      name: "partition", allowed: "a name, or several with commas",
      doc: "Where tasks run. Default: the cluster's."),
    Key(
      name: "account", allowed: "a name",
      doc: "Who is charged. Default: the cluster's."),
    Key(
      name: "setup", allowed: "a list of strings",
      doc: "Lines of shell before the trials of a task, such as \"module load gcc\"."),
  ]
}

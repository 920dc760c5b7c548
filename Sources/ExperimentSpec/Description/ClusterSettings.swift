// SPDX-License-Identifier: MIT
import ParameterSchema

/// How the trials of an experiment are to be run on a cluster: the file's `cluster` block.
///
/// It says where and with what, never what is trained: it enters neither plan nor identity.
package struct ClusterSettings: Hashable, Sendable, Decodable {
  /// Tasks that may run at the same time; nil for as many as the cluster gives.
  package var concurrency: Int?
  /// Trials that one task takes, `cpusPerTask` of them at a time; nil for `cpusPerTask`.
  package var trialsPerTask: Int?
  package var cpusPerTask = 1
  /// Threads that train one trial.
  package var threads = 1
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
  package var trialsInTask: Int { trialsPerTask ?? jobsInTask }
  /// Trials of a task at the same time.
  package var jobsInTask: Int { max(1, cpusPerTask / threads) }

  static let section = Section(
    name: "cluster", selector: nil,
    components: [
      Component(parameters: [
        Parameter(
          "concurrency", .integer(1...100_000),
          doc: "Tasks that may run at the same time. Default: as many as the cluster gives."),
        Parameter(
          "trialsPerTask", .integer(1...4_096),
          doc: "Trials that one task takes, cpusPerTask of them at a time. Default: cpusPerTask."),
        Parameter(
          "cpusPerTask", .integer(1...4_096), default: 1,
          doc: "Cores of a task; each trains one trial, or `threads` of them one."),
        Parameter(
          "threads", .integer(1...256), default: 1,
          doc: "Threads that train one trial, to the same bits."),
        Parameter(
          "memory",
          .text(
            .form(
              "^[1-9][0-9]{0,8}[KMGT]$", "a whole number and K, M, G or T, such as \"2G\"")),
          default: "1G", doc: "Memory of a task."),
        Parameter(
          "timeLimit",
          .text(
            .form(
              "^([0-9]{1,3}-)?[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]$",
              "\"HH:MM:SS\" or \"D-HH:MM:SS\"")),
          doc: "Time of a task; a minute before its end the trials checkpoint, and the next task "
            + "goes on. Default: the partition's."),
        Parameter(
          "partition", .text(.form(word, "a name, or several with commas")),
          doc: "Where tasks run. Default: the cluster's."),
        Parameter(
          "account", .text(.form(word, "a name")),
          doc: "Who is charged. Default: the cluster's."),
        Parameter(
          "setup",
          .file(
            .elements(
              Parameter("line", .text(.any), doc: ""), count: 0...Int.max, areDistinct: false)),
          default: [],
          doc: "Lines of shell before the trials of a task, such as \"module load gcc\"."),
      ])
    ], doc: "How `run --backend slurm` asks for tasks. It changes no trial and no result.")

  private static let word = "^[A-Za-z0-9][A-Za-z0-9_.,-]{0,127}$"
}

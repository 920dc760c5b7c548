// SPDX-License-Identifier: MIT

import Subprocess

/// Slurm's own programs, found on PATH and run with our environment.
package enum Slurm {
  /// What one of them said.
  package struct Answer: Hashable, Sendable {
    var status: Int32
    var output: String
    var error: String

    /// Its last words, for a sentence.
    var words: String {
      let line = error.split(separator: "\n").last ?? output.split(separator: "\n").last
      return line.map(String.init) ?? "status \(status)"
    }

    /// Whether it could not be asked.
    var isSilence: Bool {
      ["Unable to contact", "timed out", "Connection refused", "temporarily"]
        .contains { error.contains($0) }
    }
  }

  /// - Parameter folder: where the script lies; its logs go there too.
  static func submit(scriptIn folder: String) async throws(SlurmError) -> Answer {
    try await run("sbatch", ["--parsable", "--chdir=\(folder)", "\(folder)/job.sh"])
  }

  static func look(atJob job: String) async throws(SlurmError) -> SlurmQueue {
    let answer = try await run(
      "squeue", ["-h", "-r", "-a", "-t", "all", "-j", job, "-o", SlurmQueue.format])
    return SlurmQueue(status: answer.status, output: answer.output, error: answer.error)
  }

  /// Numbers of the job arrays that have this name, or nil when Slurm cannot be asked.
  static func jobs(named name: String) async throws(SlurmError) -> [String]? {
    let answer = try await run("squeue", ["-h", "-a", "-t", "all", "-n", name, "-o", "%F"])
    guard answer.status == 0 else { return nil }
    return Array(Set(answer.output.split(separator: "\n").map(String.init))).sorted()
  }

  static func cancel(job: String) async throws(SlurmError) -> Answer {
    try await run("scancel", [job])
  }

  private static func run(_ program: String, _ arguments: [String]) async throws(SlurmError)
    -> Answer
  {
    do {
      let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 26),
        error: .string(limit: 1 << 16))
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): Int32(code)
        case .signaled(let signal): 128 + Int32(signal)
        }
      return Answer(
        status: status, output: result.standardOutput, error: result.standardError)
    } catch {
      throw SlurmError(.noProgram, detail: "\(program) could not be run: \(error)")
    }
  }
}

/// Why a run on a cluster cannot go on.
package struct SlurmError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable { case noProgram = "no-slurm", refused = "slurm-refused" }

  package let code: Code
  package let detail: String

  init(_ code: Code, detail: String) {
    self.code = code
    self.detail = detail
  }

  package var description: String { "error[\(code.rawValue)]: \(detail)" }
}

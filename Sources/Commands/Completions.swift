// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import RunStore

extension CompletionKind {
  /// Names of runs, in the folder that the line names by `--runs`.
  static let runs = custom { words, _, _ in runNames(words) }

  /// Trials as RUN/ID.
  static let trials = custom { words, _, _ in
    runNames(words).flatMap { name in
      let run = RunFolder(runs: folder(words), name: name)
      return ((try? run.trialEntries().ids) ?? []).map { "\(name)/\($0)" }
    }
  }

  static let experiments = file(extensions: ["json"])
  static let policies = file(extensions: ["safetensors"])

  private static func runNames(_ words: [String]) -> [String] {
    (try? RunFolder.names(in: folder(words))) ?? []
  }

  private static func folder(_ words: [String]) -> String {
    let option = words.lastIndex(of: "--runs").map { words[$0...].dropFirst().first }
    return (option ?? nil) ?? "runs"
  }
}

/// `rallybook completion SHELL`
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print what makes a shell complete verbs, options, and names of runs and trials.",
    discussion: "source <(rallybook completion bash)")

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run() {
    let known: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    StandardStream.output.writeAll(Rallybook.completionScript(for: known) + "\n")
  }
}

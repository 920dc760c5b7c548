// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics

/// `rallybook completion SHELL`
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print what makes a shell complete verbs and options.",
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

// SPDX-License-Identifier: MIT

public import ArgumentParser
import Diagnostics
import Glibc
import Runner
import Trials

/// The command line: `rallybook VERB …`.
public struct Rallybook: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "rallybook",
    abstract: "A lab notebook for policy gradients: ask in JSON, run every seed, read the report.",
    discussion: """
      rallybook run experiments/demo.json     runs what is missing, then renders the report
      open reports/demo/index.html            curves, filters, replays, verdicts

      Exit status: 0 done; 1 a trial or the disk failed; 2 bad usage or configuration; 3 a check \
      found a difference; 4 refused; 5 stopped and resumable.
      """,
    version: Version.text,
    subcommands: [
      InitCommand.self, CheckCommand.self, PlanCommand.self, RunCommand.self, StatusCommand.self,
      WatchCommand.self, ListCommand.self, ShowCommand.self, LogsCommand.self, QueryCommand.self,
      VerifyCommand.self,
      GarbageCommand.self, RestoreCommand.self,
      ReportCommand.self, ServeCommand.self, CompareCommand.self, PlayCommand.self,
      TournamentCommand.self,
      ExportCommand.self, ImportCommand.self,
      StatsCommand.self, TraceCommand.self, ImitateCommand.self, SchemaCommand.self,
      DoctorCommand.self,
      CompletionCommand.self, ManualCommand.self,
      TrialCommand.self, TaskCommand.self, SimulateCommand.self,
    ])

  public init() {}

  /// Parses the arguments and runs the verb; usage errors end with status 2, results that could not
  /// be written with 1.
  public static func start() async -> Never {
    StandardStream.prepare()
    var color = ColorChoice.auto
    do {
      var command = try parseAsRoot()
      color = (command as? any ChoosesColor)?.color ?? .auto
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      finish(0)
    } catch {
      if let ending = Ending(error, color: color) {
        printError(rendered: ending.text)
        finish(ending.status)
      }
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if !message.isEmpty {
        if code == .success { say(lines: message) } else { printError(message) }
      }
      if code == .validationFailure, let verb = nearestVerb {
        printError(line: "did you mean \"rallybook \(verb)\"?")
      }
      finish(code == .validationFailure ? 2 : code.rawValue)
    }
  }

  /// The verb that a misspelt one most likely means; nil where the first word is a verb or none.
  private static var nearestVerb: String? {
    guard CommandLine.arguments.count > 1 else { return nil }
    let word = CommandLine.arguments[1]
    let verbs = configuration.subcommands.map { $0.configuration }.filter { $0.shouldDisplay }
      .compactMap { $0.commandName }
    return word.hasPrefix("-") || verbs.contains(word) ? nil : NearestMatch.find(word, in: verbs)
  }

  /// Ends the program; output that was lost is no success.
  private static func finish(_ status: Int32) -> Never {
    StandardStream.output.settle()
    if let problem = StandardStream.output.problem {
      printError("error[output]: standard output was not written to its end: \(problem)")
      Glibc.exit(status == 0 ? 1 : status)
    }
    Glibc.exit(status)
  }
}

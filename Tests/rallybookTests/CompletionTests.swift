// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Completion and manual") struct CompletionTests {
  @Test("bash completes verbs, options, runs, trials, and experiment files")
  func bash() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 2)
    #expect(try program.run("run", "experiments/small.json", "--no-report").status == 0)
    let trial = try program.trialFolders("small")[0].lastPathComponent
    for (line, wanted) in [
      ("tourn", "tournament"), ("report --no-", "--no-timing"), ("report sm", "small"),
      ("report --runs elsewhere ", ""), ("show small/\(trial.prefix(5))", "small/\(trial)"),
      ("run experiments/s", "experiments/small.json"),
    ] {
      let result = try program.start(
        [], executable: nil,
        wrapper: [
          "/bin/bash", "-c",
          """
          PATH="$(dirname '\(Program.executable.path)'):$PATH"
          source <(rallybook completion bash)
          COMP_LINE='rallybook \(line)'; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMP_KEY=9
          read -ra COMP_WORDS <<< "$COMP_LINE"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          _rallybook rallybook "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          printf '%s\\n' "${COMPREPLY[@]}"
          """,
        ]
      ).wait()
      let replies = result.output.split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      #expect(
        wanted.isEmpty ? !replies.contains("small") : replies == [wanted], "\(line): \(replies)")
    }
  }

  @Test("The manual's page names every verb and option of the help")
  func manual() throws {
    let program = try Program()
    defer { program.remove() }
    let page = try program.run("man").output.replacing("\\-", with: "-")
    #expect(page.hasPrefix(".TH RALLYBOOK 1"))
    let help = try program.run("--help").output
    let verbs = help.matches(of: #/\n  ([a-z]+)  /#).map { String($0.1) }
    #expect(verbs.count > 20 && verbs.contains("man"))
    for verb in verbs {
      #expect(page.contains("\n.SS \(verb)\n"), "\(verb)")
      for option in try program.run("help", verb).output.matches(of: #/\n  (--[a-z-]+)/#)
      where !["--version", "--help"].contains(option.1) {
        #expect(page.contains("\\fB\(option.1)\\fR"), "\(verb) \(option.1)")
      }
    }
    // Text never becomes a request: lines that begin with a point are those of this page.
    let requests = Set(page.matches(of: #/(?m)^\.([A-Za-z]+)/#).map { String($0.1) })
    #expect(requests.isSubset(of: ["TH", "SH", "SS", "PP", "TP", "B", "I", "nf", "fi"]))
  }
}

// SPDX-License-Identifier: MIT

import ArgumentParser
import Artifacts
import Diagnostics
import ExperimentSpec
import Imports
import RunStore

/// `rallybook import NAME PATTERN…`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take the runs of other programs into a run, to read beside one's own.",
    discussion: """
      PATTERN is a path in quotes, in which {variant} and {seed} stand for what tells trials apart, {…} \
      with another name for a hyperparameter, and * for anything within a name:

      rallybook import sb3 'logs/{variant}/seed{seed}/*.monitor.csv' 'logs/{variant}/seed{seed}/*.npz'
      rallybook import cleanrl 'runs/CartPole-v1__{variant}__{seed}__*' --steps decisions
      rallybook import tracked 'mlflow.db/{variant}-seed{seed}' --steps decisions

      It reads Monitor files, evaluations.npz and progress.csv of stable-baselines3, TensorBoard \
      events, CSV with named columns, and the local stores of MLflow and trackio, whose runs are \
      named like files in a folder. All that has the same variant, seed and hyperparameters is one \
      trial; a path that ends with a folder means what is known in it. Imported trials are read only: \
      they are listed, reported, compared and exported, and neither verified nor trained.
      """)

  @Argument(help: "Name of the run: A-Z, a-z, 0-9, _ and hyphens.") var name: String
  @Argument(help: "Where the files are.") var patterns: [String]
  @Option(help: "What a step of the files counts: decisions or frames.") var steps: StepUnit.Kind?
  @Option(
    help: ArgumentHelp(
      "Frames of a decision; 1 unless --steps is frames.", valueName: "n"))
  var frameSkip: Int?
  @Option(
    help: ArgumentHelp(
      "Which series are read: step=, seconds= (of CSV), return= or mean=, length=, each with a name.",
      valueName: "role=name,…"))
  var columns: String?
  @Option(help: ArgumentHelp("Folder of the runs.", valueName: "dir")) var runs = "runs"

  func validate() throws {
    guard isExperimentName(name) else {
      throw ValidationError("the name \"\(name)\" is not allowed: \(experimentNameRule)")
    }
    if let frameSkip {
      guard (1...1_000).contains(frameSkip), steps != nil else {
        throw ValidationError("--frame-skip is from 1 to 1000, beside --steps")
      }
    } else if steps == .frames {
      throw ValidationError("--steps frames needs --frame-skip N, the frames of a decision")
    }
  }

  func run() throws {
    let run = RunFolder(runs: runs, name: name)
    if Disk.isPresent(run.path), try run.plannedOrNil()?.imported == nil {
      throw end(
        4, "error: \(run.path) exists and holds no import; choose another name, nothing was written"
      )
    }
    let request = ImportRequest(
      name: name, patterns: try patterns.map { try PathPattern($0) },
      columns: try columns.map { try CurveColumns($0) } ?? CurveColumns(),
      unit: steps.map { StepUnit($0, frameSkip: frameSkip ?? 1) }, arguments: arguments)
    let plan = try ImportPlan(request)
    let outcomes = try plan.store(in: run)
    for (trial, outcome) in zip(plan.trials, outcomes) { tell(trial, outcome) }
    for remark in plan.remarks { printError(line: remark) }
    let left = try RunSnapshot(run).unplanned.count
    if left > 0 {
      printError(
        "\(Numbers.count(left, "earlier trial")) of \(run.path) \(left == 1 ? "is" : "are") not found"
          + " by these patterns; rallybook gc \(name) puts aside what is no longer planned")
    }
    let unchanged = outcomes.count { $0 == .unchanged }
    say(
      "\(plan.plan.arithmetic) imported"
        + (unchanged > 0 ? ", \(Numbers.whole(unchanged)) unchanged" : "")
        + "; next: rallybook report \(name)")
  }

  private var arguments: [String] {
    var words = [name] + patterns
    if let steps { words += ["--steps", steps.rawValue] }
    if let frameSkip { words += ["--frame-skip", "\(frameSkip)"] }
    if let columns { words += ["--columns", columns] }
    return words
  }

  private func tell(_ trial: ImportedTrial, _ outcome: ImportPlan.Outcome) {
    let curve = trial.curve
    let rows = Numbers.count(
      curve.episodes.count, curve.isMeans ? "mean" : "episode")
    var parts = [rows, Numbers.count(curve.episodes.last?.decisions ?? 0, "decision")]
    if !curve.evaluations.isEmpty {
      parts.append(Numbers.count(curve.evaluations.count, "evaluation game"))
    }
    let word =
      switch outcome {
      case .new: ""
      case .unchanged: "; unchanged"
      case .changed: "; imported anew"
      }
    say(
      "\(trial.id)  \(trial.label), seed \(trial.seed): \(parts.joined(separator: ", ")) from"
        + " \(trial.record.formats.joined(separator: ", "))\(word)")
    if case .changed(let reasons) = outcome { for line in reasons { printError(line: line) } }
    for remark in trial.record.remarks { printError(line: remark) }
  }
}

extension StepUnit.Kind: ExpressibleByArgument {}

extension RunFolder {
  /// The frozen plan; nil where there is none.
  fileprivate func plannedOrNil() throws(RunStoreError) -> Plan? {
    Disk.isPresent(planPath) ? try readPlan() : nil
  }
}

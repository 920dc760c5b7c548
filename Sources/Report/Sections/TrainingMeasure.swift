// SPDX-License-Identifier: MIT

import Artifacts

/// Something that is measured over training, with what the page says of it.
struct TrainingMeasure {
  /// What its table calls it: a column of `updates.csv`, or of `timing.csv`.
  let column: String
  let title: String
  /// What the vertical axis counts.
  let unit: String
  let caption: String
  /// The figure's name; kebab-case.
  let fileName: String
  /// Whether it is drawn over powers of ten, where all values are positive.
  var isLogarithmic = false
  /// The whole scale where there is one.
  var range: ClosedRange<Double>?

  private init(
    _ column: String, _ title: String, _ unit: String, _ meaning: String, _ fileName: String,
    isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil
  ) {
    self.column = column
    self.title = title
    self.unit = unit
    caption = meaning
    self.fileName = fileName
    self.isLogarithmic = isLogarithmic
    self.range = range
  }

  /// A column of `updates.csv`; one that has no words here is called by its name.
  private init(_ column: String) {
    let words = column.reduce(into: "") { text, letter in
      text += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
    self =
      Self.known.first { $0.column == column }
      ?? TrainingMeasure(
        column, Wording.capitalized(words), "\(column) of updates.csv",
        "The column `\(column)` of `updates.csv`.", words.replacing(" ", with: "-"))
  }

  /// All of the updates: those that every reader wants first, then the others as the file has them.
  static let all = {
    let first = known.prefix(6).map(\.column)
    let stored = UpdateRecord.measureColumns
    return (first + stored.filter { !first.contains($0) }).map(TrainingMeasure.init)
  }()

  static let throughput = TrainingMeasure(
    "decisionsPerSecond", "Throughput", "decisions per second",
    "Decisions a second of wall time in training, games included.", "throughput")

  private static let known = [
    TrainingMeasure(
      "meanKL", "Step of the policy", "mean KL, nats per decision",
      "How far an update moves the policy: KL(old ‖ new) over its batch.", "kl",
      isLogarithmic: true),
    TrainingMeasure(
      "entropy", "Entropy", "nats per decision",
      "How undecided the policy is; a coin has 0.69 nats.",
      "entropy"),
    TrainingMeasure(
      "gradientNorm", "Gradient norm", "Euclidean norm",
      "Norm of the gradient that the optimizer was given.",
      "gradient", isLogarithmic: true),
    TrainingMeasure(
      "stepFraction", "Step fraction", "share of the proposed step",
      "How much of the proposed step the line search took; 0 where it took none.", "step-fraction",
      range: 0...1),
    TrainingMeasure(
      "backtracks", "Backtracks", "halvings per update",
      "How often the line search shortened the step.",
      "backtracks"),
    TrainingMeasure(
      "deadUnits", "Dead units", "share of hidden units",
      "Hidden units that fired on no decision of a batch.",
      "dead-units"),
    TrainingMeasure(
      "surrogateBefore", "Surrogate before the update", "mean of A·π/π₀",
      "The surrogate on the batch before the update.", "surrogate-before"),
    TrainingMeasure(
      "surrogateAfter", "Surrogate after the update", "mean of A·π/π₀",
      "The surrogate on the batch after the update.", "surrogate-after"),
    TrainingMeasure(
      "weightNorm", "Weight norm", "Euclidean norm", "Norm of all weights after the update.",
      "weight-norm"),
    TrainingMeasure(
      "residual", "Residual of conjugate gradients", "‖F·x − g‖ / ‖g‖",
      "What the conjugate gradients left of the linear system.", "residual",
      isLogarithmic: true),
    TrainingMeasure(
      "searchDeviation", "Spread of the search", "mean deviation of a weight",
      "How widely the next population is drawn.", "search-deviation", isLogarithmic: true),
    TrainingMeasure(
      "truncated", "Episodes that a time limit ended", "share of episodes",
      "Episodes that were cut by a time limit, not ended by the game.", "truncated"),
    TrainingMeasure(
      "explainedVariance", "Explained variance", "share of the returns' variance",
      "How much of the returns the value function foresaw; 1 is all, below 0 is worse than none.",
      "explained-variance"),
    TrainingMeasure(
      "clipFraction", "Clipped decisions", "share of decisions",
      "Decisions whose probability ratio lay beyond the clip range.", "clip-fraction",
      range: 0...1),
  ]
}

// SPDX-License-Identifier: MIT

/// What the page says of one measure over training.
struct MeasureWords {
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

  /// Words for a column of `updates.csv`; one that has none here is called by its name.
  init(_ measure: UpdateTrace.Measure) {
    self =
      Self.known[measure.column]
      ?? MeasureWords(
        Self.separated(measure.column), "\(measure.column) of updates.csv",
        "The column `\(measure.column)` of `updates.csv`.",
        Self.separated(measure.column).lowercased().replacing(" ", with: "-"))
  }

  private init(
    _ title: String, _ unit: String, _ meaning: String, _ fileName: String,
    isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.unit = unit
    caption = meaning
    self.fileName = fileName
    self.isLogarithmic = isLogarithmic
    self.range = range
  }

  private static let known: [String: MeasureWords] = [
    "gradientNorm": MeasureWords(
      "Gradient norm", "Euclidean norm", "Norm of the gradient that the optimizer was given.",
      "gradient", isLogarithmic: true),
    "meanKL": MeasureWords(
      "Step of the policy", "mean KL, nats per decision",
      "How far an update moves the policy: KL(old ‖ new) over its batch.", "kl",
      isLogarithmic: true),
    "entropy": MeasureWords(
      "Entropy", "nats per decision", "How undecided the policy is; a coin has 0.69 nats.",
      "entropy"),
    "deadUnits": MeasureWords(
      "Dead units", "share of hidden units", "Hidden units that fired on no decision of a batch.",
      "dead-units"),
    "stepFraction": MeasureWords(
      "Step fraction", "share of the proposed step",
      "How much of the proposed step the line search took; 0 where it took none.", "step-fraction",
      range: 0...1),
    "backtracks": MeasureWords(
      "Backtracks", "halvings per update", "How often the line search shortened the step.",
      "backtracks"),
    "surrogateBefore": MeasureWords(
      "Surrogate before the update", "mean of A·π/π₀",
      "The surrogate on the batch before the update.", "surrogate-before"),
    "surrogateAfter": MeasureWords(
      "Surrogate after the update", "mean of A·π/π₀",
      "The surrogate on the batch after the update.", "surrogate-after"),
    "weightNorm": MeasureWords(
      "Weight norm", "Euclidean norm", "Norm of all weights after the update.", "weight-norm"),
    "residual": MeasureWords(
      "Residual of conjugate gradients", "‖F·x − g‖ / ‖g‖",
      "What the conjugate gradients left of the linear system.", "residual",
      isLogarithmic: true),
    "searchDeviation": MeasureWords(
      "Spread of the search", "mean deviation of a weight",
      "How widely the next population is drawn.", "search-deviation", isLogarithmic: true),
    "truncated": MeasureWords(
      "Episodes that a time limit ended", "share of episodes",
      "Episodes that were cut by a time limit, not ended by the game.", "truncated"),
    "explainedVariance": MeasureWords(
      "Explained variance", "share of the returns' variance",
      "How much of the returns the value function foresaw; 1 is all, below 0 is worse than none.",
      "explained-variance"),
    "clipFraction": MeasureWords(
      "Clipped decisions", "share of decisions",
      "Decisions whose probability ratio lay beyond the clip range.", "clip-fraction",
      range: 0...1),
  ]

  static let throughput = MeasureWords(
    "Throughput", "decisions per second",
    "Decisions a second while training, games included, on one core.", "throughput")

  /// `weightNorm` as `Weight norm`.
  private static func separated(_ name: String) -> String {
    let words = name.reduce(into: "") { text, letter in
      text += letter.isUppercase && !text.isEmpty ? " " + letter.lowercased() : String(letter)
    }
    return Wording.capitalized(words)
  }
}

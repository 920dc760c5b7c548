// SPDX-License-Identifier: MIT

/// The first screen: what was asked, and what the numbers say.
struct AnswerView {
  var questionHTML: String?
  /// The answer in one or two sentences, never more than the data bear.
  var headline: String
  var support: [String]
  var verdicts: [VerdictView]
  var forest: ForestView?
  /// Which rules of the training health fired; nil where none did.
  var findings: String?
}

/// One hypothesis, held against the numbers.
struct VerdictView {
  /// `Supported`, `Refuted` or `Undecided`.
  var outcome: String
  var outcomeClass: String
  var claim: String
  var numbers: String
  var coverage: String
  /// What would decide; nil where it is decided.
  var next: String?
}

/// Every variant's score on one scale; all `x`, bounds and means are percentages of its width.
struct ForestView {
  struct Row {
    var label: String
    var seriesClass: String
    /// The row in words, for those who do not see it.
    var alternative: String
    var seeds: [Mark]
    var interval: Interval?
    var mean: String?
    var number: String
  }

  struct Interval {
    var lower: String
    var upper: String
  }

  struct Mark { var x: String }

  struct AxisLabel {
    var x: String
    /// Pixels from the top: labels that would touch stand in two lines.
    var y: Int
    var label: String
    var anchorClass: String
  }

  var caption: String
  var label: String
  var rows: [Row]
  var references: [Mark]
  var axis: [AxisLabel]
  /// What is left out here and where it stands.
  var more: String?
}

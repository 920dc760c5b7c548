// SPDX-License-Identifier: MIT
package import ParameterSchema

/// The frozen expansion of an experiment file: what `plan.json` holds and a run follows.
///
/// It stands by itself: neither the experiment file nor the catalogue is needed to run it.
package struct Plan: Codable, Sendable, Hashable {
  /// The version that this program writes and reads.
  package static let currentFormatVersion = 1

  package var formatVersion: Int
  /// The experiment's name, which is also that of its folders.
  package var name: String
  package var title: String
  /// Markdown; empty when the file has none.
  package var question: String
  /// Markdown; empty when the file has none.
  package var notes: String
  /// Who asks, and words to find it by; nil where the file says nothing of it.
  package var about: About?
  /// The path as it was given.
  package var experimentFile: String
  /// SHA-256 of the experiment file's bytes, 64 hexadecimal digits.
  package var experimentHash: String
  /// The `--set` and `--seeds` that were given with it, as they were written.
  package var overrides: [String]
  package var rootSeed: Int
  package var seeds: [Int]
  package var score: Score
  package var hypotheses: [Hypothesis]
  /// What is swept, in the order of the file.
  package var axes: [Axis]
  package var variants: [Variant]
  package var trials: [PlannedTrial]
  /// Such as `2 discounts × 2 normalizations = 4 variants × 3 seeds = 12 trials`.
  package var arithmetic: String
  /// The file's `search` block with all its keys; nil without one. Then variants and trials are
  /// those that the search has asked for so far.
  package var search: ConfigValue?

  package init(
    formatVersion: Int = Plan.currentFormatVersion, name: String, title: String = "",
    question: String = "", notes: String = "", about: About? = nil, experimentFile: String,
    experimentHash: String,
    overrides: [String] = [], rootSeed: Int = 0, seeds: [Int], score: Score,
    hypotheses: [Hypothesis] = [], axes: [Axis], variants: [Variant], trials: [PlannedTrial],
    arithmetic: String, search: ConfigValue? = nil
  ) {
    self.search = search
    self.formatVersion = formatVersion
    self.name = name
    self.title = title
    self.question = question
    self.notes = notes
    self.about = about
    self.experimentFile = experimentFile
    self.experimentHash = experimentHash
    self.overrides = overrides
    self.rootSeed = rootSeed
    self.seeds = seeds
    self.score = score
    self.hypotheses = hypotheses
    self.axes = axes
    self.variants = variants
    self.trials = trials
    self.arithmetic = arithmetic
  }
}

extension Plan {
  /// What one number judges a trial.
  package struct Score: Codable, Sendable, Hashable {
    package enum Metric: String, Codable, Sendable, CaseIterable {
      case `return`, evaluationReturn, episodesToThreshold
    }
    package enum Reduction: String, Codable, Sendable, CaseIterable {
      case mean, iqm, last, best
    }
    package enum Goal: String, Codable, Sendable, CaseIterable {
      case maximize, minimize
    }

    package var metric: Metric
    /// Episodes: the last ones that count, or for `episodesToThreshold` those of the running mean.
    package var window: Int
    package var reduction: Reduction
    package var goal: Goal
    /// The running mean that counts as reached; there for `episodesToThreshold`.
    package var threshold: Double?
    /// Least and greatest score, two numbers; from the file, else from the environment if it is
    /// known and the same for all variants.
    package var range: [Double]?

    /// Without anything said: the mean return of the last 100 episodes, as much of it as possible.
    package init(
      metric: Metric = .return, window: Int = 100, reduction: Reduction = .mean,
      goal: Goal = .maximize, threshold: Double? = nil, range: [Double]? = nil
    ) {
      self.metric = metric
      self.window = window
      self.reduction = reduction
      self.goal = goal
      self.threshold = threshold
      self.range = range
    }
  }

  /// A claim that the report holds against the numbers.
  package struct Hypothesis: Codable, Sendable, Hashable {
    package enum Measure: String, Codable, Sendable, CaseIterable {
      case difference, probabilityOfImprovement, spreadRatio
    }

    package var claim: String
    /// Values by path, such as `algorithm.kind`.
    package var better: [String: ConfigValue]
    package var than: [String: ConfigValue]
    package var measure: Measure
    package var atLeast: Double
    /// Indices of variants, `[better, than]`: they agree in all other swept parameters.
    package var pairs: [[Int]]

    package init(
      claim: String, better: [String: ConfigValue], than: [String: ConfigValue], measure: Measure,
      atLeast: Double, pairs: [[Int]]
    ) {
      self.claim = claim
      self.better = better
      self.than = than
      self.measure = measure
      self.atLeast = atLeast
      self.pairs = pairs
    }
  }

  /// One thing that the sweep varies.
  package struct Axis: Codable, Sendable, Hashable {
    /// How the values of a random sweep are spread.
    package enum Draw: String, Codable, Sendable {
      /// One of a list.
      case choice
      /// Uniform between two ends, in the numbers or in their logarithms.
      case linear, logarithmic
    }

    /// The dotted path; `zip` for several in step, or `case` for named cases.
    package var path: String
    /// Short, for tables: `discount`, `normalize`, `case`.
    package var label: String
    /// As people read them, in the order of the file; drawn numbers in order of size.
    package var values: [String]
    /// How the values were drawn; nil where the file lists them.
    package var draw: Draw?

    package init(
      path: String, label: String, values: [String], draw: Draw? = nil
    ) {
      self.path = path
      self.label = label
      self.values = values
      self.draw = draw
    }
  }

  /// One full configuration; with each seed it is a trial.
  package struct Variant: Codable, Sendable, Hashable {
    /// Its place in `variants`, from 0.
    package var index: Int
    /// Unique, such as `discount off · normalize episode`.
    package var label: String
    /// For each of the plan's axes the index of its value; null where a `concat` or a `when` leaves
    /// it out.
    package var levels: [Int?]
    /// The preset under it, if any.
    package var preset: String?
    /// What the sweep sets in this variant and not alike in all.
    package var differing: [Setting]
    /// All sections with all their parameters.
    package var configuration: ConfigValue
    /// Keys of `base` or the preset that this variant does not use, a sentence each.
    package var dropped: [String]

    package init(
      index: Int, label: String, levels: [Int?] = [], preset: String? = nil,
      differing: [Setting] = [], configuration: ConfigValue, dropped: [String] = []
    ) {
      self.index = index
      self.label = label
      self.levels = levels
      self.preset = preset
      self.differing = differing
      self.configuration = configuration
      self.dropped = dropped
    }
  }

  /// A value at a path.
  package struct Setting: Codable, Sendable, Hashable {
    package var path: String
    package var value: ConfigValue

    package init(
      path: String, value: ConfigValue
    ) {
      self.path = path
      self.value = value
    }
  }

  /// One trial to run.
  package struct PlannedTrial: Codable, Sendable, Hashable {
    /// From 1.
    package var number: Int
    /// First 12 hexadecimal digits of the SHA-256 of its canonical configuration.
    package var id: String
    /// Index of its variant.
    package var variant: Int
    package var seed: Int
    /// A finished trial of the same run, equal but for fewer `training.episodes`, whose training
    /// this one continues; nil where it starts anew.
    package var extends: String?
    /// The round of a search that asked for it, from 1; nil without a search.
    package var round: Int?

    package init(
      number: Int, id: String, variant: Int, seed: Int, extends: String? = nil, round: Int? = nil
    ) {
      self.extends = extends
      self.round = round
      self.number = number
      self.id = id
      self.variant = variant
      self.seed = seed
    }
  }

  /// The full configuration of a trial.
  package func configuration(of trial: PlannedTrial) -> ConfigValue {
    variants[trial.variant].configuration
  }

  /// The plan of a search that has asked for nothing yet.
  func withoutTrials(_ search: SearchSettings) -> Plan {
    var plan = self
    (plan.variants, plan.trials, plan.axes, plan.hypotheses) = ([], [], [], [])
    plan.search = search.record
    return plan
  }

  /// The trial of that name, if the plan has it.
  package func trial(id: String) -> PlannedTrial? { trials.first { $0.id == id } }
}

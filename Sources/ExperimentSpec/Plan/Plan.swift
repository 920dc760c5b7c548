// SPDX-License-Identifier: MIT
package import ParameterSchema
package import Statistics

/// The frozen expansion of an experiment file: what `plan.json` holds and a run follows.
///
/// It stands by itself: neither the experiment file nor the catalogue is needed to run it.
package struct Plan: Codable, Sendable, Hashable {
  /// The version that this program writes and reads.
  package static let currentFormatVersion = 1

  package var formatVersion = Plan.currentFormatVersion
  /// The experiment's name, which is also that of its folders.
  package var name: String
  package var title = ""
  /// Markdown; empty when the file has none.
  package var question = ""
  /// Markdown; empty when the file has none.
  package var notes = ""
  /// Who asks, and words to find it by; nil where the file says nothing of it.
  package var about: About?
  /// The path as it was given.
  package var experimentFile: String
  /// SHA-256 of the experiment file's bytes, 64 hexadecimal digits.
  package var experimentHash: String
  /// The `--set` and `--seeds` that were given with it, as they were written.
  package var overrides: [String] = []
  package var rootSeed = 0
  package var seeds: [Int]
  package var score: Score
  package var hypotheses: [Hypothesis] = []
  /// What is swept, in the order of the file.
  package var axes: [Axis]
  package var variants: [Variant]
  package var trials: [PlannedTrial]
  /// Such as `2 discounts × 2 normalizations = 4 variants × 3 seeds = 12 trials`.
  package var arithmetic: String
  /// The file's `search` block with all its keys; nil without one. Then variants and trials are
  /// those that the search has asked for so far.
  package var search: ConfigValue?
  /// How many seeds there are at least and at most, where the claims decide; nil for a fixed number.
  /// Then trials are those that were asked for so far.
  package var seedRange: SeedRange?

  /// There for a run of other programs' trials, of which no experiment file says anything.
  package var imported: Imported?

  /// Whether its trials are those that were asked for so far, by a search or by the hypotheses.
  package var hasRounds: Bool { search != nil || seedRange != nil }

  /// What has no place here is empty, and set afterwards.
  package init(
    name: String, experimentFile: String, experimentHash: String, rootSeed: Int = 0, seeds: [Int],
    score: Score, axes: [Axis], variants: [Variant], trials: [PlannedTrial], arithmetic: String
  ) {
    (self.name, self.experimentFile, self.experimentHash) = (name, experimentFile, experimentHash)
    (self.rootSeed, self.seeds, self.score, self.axes) = (rootSeed, seeds, score, axes)
    (self.variants, self.trials, self.arithmetic) = (variants, trials, arithmetic)
  }

  /// What a file says of itself for people and for queries; it changes nothing that is trained.
  package struct About: Codable, Sendable, Hashable {
    /// Empty when the file names none.
    package var author: String
    package var tags: [String]
    /// Empty when the file has none.
    package var description: String

    package init(author: String = "", tags: [String] = [], description: String = "") {
      (self.author, self.tags, self.description) = (author, tags, description)
    }
  }

  /// How the trials of other programs were imported.
  package struct Imported: Codable, Sendable, Hashable {
    /// The words behind `rallybook import`.
    package var arguments: [String]

    package init(arguments: [String]) { self.arguments = arguments }
  }

  /// Seeds until the hypotheses are decided.
  package struct SeedRange: Codable, Sendable, Hashable {
    /// Of every variant, before the first look.
    package var from: Int
    /// At most.
    package var to: Int

    package init(from: Int, to: Int) { (self.from, self.to) = (from, to) }
  }

  /// What one number judges a trial.
  package struct Score: Codable, Sendable, Hashable {
    package enum Metric: String, Codable, Sendable, CaseIterable {
      case `return`, evaluationReturn, episodesToThreshold
    }

    package var metric: Metric
    /// Episodes: the last ones that count, or for `episodesToThreshold` those of the running mean.
    package var window: Int
    package var reduction: ScoreReduction
    package var goal: ScoreGoal
    /// The running mean that counts as reached; there for `episodesToThreshold`.
    package var threshold: Double?
    /// Least and greatest score, two numbers; from the file, else from the environment if it is
    /// known and the same for all variants.
    package var range: [Double]?
    /// When the return is taken; nil for the end of the training.
    package var at: Spending?

    /// So much was spent: one of them.
    package struct Spending: Codable, Sendable, Hashable {
      /// As `updates.csv` counts them.
      package var passes: Double?
      package var decisions: Int?
      package var episodes: Int?

      package init(passes: Double? = nil, decisions: Int? = nil, episodes: Int? = nil) {
        (self.passes, self.decisions, self.episodes) = (passes, decisions, episodes)
      }
    }

    /// Without anything said: the mean return of the last 100 episodes, as much of it as possible.
    package init(
      metric: Metric = .return, window: Int = 100, reduction: ScoreReduction = .mean,
      goal: ScoreGoal = .maximize, threshold: Double? = nil, range: [Double]? = nil,
      at: Spending? = nil
    ) {
      (self.metric, self.window, self.reduction) = (metric, window, reduction)
      (self.goal, self.threshold, self.range, self.at) = (goal, threshold, range, at)
    }
  }

  /// A claim that the report holds against the numbers.
  package struct Hypothesis: Codable, Sendable, Hashable {
    package var claim: String
    /// Values by path, such as `algorithm.kind`.
    package var better: [String: ConfigValue]
    package var than: [String: ConfigValue]
    package var measure: TwoSampleMeasure
    package var atLeast: Double
    /// The greatest difference, either way, that the claim allows, instead of `atLeast`; nil for a
    /// claim that something is better.
    package var within: Double?
    /// What judges the trials for this claim; nil for the plan's score.
    package var score: Score?
    /// Indices of variants, `[better, than]`: they agree in all other swept parameters.
    package var pairs: [[Int]]

    package init(
      claim: String, better: [String: ConfigValue], than: [String: ConfigValue],
      measure: TwoSampleMeasure, atLeast: Double, within: Double? = nil, score: Score? = nil,
      pairs: [[Int]]
    ) {
      (self.claim, self.better, self.than) = (claim, better, than)
      (self.measure, self.atLeast, self.within) = (measure, atLeast, within)
      (self.score, self.pairs) = (score, pairs)
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

    package init(path: String, label: String, values: [String], draw: Draw? = nil) {
      (self.path, self.label, self.values, self.draw) = (path, label, values, draw)
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
    package var differing: [Setting] = []
    /// All sections with all their parameters.
    package var configuration: ConfigValue
    /// Keys of `base` or the preset that this variant does not use, a sentence each.
    package var dropped: [String]

    package init(
      index: Int, label: String, levels: [Int?] = [], preset: String? = nil,
      configuration: ConfigValue, dropped: [String] = []
    ) {
      (self.index, self.label, self.levels) = (index, label, levels)
      (self.preset, self.configuration, self.dropped) = (preset, configuration, dropped)
    }

    /// The value at a path, that of the preset among them; nil where the variant has none.
    func value(at path: String) -> ConfigValue? {
      path == CatalogueIndex.presetPath
        ? preset.map { .string($0) } : configuration[path: path]
    }
  }

  /// A value at a path.
  package struct Setting: Codable, Sendable, Hashable {
    package var path: String
    package var value: ConfigValue

    package init(path: String, value: ConfigValue) { (self.path, self.value) = (path, value) }
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
      (self.number, self.id, self.variant, self.seed) = (number, id, variant, seed)
      (self.extends, self.round) = (extends, round)
    }
  }

  /// The full configuration of a trial.
  package func configuration(of trial: PlannedTrial) -> ConfigValue {
    variants[trial.variant].configuration
  }

  /// The trial of that name, if the plan has it.
  package func trial(id: String) -> PlannedTrial? { trials.first { $0.id == id } }
}

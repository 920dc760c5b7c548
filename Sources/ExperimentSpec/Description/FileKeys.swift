// SPDX-License-Identifier: MIT
import ParameterSchema
import Statistics

/// The keys of an experiment file beside those of `base`, each described once: reader, JSON Schema
/// and messages follow from it.
enum FileKeys {
  /// Whole numbers up to here are exact in a double.
  static let largestInteger = 1 << 53 - 1
  static let seedLimit = 10_000
  /// Scores, thresholds and margins beyond it could not be squared and summed.
  private static let scoreNumbers = Parameter.Kind.number(.closed(-1e100, 1e100))

  static let all: [Parameter] = [
    Parameter("$schema", .text(.any), doc: "The schema that editors check this file with."),
    Parameter(
      "name", .text(.form(experimentNamePattern, experimentNameRule, code: "bad-name")),
      doc: "The file's name without .json; optional."),
    Parameter(
      "extends", .text(.filled),
      doc:
        "Another experiment file to start from, by its path from this one: each key here replaces "
        + "that file's, and each key within base."),
    Parameter("title", .text(.any), doc: "The report's title. Default: the name."),
    Parameter("author", .text(.any), doc: "Who asks; for people and queries, as are the next two."),
    Parameter(
      "tags", .file(.elements(tag, count: 0...100, areDistinct: true)),
      doc: "Words to find the experiment by.", allowed: "a list of at most 100 different words"),
    Parameter("description", .text(.any), doc: "A sentence or two, for lists."),
    Parameter("question", .text(.any), doc: "Markdown: why this is asked, what is expected."),
    Parameter(
      "base", .file(.defined(.base)),
      doc:
        "What all variants share: over the defaults and the preset, under the sweep. Keys that a "
        + "variant does not use are dropped from it."),
    Parameter(
      "sweep", .file(.defined(.sweep)), doc: "What is varied; without it there is one variant."),
    Parameter(
      "seeds",
      .file(
        .oneOf([
          .integer(1...seedLimit),
          .file(.elements(seed, count: 1...seedLimit, areDistinct: true)),
          .file(.section(seedRange)),
        ])), default: 1,
      doc:
        "How often each variant is trained: a number n for seeds 0 to n − 1, a list, or "
        + "{ \"from\": a, \"to\": b } for as many as it takes until every hypothesis is decided.",
      allowed:
        "a number of seeds from 1 to \(seedLimit), a list of distinct whole numbers ≥ 0, or "
        + "{ \"from\": a, \"to\": b }"),
    Parameter(
      "rootSeed", .integer(0...largestInteger), default: 0, doc: "Enters every random stream."),
    Parameter("score", .file(.section(score)), doc: score.doc),
    Parameter("search", .file(.section(SearchSettings.section)), doc: SearchSettings.section.doc),
    Parameter(
      "hypotheses",
      .file(
        .elements(
          Parameter("hypothesis", .file(.section(hypothesis)), doc: ""), count: 0...Int.max,
          areDistinct: false)),
      doc: "Claims that the report checks against the numbers."),
    Parameter("notes", .text(.any), doc: "Markdown, written after reading the report."),
    Parameter(
      "cluster", .file(.section(ClusterSettings.section)), doc: ClusterSettings.section.doc),
  ]

  private static let seedRange = Section(
    name: "seeds", selector: nil,
    components: [
      Component(
        parameters: [
          Parameter(
            "from", .integer(1...seedLimit), unit: "seeds",
            doc: "Of every variant, before the first look at the hypotheses.", need: .required()),
          Parameter(
            "to", .integer(1...seedLimit), unit: "seeds",
            doc: "At most, for a hypothesis that is not decided before.", need: .required()),
        ],
        constraints: [
          Constraint(code: "out-of-range", severity: .error, path: "from") { seeds in
            guard case .number(let from)? = seeds[path: "from"],
              case .number(let to)? = seeds[path: "to"], from > to
            else { return nil }
            return "found \(canonicalNumber(from)); allowed: at most \"to\", \(canonicalNumber(to))"
          }
        ])
    ], doc: "")

  private static let tag = Parameter("tag", .text(.filled), doc: "")
  private static let seed = Parameter("seed", .integer(0...largestInteger), doc: "")

  private static func words<Word: RawRepresentable<String> & CaseIterable>(
    _ type: Word.Type
  ) -> Parameter.Kind { .choice(type.allCases.map(\.rawValue)) }

  // MARK: Score

  private static let score = Section(
    name: "score", selector: nil,
    components: [
      Component(
        parameters: [
          Parameter(
            "metric", words(Plan.Score.Metric.self), default: "return",
            doc: "The return of training episodes, the return of evaluation episodes, or the "
              + "episodes until the running mean reaches `threshold`."),
          Parameter(
            "window", .integer(1...1_000_000), default: 100,
            doc: "The last episodes that count, or of the running mean that is to reach "
              + "`threshold`."),
          Parameter(
            "reduction", words(ScoreReduction.self), default: "mean",
            doc: "How the window becomes one number."),
          Parameter("goal", words(ScoreGoal.self), default: "maximize", doc: "What is better."),
          Parameter(
            "threshold", scoreNumbers, doc: "What the running mean has to reach.",
            need: .given(
              key: "metric", is: "episodesToThreshold",
              because:
                "\"episodesToThreshold\" counts the episodes until the running mean reaches it"
            )),
          Parameter(
            "range", .list(of: scoreNumbers, count: 2...2),
            doc: "Least and greatest score, by which scores are normalized. Default: the "
              + "environment's."),
          Parameter(
            "at", .file(.section(spending)),
            doc:
              "Takes the return of the last `window` episodes when so much was spent, instead of "
              + "those at the end; a trial that never spent so much has no score."),
        ], constraints: scoreRules)
    ],
    doc:
      "The one number that judges a trial. Default: the mean return of the last 100 episodes, as "
      + "much of it as possible.")

  private static let spending = Section(
    name: "at", selector: nil,
    components: [
      Component(
        parameters: [
          Parameter(
            "passes", .number(.above(0)), unit: "passes",
            doc: "Forward, backward and tangent passes over one decision, as `updates.csv` counts "
              + "them: equal computing, on whatever machine."),
          Parameter(
            "decisions", .integer(1...100_000_000_000), unit: "decisions", doc: "Equal data."),
          Parameter("episodes", .integer(1...10_000_000), unit: "episodes", doc: "Equal games."),
        ])
    ], doc: "", isOneKey: true)

  /// What cannot change the score is told, and so is a goal that wants the worse.
  private static let scoreRules: [Constraint] = [
    Constraint(code: "out-of-range", severity: .error, path: "range") { score in
      guard let ends = try? score[path: "range"]?.decoded(as: [Double].self, name: "range"),
        ends[0] >= ends[1]
      else { return nil }
      return "found [\(canonicalNumber(ends[0])), \(canonicalNumber(ends[1]))]; "
        + "allowed: [least, greatest], least < greatest"
    },
    Constraint(code: "unused-key", severity: .error, path: "at") {
      $0[path: "metric"] == "return" || $0[path: "at"] == nil
        ? nil : "only the metric \"return\" has a value along the training; leave it out"
    },
    idle("window", "the reduction \"last\" takes one return") {
      $0[path: "metric"] == "return" && $0[path: "reduction"] == "last"
    },
    idle("window", "all episodes of the evaluation count") {
      $0[path: "metric"] == "evaluationReturn"
    },
    idle("reduction", "\"episodesToThreshold\" is one number of episodes") {
      $0[path: "metric"] == "episodesToThreshold"
    },
    Constraint(code: "unused-key", severity: .warning, path: "reduction") {
      $0[path: "metric"] == "evaluationReturn" && $0[path: "reduction"] == "best"
        ? "\"best\" is the mean here: all episodes are one window; leave it out" : nil
    },
    Constraint(code: "odd-goal", severity: .warning, path: "metric") {
      $0[path: "metric"] == "episodesToThreshold" && $0[path: "goal"] == "maximize"
        ? "more episodes until the threshold would count as better; write \"goal\": \"minimize\""
        : nil
    },
  ]

  private static func idle(
    _ key: String, _ reason: String, where holds: @escaping @Sendable (ConfigValue) -> Bool
  ) -> Constraint {
    Constraint(code: "unused-key", severity: .warning, path: key) {
      holds($0) ? "it has no effect: \(reason); leave it out" : nil
    }
  }

  // MARK: Hypotheses

  private static let hypothesis = Section(
    name: "hypothesis", selector: nil,
    components: [
      Component(
        parameters: [
          Parameter(
            "claim", .text(.any), doc: "What the report finds supported, refuted or undecided.",
            need: .required()),
          Parameter(
            "better", .file(.defined(.conditions)),
            doc: "The variants said to be better, by values at paths.", need: .required()),
          Parameter(
            "than", .file(.defined(.conditions)), doc: "What they are compared with.",
            need: .required()),
          Parameter(
            "measure", words(TwoSampleMeasure.self), default: "difference",
            doc:
              "The difference of scores, the probability of improvement, or the ratio of spreads."),
          Parameter(
            "atLeast", scoreNumbers,
            doc: "What the measure has to reach. Default: 0, 0.5 or 1, which say \"no difference\"."
          ),
          Parameter(
            "within", .number(NumberRange(lower: 0, lowerIsOpen: true, upper: 1e100)),
            doc: "Claims that there is no greater difference, in either direction, than this."),
          Parameter(
            "score", .file(.section(score)),
            doc: "What judges the trials for this claim alone. Default: the file's score."),
        ],
        constraints: [
          Constraint(code: "contradicting-keys", severity: .error, path: "within") {
            $0[path: "within"] == nil || $0[path: "atLeast"] == nil
              ? nil : "a claim has a margin to reach or one to stay within, not both"
          },
          Constraint(code: "contradicting-keys", severity: .error, path: "within") {
            $0[path: "within"] == nil || $0[path: "measure"] == "difference"
              ? nil : "only the measure \"difference\" can stay within a margin around 0"
          },
        ])
    ], doc: "")

  // MARK: Parts of a sweep

  static let sweepCase = Section(
    name: "case", selector: nil,
    components: [
      Component(
        parameters: [
          Parameter(
            "label", .text(.filled),
            doc: "What tables and curves call it. Default: made from its values."),
          Parameter(
            "set", .file(.defined(.settings)), doc: "Values by path.", need: .required()),
        ],
        example: "a case is { \"label\": \"…\", \"set\": { \"returns.discount\": null } }",
        misplaced: "a case puts its values under \"set\": { KEY: … }")
    ], doc: "")

  static let random = Section(
    name: "random", selector: nil,
    components: [
      Component(
        parameters: [
          Parameter(
            "trials", .integer(1...SweepChecks.trialLimit),
            doc: "How many draws; more keep those before.", need: .required()),
          Parameter(
            "seed", .integer(0...largestInteger), default: 0,
            doc: "Another number gives other draws."),
          Parameter(
            "set", .file(.defined(.draws)),
            doc: "By path: a list to choose from, or a range { min, max, scale }.",
            need: .required()),
        ],
        example: "such as { \"trials\": 20, \"set\": { \"optimizer.learningRate\": "
          + "{ \"min\": 0.0001, \"max\": 0.01, \"scale\": \"log\" } } }",
        misplaced: "what is drawn belongs under \"set\": { KEY: … }")
    ], doc: "")
}

/// Whether `name` can name an experiment and its folders.
package func isExperimentName(_ name: String) -> Bool {
  TextRule.form(experimentNamePattern, experimentNameRule).allows(name)
}

private let experimentNamePattern = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"

/// The rule of `isExperimentName` in words.
package let experimentNameRule =
  "1 to 64 of A-Z, a-z, 0-9, _ and -, beginning with a letter or digit"

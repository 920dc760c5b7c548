// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema
import Statistics

extension ExperimentReader {
  static let scoreKeys = ["metric", "window", "reduction", "goal", "threshold", "range"]
  static let hypothesisKeys = ["claim", "better", "than", "measure", "atLeast"]
  static let seedLimit = 10_000
  /// Scores, thresholds and margins beyond it could not be squared and summed.
  static let scoreNumbers = NumberRange.closed(-1e100, 1e100)

  /// The score, defaults filled in; nil when it is not an object.
  mutating func readScore(_ member: PositionedValue.Member) -> Plan.Score? {
    guard let members = object(member.value, path: "score") else { return nil }
    let before = findings.count
    var score = Plan.Score()
    var keys: [String: PositionedValue.Member] = [:]
    for member in members {
      keys[member.key] = member
      switch member.key {
      case "metric": score.metric = choice(member, in: "score.") ?? score.metric
      case "window":
        score.window = integer(member, in: 1...1_000_000, path: "score.") ?? score.window
      case "reduction": score.reduction = choice(member, in: "score.") ?? score.reduction
      case "goal": score.goal = choice(member, in: "score.") ?? score.goal
      case "threshold": score.threshold = number(member, path: "score.")
      case "range": score.range = readRange(member)
      default: reportUnknownKey(member, path: "score.\(member.key)", allowed: Self.scoreKeys)
      }
    }
    if score.metric == .episodesToThreshold, keys["threshold"] == nil {
      report(
        "missing-key", keys["metric"].map { place($0.value) }, path: "score.threshold",
        problem: "it is missing; \"episodesToThreshold\" counts the episodes until the running "
          + "mean reaches it")
    }
    if findings.count == before { warnOfIdleKeys(score, keys) }
    return score
  }

  /// Warns of what cannot change the score, and of a goal that wants the worse.
  private mutating func warnOfIdleKeys(
    _ score: Plan.Score, _ keys: [String: PositionedValue.Member]
  ) {
    var idle: [(key: String, problem: String)] = []
    switch score.metric {
    case .return where score.reduction == .last:
      idle.append(("window", "it has no effect: the reduction \"last\" takes one return"))
    case .return: break
    case .evaluationReturn:
      idle.append(("window", "it has no effect: all episodes of the evaluation count"))
      if score.reduction == .best {
        idle.append(("reduction", "\"best\" is the mean here: all episodes are one window"))
      }
    case .episodesToThreshold:
      idle.append(
        ("reduction", "it has no effect: \"episodesToThreshold\" is one number of episodes"))
    }
    for (key, problem) in idle {
      guard let member = keys[key] else { continue }
      report(
        "unused-key", place(member.keyRange), severity: .warning, path: "score.\(key)",
        problem: problem, help: "leave it out")
    }
    if score.metric == .episodesToThreshold, score.goal == .maximize {
      report(
        "odd-goal", (keys["goal"] ?? keys["metric"]).map { place($0.value) }, severity: .warning,
        path: "score.goal", problem: "more episodes until the threshold would count as better",
        help: "write \"goal\": \"minimize\"")
    }
  }

  private mutating func readRange(_ member: PositionedValue.Member) -> [Double]? {
    let parameter = Parameter(
      "range", .list(of: .number(Self.scoreNumbers), count: 2...2), default: nil, doc: "")
    let value = checkedValue(member.value, [("", parameter)], path: "score.range")
    guard case .array(let ends)? = value else { return nil }
    let numbers = ends.compactMap { if case .number(let number) = $0 { number } else { nil } }
    if numbers.count == 2, numbers[0] >= numbers[1] {
      report(
        "out-of-range", place(member.value), path: "score.range",
        found: "[\(canonicalNumber(numbers[0])), \(canonicalNumber(numbers[1]))]",
        allowed: "[least, greatest], least < greatest")
      return nil
    }
    return numbers
  }

  private mutating func number(_ member: PositionedValue.Member, path: String) -> Double? {
    let parameter = Parameter(member.key, .number(Self.scoreNumbers), default: 0, doc: "")
    let value = checkedValue(member.value, [("", parameter)], path: path + member.key)
    if case .number(let number)? = value { return number }
    return nil
  }

  /// `n` stands for 0 to n - 1.
  mutating func readSeeds(_ value: PositionedValue) -> [Int]? {
    let rule =
      "a number of seeds from 1 to \(Self.seedLimit), or a list of distinct whole numbers ≥ 0"
    switch value.content {
    case .unreadable: return nil
    case .number(let number):
      if let count = Int(exactly: number), (1...Self.seedLimit).contains(count) {
        return Array(0..<count)
      }
      report(
        Int(exactly: number) == nil ? "wrong-kind" : "out-of-range", place(value), path: "seeds",
        found: foundSentence(value, in: source.bytes), allowed: rule)
      return nil
    case .array(let elements): return readSeedList(value, elements, rule)
    default:
      reportKind(value, path: "seeds", allowed: rule)
      return nil
    }
  }

  private mutating func readSeedList(
    _ value: PositionedValue, _ elements: [PositionedValue], _ rule: String
  ) -> [Int]? {
    guard (1...Self.seedLimit).contains(elements.count) else {
      report(
        "wrong-count", place(value), path: "seeds", found: foundSentence(value, in: source.bytes),
        allowed: rule)
      return nil
    }
    let parameter = Parameter(
      "seed", .integer(0...Self.largestInteger), default: 0, doc: "")
    var seeds: [Int] = []
    var places: [Int: Place] = [:]
    for (i, element) in elements.enumerated() {
      let path = "seeds[\(i)]"
      guard case .number(let number)? = checkedValue(element, [("", parameter)], path: path),
        let seed = Int(exactly: number)
      else { continue }
      if let first = places[seed]?.position {
        report(
          "duplicate-value", place(element), path: path, problem: "seed \(seed) appears twice",
          help: "the first is at \(first.line):\(first.column); keep one of them")
      }
      places[seed] = places[seed] ?? place(element)
      seeds.append(seed)
    }
    return seeds
  }

  /// The hypotheses that could be read; what is wrong with the others is reported.
  mutating func readHypotheses(_ value: PositionedValue) -> [HypothesisDraft] {
    guard let elements = array(value, path: "hypotheses") else { return [] }
    var drafts: [HypothesisDraft] = []
    for (i, element) in elements.enumerated() {
      if let draft = readHypothesis(element, path: "hypotheses[\(i)]") { drafts.append(draft) }
    }
    return drafts
  }

  private mutating func readHypothesis(
    _ value: PositionedValue, path: String
  ) -> HypothesisDraft? {
    guard let members = object(value, path: path) else { return nil }
    let before = findings.count
    var claim = ""
    var sides: [String: (conditions: [Assignment], place: Place)] = [:]
    var measure = TwoSampleMeasure.difference
    var atLeast: Double?
    for member in members {
      switch member.key {
      case "claim": claim = text(member, in: path + ".") ?? ""
      case "better", "than":
        let inner = "\(path).\(member.key)"
        let conditions = readAssignments(member.value, path: inner)
        if let members = member.value.members, members.isEmpty {
          report(
            "missing-key", place(member.value), path: inner,
            problem: "it names no variant", help: "write { \"algorithm.kind\": \"…\" }")
        }
        sides[member.key] = (conditions, place(member.value))
      case "measure": measure = choice(member, in: path + ".") ?? measure
      case "atLeast": atLeast = number(member, path: path + ".")
      default:
        reportUnknownKey(member, path: "\(path).\(member.key)", allowed: Self.hypothesisKeys)
      }
    }
    for key in ["claim", "better", "than"] where !members.contains(where: { $0.key == key }) {
      report("missing-key", place(value), path: "\(path).\(key)", problem: "it is missing")
    }
    guard findings.count == before, let better = sides["better"], let than = sides["than"] else {
      return nil
    }
    return HypothesisDraft(
      claim: claim, better: better.conditions.map { ($0.path, $0.value) },
      than: than.conditions.map { ($0.path, $0.value) }, measure: measure,
      atLeast: atLeast ?? measure.neutralValue, betterPlace: better.place, thanPlace: than.place,
      shownPath: path)
  }
}

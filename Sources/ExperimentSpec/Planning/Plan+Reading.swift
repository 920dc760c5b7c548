// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension Plan {
  /// Reads what `encoded` wrote; the error says what keeps the plan from being used.
  package init(decoding bytes: [UInt8]) throws(PlanError) {
    let document = JSONReader.read(SourceText(name: "", bytes: bytes))
    guard let root = document.value, document.findings.isEmpty else {
      let finding = document.findings.first
      let place = finding?.range.map { " (\($0.start.line):\($0.start.column))" } ?? ""
      throw .damaged("\(finding?.sentence ?? "nothing can be read")\(place)")
    }
    let record = try Record(root, path: "the plan")
    let version = try record.integer("formatVersion")
    guard version == Plan.currentFormatVersion else {
      throw PlanError(
        code: .foreign,
        message: "the stored plan has format \(version); this program reads format "
          + "\(Plan.currentFormatVersion)")
    }
    self.init(
      name: try record.string("name"), title: try record.string("title"),
      question: try record.string("question"), notes: try record.string("notes"),
      about: try record.optional("about").map { (about) throws(PlanError) in
        try About(about.record())
      },
      experimentFile: try record.string("experimentFile"),
      experimentHash: try record.string("experimentHash"),
      overrides: try record.list("overrides") { (item) throws(PlanError) in try item.string() },
      rootSeed: try record.integer("rootSeed"),
      seeds: try record.list("seeds") { (item) throws(PlanError) in try item.integer() },
      score: try Score(record.record("score")),
      hypotheses: try record.list("hypotheses") { (item) throws(PlanError) in
        try Hypothesis(item.record())
      },
      axes: try record.list("axes") { (item) throws(PlanError) in try Axis(item.record()) },
      variants: try record.list("variants") { (item) throws(PlanError) in try Variant(item.record())
      },
      trials: try record.list("trials") { (item) throws(PlanError) in
        try PlannedTrial(item.record())
      },
      arithmetic: try record.string("arithmetic"), search: record.optional("search")?.value.plain)
    if let fault = inconsistency { throw .damaged(fault) }
  }

  /// What a reader of the plan could stumble over.
  private var inconsistency: String? {
    for (i, variant) in variants.enumerated() {
      if variant.index != i { return "variant \(i) says that it is number \(variant.index)" }
      for (axis, level) in zip(axes, variant.levels) {
        if let level, !axis.values.indices.contains(level) {
          return "variant \(i) has no value on the axis \(axis.path)"
        }
      }
      if variant.levels.count != axes.count { return "variant \(i) does not lie on all axes" }
    }
    for trial in trials where !variants.indices.contains(trial.variant) {
      return "trial \(trial.id) is of variant \(trial.variant), and there are \(variants.count)"
    }
    for pair in hypotheses.flatMap(\.pairs)
    where pair.count != 2 || !pair.allSatisfy(variants.indices.contains) {
      return "a hypothesis compares variants \(pair), and there are \(variants.count)"
    }
    return nil
  }
}

extension PlanError {
  fileprivate static func damaged(_ reason: String) -> PlanError {
    PlanError(code: .damaged, message: "the stored plan is damaged: \(reason)")
  }
}

/// A value of a stored plan, which must be of the kind that is asked for.
private struct Stored {
  let value: PositionedValue
  let path: String

  func string() throws(PlanError) -> String {
    guard case .string(let text) = value.content else { throw wrong("a string") }
    return text
  }

  func number() throws(PlanError) -> Double {
    guard case .number(let number) = value.content else { throw wrong("a number") }
    return number
  }

  func integer() throws(PlanError) -> Int {
    guard let whole = Int(exactly: try number()) else { throw wrong("a whole number") }
    return whole
  }

  func record() throws(PlanError) -> Record { try Record(value, path: path) }

  func word<Word: RawRepresentable<String>>() throws(PlanError) -> Word {
    let text = try string()
    guard let word = Word(rawValue: text) else { throw wrong("a known word, but \"\(text)\"") }
    return word
  }

  func list<Element>(
    _ read: (Stored) throws(PlanError) -> Element
  ) throws(PlanError) -> [Element] {
    guard case .array(let elements) = value.content else { throw wrong("a list") }
    var all: [Element] = []
    all.reserveCapacity(elements.count)
    for element in elements { all.append(try read(Stored(value: element, path: path))) }
    return all
  }

  private func wrong(_ wanted: String) -> PlanError { .damaged("\(path) is not \(wanted)") }
}

/// An object of a stored plan.
private struct Record {
  private let members: [PositionedValue.Member]
  private let path: String

  init(_ value: PositionedValue, path: String) throws(PlanError) {
    guard let members = value.members else { throw .damaged("\(path) is not an object") }
    self.members = members
    self.path = path
  }

  func optional(_ key: String) -> Stored? {
    guard let member = members.first(where: { $0.key == key }) else { return nil }
    return Stored(value: member.value, path: key)
  }

  func value(_ key: String) throws(PlanError) -> Stored {
    guard let stored = optional(key) else { throw .damaged("\(path) lacks \(key)") }
    return stored
  }

  func string(_ key: String) throws(PlanError) -> String { try value(key).string() }
  func integer(_ key: String) throws(PlanError) -> Int { try value(key).integer() }
  func record(_ key: String) throws(PlanError) -> Record { try value(key).record() }

  func list<Element>(
    _ key: String, _ read: (Stored) throws(PlanError) -> Element
  ) throws(PlanError) -> [Element] {
    try value(key).list(read)
  }

  func values(_ key: String) throws(PlanError) -> [String: ConfigValue] {
    guard case .object(let values) = try value(key).value.plain else {
      throw .damaged("\(key) is not an object")
    }
    return values
  }
}

extension Plan.About {
  fileprivate init(_ record: Record) throws(PlanError) {
    self.init(
      author: try record.string("author"),
      tags: try record.list("tags") { (tag) throws(PlanError) in try tag.string() },
      description: try record.string("description"))
  }
}

extension Plan.Score {
  fileprivate init(_ record: Record) throws(PlanError) {
    self.init(
      metric: try record.value("metric").word(), window: try record.integer("window"),
      reduction: try record.value("reduction").word(), goal: try record.value("goal").word(),
      threshold: try record.optional("threshold")?.number(),
      range: try record.optional("range")?.list { (end) throws(PlanError) in try end.number() })
  }
}

extension Plan.Hypothesis {
  fileprivate init(_ record: Record) throws(PlanError) {
    self.init(
      claim: try record.string("claim"), better: try record.values("better"),
      than: try record.values("than"), measure: try record.value("measure").word(),
      atLeast: try record.value("atLeast").number(),
      pairs: try record.list("pairs") { (pair) throws(PlanError) in
        try pair.list { (index) throws(PlanError) in try index.integer() }
      })
  }
}

extension Plan.Axis {
  fileprivate init(_ record: Record) throws(PlanError) {
    self.init(
      path: try record.string("path"), label: try record.string("label"),
      values: try record.list("values") { (value) throws(PlanError) in try value.string() },
      draw: try record.optional("draw")?.word())
  }
}

extension Plan.Variant {
  fileprivate init(_ record: Record) throws(PlanError) {
    self.init(
      index: try record.integer("index"), label: try record.string("label"),
      levels: try record.list("levels") { (level) throws(PlanError) in
        if case .null = level.value.content { return nil }
        return try level.integer()
      },
      preset: try record.optional("preset")?.string(),
      differing: try record.list("differing") { (setting) throws(PlanError) in
        let record = try setting.record()
        return Plan.Setting(
          path: try record.string("path"), value: try record.value("value").value.plain)
      },
      configuration: .object(try record.values("configuration")),
      dropped: try record.list("dropped") { (line) throws(PlanError) in try line.string() })
  }
}

extension Plan.PlannedTrial {
  fileprivate init(_ record: Record) throws(PlanError) {
    self.init(
      number: try record.integer("number"), id: try record.string("id"),
      variant: try record.integer("variant"), seed: try record.integer("seed"),
      extends: try record.optional("extends")?.string(),
      round: try record.optional("round")?.integer())
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema
import Statistics

/// A value that the file or an option puts at a path, with its place.
struct Assignment: Sendable {
  /// Where a value was written, from the weakest to the strongest.
  enum Origin: Sendable { case base, sweep, override }

  let slot: CatalogueIndex.Slot
  let value: ConfigValue
  let place: Place
  let origin: Origin
  /// Tells the values of an expanded sweep apart; -1 for those that stand elsewhere.
  var number = -1

  var path: String { slot.path }
  /// The path as it stands in the file, for messages.
  var shownPath: String { origin == .base ? "base.\(path)" : path }

  /// The value of the whole key, where this may be only a part of it.
  func laid(over old: ConfigValue?) -> ConfigValue {
    guard let inner = slot.inner else { return value }
    var whole = old ?? [:]
    whole[path: inner] = value
    return whole
  }
}

/// An experiment file as it was read and checked value by value, before expansion.
struct ExperimentDraft: Sendable {
  /// Where a key and its value stand.
  struct Written: Sendable {
    let key: Place
    let value: Place
  }

  /// The file that was asked for; what it starts from has places of its own.
  var source: SourceText
  /// What the keys of the file say, as `FileKeys` describes them.
  var values: [String: ConfigValue] = [:]
  /// Places by path, such as `seeds`, `base.optimizer` and `search.rungs`.
  var written: [String: Written] = [:]
  var base: [Assignment] = []
  var sweep: SweepNode?
  /// What `search.reference` sets.
  var reference: [Assignment] = []

  /// The values as Swift types; filled by `decode`.
  private(set) var seeds: [Int] = [0]
  private(set) var seedRange: Plan.SeedRange?
  private(set) var rootSeed = 0
  private(set) var score = Plan.Score()
  private(set) var cluster = ClusterSettings()
  private(set) var search: SearchSettings?
  var hypotheses: [Hypothesis] = []

  /// A hypothesis before its pairs of variants are known.
  struct Hypothesis: Decodable, Sendable {
    let claim: String
    let better: [String: ConfigValue]
    let than: [String: ConfigValue]
    let measure: TwoSampleMeasure
    let atLeast: Double?
    let within: Double?
    let score: Plan.Score?
  }

  /// Takes over what was read, once nothing more comes; what had errors is left out.
  mutating func decode() {
    if let found = self["seeds", Seeds.self] { (seeds, seedRange) = (found.values, found.range) }
    rootSeed = self["rootSeed"] ?? 0
    score = self["score"] ?? score
    cluster = self["cluster"] ?? cluster
    hypotheses = self["hypotheses"] ?? []
    search = values["search"].flatMap { SearchSettings($0) }
  }

  /// The value of a key as a Swift type; nil where the file does not have it.
  subscript<Value: Decodable>(key: String, type: Value.Type = Value.self) -> Value? {
    values[key].flatMap { try? $0.decoded(name: key) }
  }

  /// Where the seeds are given, else what needs them.
  var seedsPlace: Place? { written["seeds"]?.value ?? written["hypotheses"]?.key }
}

/// A number n for the seeds 0 to n − 1, a list of seeds, or all that there may be of a range.
private struct Seeds: Decodable {
  let values: [Int]
  var range: Plan.SeedRange?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      values = Array(0..<count)
    } else if let range = try? container.decode(Plan.SeedRange.self) {
      (values, self.range) = (Array(0..<range.to), range)
    } else {
      values = try container.decode([Int].self)
    }
  }
}

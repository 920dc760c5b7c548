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
}

/// An experiment file as it was read and checked value by value, before expansion.
struct ExperimentDraft: Sendable {
  /// The file that was asked for; what it starts from has places of its own.
  var source: SourceText
  var title: String?
  var about = Plan.About()
  var question = ""
  var notes = ""
  var base: [Assignment] = []
  /// The places of `base` itself and of its sections, by `base` and `base.SECTION`.
  var sectionPlaces: [String: Place] = [:]
  var sweep: SweepNode?
  var seeds: [Int] = [0]
  /// Where the seeds are given, else what needs them.
  var seedsPlace: Place?
  var rootSeed = 0
  var score = Plan.Score()
  var hypotheses: [HypothesisDraft] = []
  var cluster = ClusterSettings()
  var search: SearchDraft?
}

/// A hypothesis before its pairs of variants are known.
struct HypothesisDraft: Sendable {
  let claim: String
  let better: [(path: String, value: ConfigValue)]
  let than: [(path: String, value: ConfigValue)]
  let measure: TwoSampleMeasure
  let atLeast: Double
  let betterPlace: Place
  let thanPlace: Place
  let shownPath: String
}

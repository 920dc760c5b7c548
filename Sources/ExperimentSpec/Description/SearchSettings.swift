// SPDX-License-Identifier: MIT
package import ParameterSchema

/// The file's `search` block: which trials of the sweep are worth their time is decided round by
/// round, by what the trials before have scored.
package struct SearchSettings: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable { case halving, tpe, racing }

  package enum Method: Hashable, Sendable {
    /// After each of the `rungs`, lengths of training that rise, the best 1/`eta` of the variants
    /// train on (Jamieson and Talwalkar 2016).
    case halving(rungs: [Int], eta: Int)
    /// The first `startup` variants are the sweep's own draws; the others are proposed, `perRound`
    /// at a time, where the best share `gamma` of those before lies denser than the rest (Bergstra
    /// et al. 2011).
    case tpe(startup: Int, perRound: Int, gamma: Double)
    /// All variants train with more and more seeds, `perRound` more each round; one that loses
    /// against the leader by the paired test gets no more. `alpha` bounds the chance of any false
    /// drop over all looks and pairs.
    case racing(perRound: Int, alpha: Double)
  }

  package let kind: Kind
  package let method: Method
  /// Fresh seeds on which the winner is trained at the end; 0 for none.
  package let confirm: Int
  /// What the confirmed winner is compared with: values by path over `base`; nil for nothing.
  package let reference: [String: ConfigValue]?
  /// All keys with their values, as `plan.json` keeps them.
  package let record: ConfigValue

  /// - Parameter record: the block as it was read, defaults filled in; nil where it is none.
  init?(_ record: ConfigValue) {
    let values = Settings(["search": record], section: "search")
    guard let kind = Kind(rawValue: values.string("kind")) else { return nil }
    (self.kind, self.record) = (kind, record)
    confirm = values.integer("confirm")
    if case .object(let settings)? = record[path: "reference"] {
      reference = settings
    } else {
      reference = nil
    }
    method =
      switch kind {
      case .halving:
        .halving(rungs: values.integers("rungs"), eta: values.integer("eta"))
      case .tpe:
        .tpe(
          startup: values.integer("startup"), perRound: values.integer("perRound"),
          gamma: values.number("gamma"))
      case .racing:
        .racing(perRound: values.integer("perRound"), alpha: values.number("alpha"))
      }
  }

  // MARK: Description

  static let section = Section(
    name: "search", selector: "kind",
    components: [
      component(
        .halving,
        "Successive halving: all variants train a little, the best of them longer (Jamieson and "
          + "Talwalkar 2016).",
        [
          Parameter(
            "rungs", .list(of: .integer(1...10_000_000), count: 1...20),
            doc: "Rising lengths of training, after each of which all but the best are dropped; in "
              + "episodes, or decisions where training.decisions is set, and all below that length.",
            need: .required(
              "say at which lengths the best are chosen, such as \"rungs\": [500, 1500]")),
          Parameter(
            "eta", .integer(2...100), default: 3,
            doc: "After a rung the best 1/eta of the variants train on, at least one."),
        ],
        [
          Constraint(code: "out-of-range", severity: .error, path: "rungs") { search in
            let rungs = search[path: "rungs"].flatMap {
              try? $0.decoded(as: [Int].self, name: "rungs")
            }
            guard let rungs, !zip(rungs, rungs.dropFirst()).allSatisfy({ $0 < $1 }) else {
              return nil
            }
            return "the lengths do not rise"
          }
        ]),
      component(
        .tpe,
        "A tree-structured Parzen estimator proposes variants within the ranges of a random sweep "
          + "(Bergstra et al. 2011).",
        [
          Parameter(
            "startup", .integer(1...1_000_000), default: 10,
            doc: "Variants that are the sweep's own draws, before anything is proposed."),
          Parameter(
            "gamma", .number(NumberRange(lower: 0, lowerIsOpen: true, upper: 1, upperIsOpen: true)),
            default: 0.25, doc: "The share of the variants that counts as good."),
          Parameter(
            "perRound", .integer(1...1_000_000), default: 2,
            doc: "Variants that are proposed at a time."),
        ]),
      component(
        .racing, "Variants that lose against the leader get no more seeds.",
        [
          Parameter(
            "perRound", .integer(1...1_000_000), default: 2, doc: "Seeds that each round adds."),
          Parameter(
            "alpha", .number(NumberRange(lower: 0, lowerIsOpen: true, upper: 1, upperIsOpen: true)),
            default: 0.05,
            doc: "The chance of dropping any variant that is as good as the one it loses against, "
              + "over all looks and pairs."),
        ]),
    ],
    doc: "Decides round by round which trials of the sweep are worth their time. Without it all of "
      + "them are.")

  private static func component(
    _ kind: Kind, _ doc: String, _ own: [Parameter], _ constraints: [Constraint] = []
  ) -> Component {
    Component(
      id: kind.rawValue, doc: doc,
      parameters: own + [
        Parameter(
          "confirm", .integer(0...10_000), default: 10,
          doc:
            "Fresh seeds, never used in the search, on which the winner is trained at the end; 0 "
            + "for none."),
        Parameter(
          "reference", .file(.defined(.settings)),
          doc: "Values by path over base: what the winner is compared with on the fresh seeds."),
      ], constraints: constraints)
  }
}

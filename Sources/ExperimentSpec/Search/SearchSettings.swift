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

  package var method: Method
  /// Fresh seeds on which the winner is trained at the end; 0 for none.
  package var confirm: Int
  /// What the confirmed winner is compared with: values by path over `base`; nil for nothing.
  package var reference: [String: ConfigValue]?

  package init(method: Method, confirm: Int = 10, reference: [String: ConfigValue]? = nil) {
    self.method = method
    self.confirm = confirm
    self.reference = reference
  }

  package var kind: Kind {
    switch method {
    case .halving: .halving
    case .tpe: .tpe
    case .racing: .racing
    }
  }

  /// All keys with their values, as `plan.json` keeps them.
  package var record: ConfigValue {
    var members: [String: ConfigValue] = [
      "kind": .string(kind.rawValue), "confirm": .number(Double(confirm)),
    ]
    switch method {
    case .halving(let rungs, let eta):
      members["rungs"] = .array(rungs.map { .number(Double($0)) })
      members["eta"] = .number(Double(eta))
    case .tpe(let startup, let perRound, let gamma):
      members["startup"] = .number(Double(startup))
      members["perRound"] = .number(Double(perRound))
      members["gamma"] = .number(gamma)
    case .racing(let perRound, let alpha):
      members["perRound"] = .number(Double(perRound))
      members["alpha"] = .number(alpha)
    }
    members["reference"] = reference.map { .object($0) }
    return .object(members)
  }
}

extension SearchSettings {
  /// One key of the block: who has it and what it means, for the schema and for error messages.
  struct Key {
    let name: String
    /// The kinds that have it.
    let kinds: [Kind]
    let parameter: Parameter

    init(
      _ name: String, _ kinds: [Kind] = Kind.allCases, _ kind: Parameter.Kind,
      default value: ConfigValue, _ doc: String
    ) {
      self.name = name
      self.kinds = kinds
      parameter = Parameter(name, kind, default: value, doc: doc)
    }
  }

  static let largestCount = 1_000_000

  /// Every key but `kind` and `reference`.
  static let keys: [Key] = [
    Key(
      "rungs", [.halving], .list(of: .integer(1...10_000_000), count: 1...20), default: .null,
      "Rising lengths of training, after each of which all but the best are dropped; in episodes, "
        + "or decisions where training.decisions is set, and all below that length."),
    Key(
      "eta", [.halving], .integer(2...100), default: 3,
      "After a rung the best 1/eta of the variants train on, at least one."),
    Key(
      "startup", [.tpe], .integer(1...largestCount), default: 10,
      "Variants that are the sweep's own draws, before anything is proposed."),
    Key(
      "gamma", [.tpe],
      .number(NumberRange(lower: 0, lowerIsOpen: true, upper: 1, upperIsOpen: true)),
      default: 0.25, "The share of the variants that counts as good."),
    Key(
      "perRound", [.tpe, .racing], .integer(1...largestCount), default: 2,
      "Variants that are proposed at a time (tpe), or seeds that each round adds (racing)."),
    Key(
      "alpha", [.racing],
      .number(NumberRange(lower: 0, lowerIsOpen: true, upper: 1, upperIsOpen: true)), default: 0.05,
      "The chance of dropping any variant that is as good as the one it loses against, over all "
        + "looks and pairs."),
    Key(
      "confirm", Kind.allCases, .integer(0...10_000), default: 10,
      "Fresh seeds, never used in the search, on which the winner is trained at the end; 0 for none."
    ),
  ]

  static func keys(of kind: Kind) -> [Key] { keys.filter { $0.kinds.contains(kind) } }
}

// SPDX-License-Identifier: MIT
import ParameterSchema

extension SchemaBuilder {
  /// The schema of the `search` block: an object for each kind.
  var search: SchemaText {
    let docs: [SearchSettings.Kind: String] = [
      .halving:
        "Successive halving: all variants train a little, the best of them longer (Jamieson and "
        + "Talwalkar 2016).",
      .tpe:
        "A tree-structured Parzen estimator proposes variants within the ranges of a random sweep "
        + "(Bergstra et al. 2011).",
      .racing: "Variants that lose against the leader get no more seeds.",
    ]
    let forms = SearchSettings.Kind.allCases.map { kind in
      let kindMember: (key: String, value: SchemaText) = (
        "kind",
        .object([
          ("description", .text(docs[kind] ?? "")), ("const", .text(kind.rawValue)),
        ])
      )
      let members = SearchSettings.keys(of: kind).map { key -> (key: String, value: SchemaText) in
        (key.name, described(key.parameter))
      }
      let required = kind == .halving ? ["kind", "rungs"] : ["kind"]
      return closedObject(
        [kindMember] + members + [
          (
            "reference",
            reference(
              "settings",
              "Values by path over base: what the winner is compared with on the fresh seeds.")
          )
        ], required: required)
    }
    return .object([
      (
        "description",
        .text(
          "Decides round by round which trials of the sweep are worth their time. Without it all "
            + "of them are.")
      ),
      ("oneOf", .list(forms)),
    ])
  }

  private func described(_ parameter: Parameter) -> SchemaText {
    let normal = parameter.defaultValue
    let text =
      normal == .null ? parameter.doc : "\(parameter.doc) Default: \(canonicalJSON(normal))."
    return schema(of: parameter.kind).adding(
      [("description", .text(text))] + (normal == .null ? [] : [("default", .value(normal))]))
  }
}

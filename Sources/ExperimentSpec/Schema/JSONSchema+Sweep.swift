// SPDX-License-Identifier: MIT
import ParameterSchema

extension SchemaBuilder {
  /// The definitions of `sweep` and of what its kinds hold.
  func sweepDefinitions(_ slots: [CatalogueIndex.Slot]) -> Members {
    let atLeastOne: Members = [("minProperties", .number(1))]
    let grid = slots.map { ($0.path, list($0, isGrid: true)) }
    let zip = slots.map { ($0.path, list($0, isGrid: false)) }
    let draws = slots.map { ($0.path, draw($0)) }
    return [
      ("sweep", sweep),
      ("grid", closedObject(grid).adding(atLeastOne)),
      ("zip", closedObject(zip).adding(atLeastOne)),
      ("random", random),
      ("draws", closedObject(draws).adding(atLeastOne)),
    ]
  }

  private var sweep: SchemaText {
    func listOf(_ definition: String, _ doc: String) -> SchemaText {
      .object([
        ("description", .text(doc)), ("type", .text("array")), ("items", reference(definition)),
        ("minItems", .number(1)),
      ])
    }
    let exclude: SchemaText = .object([
      ("description", .text("Variants for which all values of one of these hold are left out.")),
      ("type", .text("array")), ("items", reference("conditions")),
    ])
    let when: SchemaText = .object([
      (
        "description",
        .text(
          "In a product, this part applies only to the variants of the parts before it for which "
            + "these values hold, or those of one in a list; the others stay as they are.")
      ),
      ("anyOf", .list([reference("conditions"), listOf("conditions", "One of these must hold.")])),
    ])
    let properties: Members = [
      ("grid", reference("grid", "Every combination of the listed values.")),
      ("zip", reference("zip", "The lists in step; all are equally long.")),
      ("cases", listOf("case", "Named sets of values.")),
      ("random", reference("random", "Values drawn at random, the same whenever it is planned.")),
      ("product", listOf("sweep", "Every combination of its parts.")),
      ("concat", listOf("sweep", "All variants of its parts, one after the other.")),
      ("when", when),
      ("exclude", exclude),
    ]
    return closedObject(properties).adding([
      (
        "oneOf",
        .list(ExperimentReader.sweepKinds.map { .object([("required", .strings([$0]))]) })
      )
    ])
  }

  private func list(_ slot: CatalogueIndex.Slot, isGrid: Bool) -> SchemaText {
    var members: Members = [
      ("type", .text("array")), ("items", reference(slot.path)), ("minItems", .number(1)),
    ]
    if isGrid {
      members.append(("uniqueItems", .value(true)))
      if !index.entersIdentity(slot) { members.append(("maxItems", .number(1))) }
    }
    return .object(members)
  }

  // MARK: Random

  private var random: SchemaText {
    closedObject(
      [
        (
          "trials",
          integerSchema(1...SweepChecks.trialLimit).adding([
            ("description", .text("How many draws; more keep those before."))
          ])
        ),
        (
          "seed",
          integerSchema(0...ExperimentReader.largestInteger).adding([
            ("description", .text("Another number gives other draws. Default: 0.")),
            ("default", .number(0)),
          ])
        ),
        (
          "set",
          reference("draws", "By path: a list to choose from, or a range { min, max, scale }.")
        ),
      ], required: ["trials", "set"])
  }

  private func draw(_ slot: CatalogueIndex.Slot) -> SchemaText {
    var forms: [SchemaText] = [list(slot, isGrid: true)]
    var printed: Set<String> = []
    for (_, parameter) in slot.choices {
      guard let kind = DrawnKind(parameter.kind) else { continue }
      let form = range(schema(of: kind.kind))
      if printed.insert(form.printed()).inserted { forms.append(form) }
    }
    return forms.count == 1 ? forms[0] : .object([("anyOf", .list(forms))])
  }

  private func range(_ end: SchemaText) -> SchemaText {
    let isLogarithmic: SchemaText = .object([
      ("properties", .object([("scale", .object([("const", .text("log"))]))])),
      ("required", .strings(["scale"])),
    ])
    let isPositive: SchemaText = .object([
      ("properties", .object([("min", .object([("exclusiveMinimum", .number(0))]))]))
    ])
    let scales = DrawScale.allCases.map(\.rawValue)
    return closedObject(
      [
        ("min", end), ("max", end),
        ("scale", .object([("enum", .strings(scales)), ("default", .text("linear"))])),
      ], required: ["min", "max"]
    ).adding([("if", isLogarithmic), ("then", isPositive)])
  }
}

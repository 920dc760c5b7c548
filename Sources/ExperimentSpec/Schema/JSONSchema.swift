// SPDX-License-Identifier: MIT
package import ParameterSchema

/// The JSON Schema (2020-12) of experiment files, for editors and other programs.
///
/// What it refuses, `loadExperiment` refuses too. It cannot say what `schemaBlindSpots` lists.
package func jsonSchema(for catalogue: Catalogue) -> String {
  SchemaBuilder(index: CatalogueIndex(catalogue)).document.printed() + "\n"
}

/// The file's keys follow from their descriptions; what the catalogue says stands in definitions.
private struct SchemaBuilder {
  let index: CatalogueIndex

  var document: SchemaText {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rallybook experiment",
      "description":
        "One question about policy gradients, with everything that it takes to answer it.",
    ] + closedObject(FileKeys.all.map { ($0.name, schema(of: $0)) })
      + ["$defs": .object(definitions)]
  }

  private var definitions: SchemaText.Members {
    let slots = index.paths.compactMap(index.slot)
    let inside = slots.filter(\.isObject).map { $0.inside("*") }
    func byPath(_ schema: (CatalogueIndex.Slot) -> SchemaText) -> SchemaText {
      let patterns = inside.map { slot in
        let whole = "\(slot.path.dropLast(2).split(separator: ".").joined(separator: "\\."))"
        return ("^\(whole)(\\.[ -\\-/-~]+)+$", schema(slot))
      }
      return closedObject(slots.map { ($0.path, schema($0)) })
        + (patterns.isEmpty ? [:] : ["patternProperties": .object(patterns)])
    }
    let settings = byPath { reference($0.path) }
    let atLeastOne: SchemaText = ["minProperties": 1]
    return [
      ("base", base), ("sweep", sweep),
      ("grid", byPath { list($0, isGrid: true) } + atLeastOne),
      ("zip", byPath { list($0, isGrid: false) } + atLeastOne),
      ("random", schema(of: .file(.section(FileKeys.random)))),
      ("draws", byPath(draw) + atLeastOne),
      ("case", schema(of: .file(.section(FileKeys.sweepCase)))),
      ("settings", settings), ("conditions", settings + atLeastOne),
    ] + (slots + inside).map { ($0.path, schema(of: $0)) }
  }

  private var base: SchemaText {
    let preset = index.slot(CatalogueIndex.presetPath).map { [($0.key, reference($0.path))] } ?? []
    let sections = index.catalogue.sections.map { section in
      let keys = index.keys(ofSection: section.name)
      let members = keys.map { ($0, reference("\(section.name).\($0)")) }
      return (section.name, closedObject(members) + ["description": .text(section.doc)])
    }
    return closedObject(preset + sections)
  }

  // MARK: Sweeps

  private var sweep: SchemaText {
    func listOf(_ definition: String, _ doc: String) -> SchemaText {
      ["description": .text(doc), "type": "array", "items": reference(definition), "minItems": 1]
    }
    let properties: SchemaText.Members = [
      ("grid", reference("grid", "Every combination of the listed values.")),
      ("zip", reference("zip", "The lists in step; all are equally long.")),
      ("cases", listOf("case", "Named sets of values.")),
      ("random", reference("random", "Values drawn at random, the same whenever it is planned.")),
      ("product", listOf("sweep", "Every combination of its parts.")),
      ("concat", listOf("sweep", "All variants of its parts, one after the other.")),
      (
        "when",
        [
          "description": .text(
            "In a product, this part applies only to the variants of the parts before it for which "
              + "these values hold, or those of one in a list; the others stay as they are."),
          "anyOf": [reference("conditions"), listOf("conditions", "One of these must hold.")],
        ]
      ),
      (
        "exclude",
        [
          "description": "Variants for which all values of one of these hold are left out.",
          "type": "array", "items": reference("conditions"),
        ]
      ),
    ]
    return closedObject(properties) + [
      "oneOf": .list(ExperimentReader.sweepKinds.map { ["required": .strings([$0])] })
    ]
  }

  private func list(_ slot: CatalogueIndex.Slot, isGrid: Bool) -> SchemaText {
    let isFixed = isGrid && !index.entersIdentity(slot)
    return ["type": "array", "items": reference(slot.path), "minItems": 1]
      + (isGrid ? ["uniqueItems": true] : [:]) + (isFixed ? ["maxItems": 1] : [:])
  }

  /// A list to choose from, or a range for each kind of number that may stand at the path.
  private func draw(_ slot: CatalogueIndex.Slot) -> SchemaText {
    let ranges = slot.choices.compactMap { DrawnKind($0.parameter.kind) }.map { drawn in
      let end = schema(of: drawn.kind)
      return closedObject(
        [("min", end), ("max", end), ("scale", schema(of: DrawnKind.scale))],
        required: ["min", "max"])
        + condition("scale", is: "log", then: ["properties": ["min": ["exclusiveMinimum": 0]]])
    }
    return anyOf([list(slot, isGrid: true)] + ranges)
  }

  // MARK: Parameters

  /// The schema of the values that may stand at one path: those of any component that has the key.
  private func schema(of slot: CatalogueIndex.Slot) -> SchemaText {
    var sentences: [String] = []
    for (component, parameter) in slot.choices {
      let owner = slot.isSelector || component.isEmpty ? "" : "\(component): "
      let sentence = owner + (slot.isSelector ? parameter.doc : self.sentence(parameter))
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    let defaults = Set(slot.choices.map(\.parameter.defaultValue))
    let hasDefault = defaults.count == 1 && slot.path != CatalogueIndex.presetPath
    return anyOf(slot.choices.map { schema(of: $0.parameter.kind) })
      + ["description": .text(sentences.joined(separator: "\n"))]
      + (hasDefault ? ["default": .value(defaults.first ?? .null)] : [:])
  }

  private func schema(of parameter: Parameter) -> SchemaText {
    if parameter.doc.isEmpty { return schema(of: parameter.kind) }
    let normal = parameter.defaultValue
    return ["description": .text(sentence(parameter))] + schema(of: parameter.kind)
      + (normal == .null ? [:] : ["default": .value(normal)])
  }

  /// What it means, what it may be and what it is without being given.
  private func sentence(_ parameter: Parameter) -> String {
    let isSaid: Bool
    switch parameter.kind {
    case .file: isSaid = parameter.allowed == nil
    case .text(let rule): isSaid = rule == .any || rule == .filled
    default: isSaid = false
    }
    var isNullable = false
    if case .nullable = parameter.kind { isNullable = true }
    let normal = parameter.defaultValue
    return parameter.doc + (isSaid ? "" : " Allowed: \(parameter.allowedSentence).")
      + (normal == .null && !isNullable ? "" : " Default: \(canonicalJSON(normal)).")
  }

  /// The schema of the values of one kind.
  private func schema(of kind: Parameter.Kind) -> SchemaText {
    switch kind {
    case .boolean: return ["type": "boolean"]
    case .integer(let range): return ["type": "integer"] + bounds(.init(range))
    case .number(let range): return ["type": "number"] + bounds(range)
    case .choice(let words): return ["enum": .strings(words)]
    case .text(.any): return ["type": "string"]
    case .text(.filled): return ["type": "string", "minLength": 1]
    case .text(let rule): return ["type": "string", "pattern": .text(rule.pattern ?? "")]
    case .nullable(let inner): return ["anyOf": [["type": "null"], schema(of: inner)]]
    case .integerOrInterval(let range):
      let ends = Parameter.Kind.record([.init("min", range), .init("max", range)])
      return ["anyOf": [schema(of: .integer(range)), schema(of: ends)]]
    case .object: return ["type": "object"]
    case .any: return [:]
    case .hashedFile(let rule): return schema(of: .text(rule))
    case .call:
      let name = schema(of: .text(TextRule(rest: "a name")))
      return [
        "anyOf": [
          name,
          closedObject([("name", name), ("kwargs", schema(of: .object))], required: ["name"]),
        ]
      ]
    case .record(let fields):
      return closedObject(
        fields.map { ($0.name, schema(of: $0.kind)) }, required: fields.map(\.name))
    case .list(let element, let count): return array(schema(of: element), count)
    case .file(let kind): return schema(of: kind)
    }
  }

  private func schema(of kind: Parameter.FileKind) -> SchemaText {
    switch kind {
    case .elements(let element, let count, let areDistinct):
      return array(schema(of: element), count) + (areDistinct ? ["uniqueItems": true] : [:])
    case .oneOf(let kinds): return ["anyOf": .list(kinds.map(schema))]
    case .defined(let definition): return reference(definition.rawValue)
    case .section(let section):
      guard let selector = section.selector else {
        return schema(of: section.components[0].parameters)
          + (section.isOneKey ? ["minProperties": 1, "maxProperties": 1] : [:])
      }
      let forms = section.components.map { component in
        let kind: SchemaText = ["description": .text(component.doc), "const": .text(component.id)]
        return schema(of: component.parameters, selector: (selector, kind))
      }
      return ["oneOf": .list(forms)]
    }
  }

  /// An object with these keys.
  private func schema(
    of parameters: [Parameter], selector: (key: String, value: SchemaText)? = nil
  ) -> SchemaText {
    var required = selector.map { [$0.key] } ?? []
    var conditions: SchemaText = [:]
    for parameter in parameters {
      switch parameter.need {
      case .optional: break
      case .required: required.append(parameter.name)
      case .given(let key, let word, _):
        conditions =
          conditions + condition(key, is: word, then: ["required": .strings([parameter.name])])
      }
    }
    let members = parameters.map { ($0.name, schema(of: $0)) }
    return closedObject((selector.map { [$0] } ?? []) + members, required: required) + conditions
  }

  private func bounds(_ range: NumberRange) -> SchemaText {
    let lower = range.lowerIsOpen ? "exclusiveMinimum" : "minimum"
    let upper = range.upperIsOpen ? "exclusiveMaximum" : "maximum"
    return .object(
      [(lower, range.lower), (upper, range.upper)].compactMap { key, bound in
        bound.map { (key, .value(.number($0))) }
      })
  }

  // MARK: Shapes

  private func reference(_ name: String, _ doc: String? = nil) -> SchemaText {
    ["$ref": .text("#/$defs/\(name)")] + (doc.map { ["description": .text($0)] } ?? [:])
  }

  private func array(_ element: SchemaText, _ count: ClosedRange<Int>) -> SchemaText {
    ["type": "array", "items": element]
      + (count.lowerBound == 0 ? [:] : ["minItems": .number(count.lowerBound)])
      + (count.upperBound == .max ? [:] : ["maxItems": .number(count.upperBound)])
  }

  /// An object that has these keys and no others.
  private func closedObject(
    _ properties: SchemaText.Members, required: [String] = []
  ) -> SchemaText {
    ["type": "object", "properties": .object(properties), "additionalProperties": false]
      + (required.isEmpty ? [:] : ["required": .strings(required)])
  }

  /// What else holds where a key has a value.
  private func condition(_ key: String, is word: String, then: SchemaText) -> SchemaText {
    let value: SchemaText = ["const": .text(word)]
    return [
      "if": ["properties": .object([(key, value)]), "required": .strings([key])], "then": then,
    ]
  }

  /// Any of different schemas; one by itself where all are the same.
  private func anyOf(_ schemas: [SchemaText]) -> SchemaText {
    var printed: Set<String> = []
    let distinct = schemas.filter { printed.insert($0.printed()).inserted }
    return distinct.count == 1 ? distinct[0] : ["anyOf": .list(distinct)]
  }
}

/// The codes of errors that only the program sees, each with what it is about.
package let schemaBlindSpots: [(code: String, about: String)] = [
  ("duplicate-key", "a key that appears twice in an object"),
  ("number-too-large", "a number that no double holds"),
  ("too-deep", "nesting deeper than 64"),
  ("bad-name", "a name that is not the file's"),
  ("missing-file", "a file to start from, or a module, that is not there"),
  ("changed-file", "a file of another content than the SHA-256 behind its name says"),
  ("circular-extends", "files that start from one another in a circle"),
  (
    "out-of-range",
    "min above max, score.range upside down, seeds.from above seeds.to, ranges of one component only, search.rungs that do not "
      + "rise or reach the full length"
  ),
  ("duplicate-value", "listed values that mean the same, written differently"),
  ("zip-length", "lists of a zip that are not equally long"),
  ("set-later", "a when or exclude about what only a later part of a product sets"),
  ("duplicate-label", "two cases of one label"),
  ("set-twice", "a path set by two parts of one product"),
  ("not-sweepable", "a grid or draw over what does not enter identity"),
  ("unused-key", "a value of the sweep that the chosen component does not use"),
  ("duplicate-variant", "two variants that are the same trials, judged or kept otherwise"),
  ("empty-sweep", "a sweep all of whose variants are excluded"),
  ("too-many-trials", "more than 100,000 trials, or as many axes as make the plan too large"),
  ("search-sweep", "a search without a sweep, or of a kind that its sweep does not suit"),
  ("search-score", "a search by a score that not every trial has"),
  ("search-seeds", "a race whose seeds are too few to drop anything"),
  ("too-few-seeds", "seeds to so many that no hypothesis could be decided"),
  ("search-hypotheses", "hypotheses beside a search"),
  (
    "contradicting-keys",
    "a hypothesis with both margins, or within another measure than difference"
  ),
  ("no-hypothesis", "seeds from and to without a hypothesis"),
  ("no-variant", "a hypothesis about values that no variant has"),
  ("no-pair", "a hypothesis without a pair of variants"),
  ("ambiguous-pair", "a hypothesis with several partners for a variant"),
]

// SPDX-License-Identifier: MIT
package import ParameterSchema
import Statistics

/// The JSON Schema (2020-12) of experiment files, for editors and other programs.
///
/// What it refuses, `loadExperiment` refuses too. It cannot say what `schemaBlindSpots` lists.
package func jsonSchema(for catalogue: Catalogue) -> String {
  SchemaBuilder(index: CatalogueIndex(catalogue)).document.printed() + "\n"
}

struct SchemaBuilder {
  typealias Members = [(key: String, value: SchemaText)]

  let index: CatalogueIndex

  var document: SchemaText {
    .object([
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("Rallybook experiment")),
      (
        "description",
        .text("One question about policy gradients, with everything that it takes to answer it.")
      ),
      ("type", .text("object")),
      ("properties", .object(topLevel)),
      ("additionalProperties", .value(false)),
      ("$defs", .object(definitions)),
    ])
  }

  private var topLevel: Members {
    [
      ("$schema", string("The schema that editors check this file with.")),
      (
        "name",
        string("The file's name without .json; optional: \(experimentNameRule).").adding([
          ("pattern", .text(experimentNamePattern))
        ])
      ),
      (
        "extends",
        string(
          "Another experiment file to start from, by its path from this one: each key here replaces "
            + "that file's, and each key within base."
        ).adding([("minLength", .number(1))])
      ),
      ("title", string("The report's title. Default: the name.")),
      ("author", string("Who asks; for people and queries, as are the next two.")),
      ("tags", tags),
      ("description", string("A sentence or two, for lists.")),
      ("question", string("Markdown: why this is asked, what is expected.")),
      ("base", base),
      ("sweep", reference("sweep", "What is varied; without it there is one variant.")),
      ("seeds", seeds),
      (
        "rootSeed",
        integerSchema(0...ExperimentReader.largestInteger).adding([
          ("description", .text("Enters every random stream. Default: 0.")),
          ("default", .number(0)),
        ])
      ),
      ("score", score),
      ("search", search),
      ("hypotheses", hypotheses),
      ("notes", string("Markdown, written after reading the report.")),
      ("cluster", clusterSchema()),
    ]
  }

  private var base: SchemaText {
    var properties: Members = []
    if let slot = index.slot(CatalogueIndex.presetPath) {
      properties.append((slot.key, reference(slot.path)))
    }
    for section in index.catalogue.sections {
      let keys = index.keys(ofSection: section.name)
      let members = keys.map { ($0, reference("\(section.name).\($0)")) }
      properties.append(
        (section.name, closedObject(members).adding([("description", .text(section.doc))])))
    }
    return closedObject(properties).adding([
      (
        "description",
        .text(
          "What all variants share: over the defaults and the preset, under the sweep. Keys that a "
            + "variant does not use are dropped from it.")
      )
    ])
  }

  private var tags: SchemaText {
    .object([
      ("description", .text("Words to find the experiment by.")), ("type", .text("array")),
      ("items", .object([("type", .text("string")), ("minLength", .number(1))])),
      ("maxItems", .number(ExperimentReader.tagLimit)), ("uniqueItems", .value(true)),
    ])
  }

  private var seeds: SchemaText {
    let list: SchemaText = .object([
      ("type", .text("array")), ("items", integerSchema(0...ExperimentReader.largestInteger)),
      ("minItems", .number(1)), ("maxItems", .number(ExperimentReader.seedLimit)),
      ("uniqueItems", .value(true)),
    ])
    return .object([
      (
        "description",
        .text(
          "How often each variant is trained: a number n for seeds 0 to n − 1, or a list. Default: 1."
        )
      ),
      ("anyOf", .list([integerSchema(1...ExperimentReader.seedLimit), list])),
      ("default", .number(1)),
    ])
  }

  private var score: SchemaText {
    let range: SchemaText = .object([
      (
        "description",
        .text(
          "Least and greatest score, by which scores are normalized. Default: the environment's.")
      ),
      ("type", .text("array")), ("items", schema(of: .number(ExperimentReader.scoreNumbers))),
      ("minItems", .number(2)), ("maxItems", .number(2)),
    ])
    let properties: Members = [
      (
        "metric",
        choice(
          Plan.Score.Metric.allCases.map(\.rawValue),
          "The return of training episodes, the return of evaluation episodes, or the episodes until "
            + "the running mean reaches `threshold`.", normal: "return")
      ),
      (
        "window",
        integerSchema(1...1_000_000).adding([
          (
            "description",
            .text(
              "The last episodes that count, or of the running mean that is to reach `threshold`. "
                + "Default: 100.")
          ),
          ("default", .number(100)),
        ])
      ),
      (
        "reduction",
        choice(
          ScoreReduction.allCases.map(\.rawValue), "How the window becomes one number.",
          normal: "mean")
      ),
      (
        "goal",
        choice(
          ScoreGoal.allCases.map(\.rawValue), "What is better.", normal: "maximize")
      ),
      ("threshold", number("What the running mean has to reach.")),
      ("range", range),
    ]
    let isToThreshold: SchemaText = .object([
      ("properties", .object([("metric", .object([("const", .text("episodesToThreshold"))]))])),
      ("required", .strings(["metric"])),
    ])
    return closedObject(properties).adding([
      (
        "description",
        .text(
          "The one number that judges a trial. Default: the mean return of the last 100 episodes, "
            + "as much of it as possible.")
      ), ("if", isToThreshold),
      ("then", .object([("required", .strings(["threshold"]))])),
    ])
  }

  private var hypotheses: SchemaText {
    let properties: Members = [
      ("claim", string("What the report finds supported, refuted or undecided.")),
      ("better", reference("conditions", "The variants said to be better, by values at paths.")),
      ("than", reference("conditions", "What they are compared with.")),
      (
        "measure",
        choice(
          TwoSampleMeasure.allCases.map(\.rawValue),
          "The difference of scores, the probability of improvement, or the ratio of spreads.",
          normal: "difference")
      ),
      (
        "atLeast",
        number("What the measure has to reach. Default: 0, 0.5 or 1, which say \"no difference\".")
      ),
    ]
    return .object([
      ("description", .text("Claims that the report checks against the numbers.")),
      ("type", .text("array")),
      ("items", closedObject(properties, required: ["claim", "better", "than"])),
    ])
  }

  // MARK: Definitions

  private var definitions: Members {
    let slots = index.paths.compactMap(index.slot)
    let values = slots.map { ($0.path, reference($0.path)) }
    let atLeastOne: Members = [("minProperties", .number(1))]
    return sweepDefinitions(slots) + [
      ("case", sweepCase),
      ("settings", closedObject(values)),
      ("conditions", closedObject(values).adding(atLeastOne)),
    ] + slots.map { ($0.path, schema(of: $0)) }
  }

  private var sweepCase: SchemaText {
    let label = string("What tables and curves call it. Default: made from its values.")
      .adding([("minLength", .number(1))])
    return closedObject(
      [("label", label), ("set", reference("settings", "Values by path."))], required: ["set"])
  }

  func reference(_ name: String, _ doc: String? = nil) -> SchemaText {
    .object([("$ref", .text("#/$defs/\(name)"))] + (doc.map { [("description", .text($0))] } ?? []))
  }

  func string(_ doc: String) -> SchemaText {
    .object([("description", .text(doc)), ("type", .text("string"))])
  }

  private func number(_ doc: String) -> SchemaText {
    schema(of: .number(ExperimentReader.scoreNumbers)).adding([("description", .text(doc))])
  }

  private func choice(_ words: [String], _ doc: String, normal: String) -> SchemaText {
    .object(
      [
        ("description", .text(doc)), ("enum", .strings(words)), ("default", .text(normal)),
      ])
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("Components that a pattern names")
struct OpenIdTests {
  /// The test catalogue with two families of environments, the second one wider than the first.
  private static let catalogue: Catalogue = {
    func family(_ prefix: String, discount: ConfigValue) -> Component {
      Component(
        id: prefix + "ID", idRules: [TextRule(prefix: prefix, rest: "an environment's id")],
        doc: "Any other.",
        parameters: [
          Parameter(
            "frameSkip", .nullable(.integerOrInterval(1...60)), default: nil, doc: "Frames."),
          Parameter(
            "actions",
            .nullable(.list(of: .text(TextRule(rest: "an action's name", limit: 8)), count: 2...3)),
            default: nil, doc: "Offered."),
        ],
        bringsDefaults: ["environment.frameSkip": nil, "returns.discount": discount])
    }
    let sections = testCatalogue.sections.map { section in
      guard section.name == "environment" else { return section }
      return Section(
        name: section.name, selector: section.selector,
        components: section.components + [
          family("gym:ALE/", discount: 0.5), family("gym:", discount: 0.25),
        ], doc: section.doc)
    }
    let preset = Preset(
      id: "pongs", doc: "Made for Pong.",
      values: ["environment": ["id": "pong", "frameSkip": 3], "returns": ["discount": 0.75]])
    return Catalogue(sections: sections, presets: testCatalogue.presets + [preset])
  }()

  private func load(_ environment: String, preset: String = "") -> LoadedExperiment {
    let text = """
      { "base": { \(preset)"environment": \(environment) }, "score": { "goal": "maximize" } }
      """
    return loadExperiment(
      source: SourceText(name: "experiments/a.json", text: text), catalogue: Self.catalogue,
      overrides: [], seedsOverride: nil)
  }

  private func errors(_ environment: String) -> String { load(environment).renderedFindings() }

  @Test("The first that matches is chosen, and the id stays what was written")
  func chosen() throws {
    for (id, discount) in [("gym:ALE/Pong-v5", 0.5), ("gym:CartPole-v1", 0.25)] {
      let plan = try #require(load(#"{ "id": "\#(id)" }"#).plan)
      let configuration = plan.variants[0].configuration
      #expect(configuration[path: "environment.id"] == .string(id))
      #expect(configuration[path: "environment.frameSkip"] == .null)
      #expect(configuration[path: "environment.maxFrames"] == nil)
      #expect(configuration[path: "returns.discount"] == .number(discount))
    }
    let ids = ["gym:A-v1", "gym:B-v1"].map { load(#"{ "id": "\#($0)" }"#).plan?.trials[0].id }
    #expect(ids[0] != nil && ids[0] != ids[1])
  }

  @Test("A preset that was made for another environment sets nothing of this one")
  func presets() throws {
    let plan = try #require(load(#"{ "id": "gym:A" }"#, preset: #""preset": "pongs", "#).plan)
    let variant = plan.variants[0]
    #expect(variant.configuration[path: "environment.frameSkip"] == .null)
    #expect(variant.configuration[path: "returns.discount"] == 0.25)
    #expect(
      variant.dropped.contains(
        #"environment.frameSkip 3 of preset "pongs" is not used, but null: environment.id is "gym:A""#
      ), "\(variant.dropped)")
    let set = #"{ "id": "gym:A", "frameSkip": 2 }"#
    let own = try #require(load(set, preset: #""preset": "pongs", "#).plan)
    #expect(own.variants[0].configuration[path: "environment.frameSkip"] == 2)
    let pong = try #require(load(#"{ "id": "pong" }"#, preset: #""preset": "pongs", "#).plan)
    #expect(pong.variants[0].configuration[path: "environment.frameSkip"] == 3)
  }

  @Test("What no pattern allows is refused, with all that is allowed")
  func refused() {
    for id in ["gym:", "gym:with space", "Gym:A", "gymnasium", "gym:ä"] {
      #expect(
        errors(#"{ "id": "\#(id)" }"#).contains(
          """
          error[unknown-value]: base.environment.id: found the string "\(id)"; allowed: "pong" or \
          "cartpole", or "gym:" and an environment's id (letters, digits and _ . : / -)
          """), "\(errors(#"{ "id": "\#(id)" }"#))")
    }
    #expect(errors(#"{ "id": "gym:A", "actions": ["a b", "c"] }"#).contains("an action's name"))
    #expect(load(#"{ "id": "gym:A", "actions": ["0", "1"] }"#).plan != nil)
  }

  @Test("The schema has the widest pattern, and each text rule its own")
  func schema() {
    let text = jsonSchema(for: Self.catalogue)
    #expect(text.contains(#""pattern": "^gym:[A-Za-z0-9_.:/-]{1,128}$""#))
    #expect(!text.contains("gym:ALE/["))
    #expect(text.contains(#""pattern": "^[A-Za-z0-9_.:/-]{1,8}$""#))
  }
}

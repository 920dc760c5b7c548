// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Foundation
import ParameterSchema
import TestSupport
import Testing

@Suite("JSON Schema")
struct SchemaTests {
  @Test("It is JSON with keys once, and names every path")
  func shape() {
    let text = jsonSchema(for: testCatalogue)
    let document = JSONReader.read(SourceText(name: "schema", text: text))
    #expect(document.findings.isEmpty)
    #expect(text.hasPrefix("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"))
    #expect(text.contains("\"algorithm.maxKL\": {"))
    #expect(text == jsonSchema(for: testCatalogue))
  }

  @Test("Descriptions have doc, range, unit and default")
  func descriptions() {
    let text = jsonSchema(for: testCatalogue)
    #expect(
      text.contains(
        "kl-line-search: Largest mean KL of an update. Allowed: a number (nats per decision), "
          + "0 < maxKL ≤ 1. Default: 0.01."))
  }

  @Test(
    "What the schema refuses is refused, and what only the program refuses is listed")
  func agreement() throws {
    let documents = Self.variations()
    let texts = documents.map(canonicalJSON)
    let verdicts = try Self.judge("[\(texts.joined(separator: ",\n"))]")
    try #require(verdicts.count == texts.count)
    let constraintCodes = testCatalogue.sections.flatMap(\.components).flatMap(\.constraints).map(
      \.code)
    let listed = Set(schemaBlindSpots.map(\.code) + constraintCodes)
    var accepted = 0
    var refusedByBoth = 0
    for (text, isValid) in zip(texts, verdicts) {
      let loaded = load(text)
      let codes = loaded.findings.filter(\.isError).map(\.code)
      if loaded.plan != nil {
        accepted += 1
        #expect(isValid, "accepted, but the schema refuses: \(text)")
      } else if isValid {
        #expect(
          listed.isSuperset(of: codes), "not listed: \(codes), \(loaded.renderedFindings())")
      } else {
        refusedByBoth += 1
      }
    }
    #expect(accepted > 100 && refusedByBoth > 100)
  }

  @Test("The schema is a schema")
  func isSchema() throws {
    let script = """
      import json, sys, jsonschema
      jsonschema.Draft202012Validator.check_schema(json.load(open(sys.argv[1])))
      """
    try Self.withFile(jsonSchema(for: testCatalogue)) {
      _ = try Tools.runPython(script, [$0])
    }
  }

  // MARK: Documents

  /// The examples with each value replaced by each of many, with keys removed and added, and many
  /// sweeps at random.
  private static func variations() -> [ConfigValue] {
    let sweeps = (0..<200 as Range<UInt64>).map { seed -> ConfigValue in
      var generator = SweepGenerator(seed: seed)
      return ["sweep": generator.sweep(randomDraws: true), "score": ["goal": "maximize"]]
    }
    return sweeps
      + (searchExamples + [fullExample, algebraExample, aboutExample, objectExample]).flatMap(
        variations)
  }

  private static func variations(of text: String) -> [ConfigValue] {
    let root = JSONReader.read(SourceText(name: "a", text: text)).value?.plain ?? .null
    let replacements: [ConfigValue] = [
      nil, true, 0, 1, -1, 0.5, 1.5, 2, 1e6, "x", "episode", "pong", "", [], [1], [1, 1], [0.5],
      [nil, 0.99], ["x"], [:], ["min": 2, "max": 4], ["min": 2], ["returns.discount": 0.5],
      ["returns.discount": [0.5]], [[:]], [["grid": ["returns.discount": [0.5, nil]]]],
      ["min": 0, "max": 1, "scale": "log"], ["min": 1, "max": 3, "scale": "linear"],
    ]
    var documents = [root]
    for path in paths(root, prefix: []) {
      for replacement in replacements { documents.append(root.replacing(path, with: replacement)) }
      documents.append(root.replacing(path, with: nil as ConfigValue?))
    }
    return documents
  }

  private static func paths(_ value: ConfigValue, prefix: [ConfigStep]) -> [[ConfigStep]] {
    switch value {
    case .array(let elements):
      [prefix]
        + elements.enumerated().flatMap { paths($0.element, prefix: prefix + [.index($0.offset)]) }
    case .object(let members):
      [prefix]
        + members.sorted { $0.key < $1.key }
        .flatMap { paths($0.value, prefix: prefix + [.key($0.key)]) }
    default: [prefix]
    }
  }

  // MARK: The judge

  private static func judge(_ documents: String) throws -> [Bool] {
    let script = """
      import json, sys, jsonschema
      judge = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
      print("".join("1" if judge.is_valid(d) else "0" for d in json.load(open(sys.argv[2]))))
      """
    return try withFile(jsonSchema(for: testCatalogue)) { schema in
      try withFile(documents) { file in
        try Tools.runPython(script, [schema, file]).compactMap {
          $0 == "1" ? true : $0 == "0" ? false : nil
        }
      }
    }
  }

  private static func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws
    -> Result
  {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
      .path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}

/// A step into a value.
enum ConfigStep: Sendable { case key(String), index(Int) }

extension ConfigValue {
  /// The same with the value at a path replaced, or removed where `replacement` is nil.
  func replacing(_ path: [ConfigStep], with replacement: ConfigValue?) -> ConfigValue {
    guard let first = path.first else { return replacement ?? .null }
    let rest = Array(path.dropFirst())
    switch (self, first) {
    case (.object(var members), .key(let key)):
      let isRemoval = rest.isEmpty && replacement == nil
      members[key] =
        isRemoval ? nil : (members[key] ?? .null).replacing(rest, with: replacement)
      return .object(members)
    case (.array(var elements), .index(let index)):
      if rest.isEmpty, replacement == nil {
        elements.remove(at: index)
      } else {
        elements[index] = elements[index].replacing(rest, with: replacement)
      }
      return .array(elements)
    default: return self
    }
  }
}

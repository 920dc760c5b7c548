// SPDX-License-Identifier: MIT

import ParameterSchema
import RunStore
import Testing

@Suite("Names and kinds are checked before any trial is looked at")
struct QueryCheckTests {
  static let vocabulary: QueryVocabulary = {
    var vocabulary = QueryVocabulary(facts: [
      "score": .number, "state": .words(["finished", "failed"]), "label": .text, "seed": .number,
    ])
    vocabulary.add(
      Catalogue(
        sections: [
          Section(
            name: "policy", selector: "kind",
            components: [
              Component(
                id: "mlp", doc: "",
                parameters: [
                  Parameter("bias", .boolean, default: false, doc: ""),
                  Parameter(
                    "hidden", .list(of: .integer(1...9), count: 1...3), default: [], doc: ""),
                  Parameter(
                    "initialization", .choice(["post", "orthogonal"]), default: "post", doc: ""),
                ])
            ], doc: ""),
          Section(
            name: "environment", selector: nil,
            components: [
              Component(
                doc: "",
                parameters: [
                  Parameter("frameSkip", .integerOrInterval(1...9), default: 4, doc: ""),
                  Parameter(
                    "stickyActions", .nullable(.number(.closed(0, 1))), default: nil, doc: ""),
                ])
            ], doc: ""),
        ], presets: []))
    vocabulary.add(configuration: ["algorithm": ["kind": "trpo", "maxKL": 0.01]])
    return vocabulary
  }()

  @Test(
    "These are good",
    arguments: [
      "score > 0 and state = 'finished'", "policy.kind = 'mlp'", "policy.hidden = [200]",
      "policy.bias and not policy.bias", "environment.frameSkip = 4",
      "environment.frameSkip.min < 4", "environment.stickyActions = null",
      "algorithm.kind = 'trpo'", "algorithm.maxKL > 0", "state in ['failed', null]",
      "label contains 'KL'", "state != null", "score > seed", "policy.hidden contains 200",
    ])
  func accepted(text: String) throws {
    try QueryExpression(text).check(Self.vocabulary)
  }

  static let faults: [(text: String, says: [String])] = [
    ("scroe > 0", ["1:1: error[unknown-name]: found \"scroe\"; did you mean \"score\"?"]),
    ("kind = 'mlp'", ["did you mean \"algorithm.kind\"?"]),
    ("zebra = 1", ["allowed: label, score, seed, state, and configuration paths"]),
    ("state = finished", ["1:9: error[unknown-name]", "a text needs quotes: \"finished\""]),
    ("state = 'finised'", ["1:9: error[unknown-word]", "did you mean \"finished\"?"]),
    ("policy.kind in ['mpl']", ["error[unknown-word]", "did you mean \"mlp\"?"]),
    ("score > 'high'", ["1:9: error[wrong-kind]: found \"high\"; allowed: a number"]),
    ("seed", ["error[wrong-kind]: seed: found a number", "compare it, such as seed > 0"]),
    ("policy.bias > false", ["allowed: = or != with true or false"]),
    ("score > null", ["null is neither less nor greater than anything"]),
    ("seed in 7", ["found 7; allowed: a list; write in [7]"]),
    ("seed contains 7", ["allowed: a text or a list before contains"]),
    ("label contains 3", ["found 3; allowed: a text in quotes"]),
    ("state contains null", ["found null; allowed: a text in quotes"]),
    ("score in seed", ["allowed: a list after in"]),
    ("seed = [1, 2]", ["found [1, 2]; allowed: a number"]),
    ("scroe > 0 or lable = 'x'", ["\"score\"", "\"label\"", "1:14"]),
  ]

  @Test("These are refused, everything at once", arguments: faults.indices)
  func refused(index: Int) throws {
    let (text, says) = Self.faults[index]
    let expression = try QueryExpression(text, origin: "--only")
    let error = #expect(throws: QueryError.self) { try expression.check(Self.vocabulary) }
    let shown = error?.rendered() ?? ""
    for part in says { #expect(shown.contains(part), "\(shown)") }
    #expect(shown.contains("--only:1:"))
  }
}

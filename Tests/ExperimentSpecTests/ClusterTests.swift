// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("The cluster block")
struct ClusterTests {
  @Test("It is read, and what is left out has its default")
  func read() throws {
    let cluster = load(fullExample).cluster
    #expect(cluster.concurrency == 40 && cluster.cpusPerTask == 2 && cluster.memory == "2G")
    #expect(cluster.timeLimit == "1-02:00:00" && cluster.partition == "main")
    #expect(cluster.setup == ["module load gcc"])
    #expect(cluster.account == nil && cluster.trialsInTask == 2)
    #expect(load(#"{ "score": { "goal": "maximize" } }"#).cluster == ClusterSettings())
  }

  @Test("It changes no trial: the plan is the same but for the file's hash")
  func identity() throws {
    let text = #"{ "seeds": 3, "score": { "goal": "maximize" }"#
    var plan = try #require(load(text + " }").plan)
    let other = try #require(load(text + #", "cluster": { "cpusPerTask": 8 } }"#).plan)
    #expect(plan.experimentHash != other.experimentHash)
    plan.experimentHash = other.experimentHash
    #expect(plan == other)
  }

  @Test(
    "What cannot be is an error with its place",
    arguments: [
      (#""cpusPerTask": 0"#, "out-of-range", "cluster.cpusPerTask"),
      (#""cpusPerTask": "2""#, "wrong-kind", "cluster.cpusPerTask"),
      (#""memory": "2 GB""#, "out-of-range", "cluster.memory"),
      (#""memory": 2"#, "wrong-kind", "cluster.memory"),
      (#""timeLimit": "90""#, "out-of-range", "cluster.timeLimit"),
      (#""partition": "a b""#, "out-of-range", "cluster.partition"),
      (#""setup": ["a", 1]"#, "wrong-kind", "cluster.setup[1]"),
      (#""cpuPerTask": 2"#, "unknown-key", "cluster.cpuPerTask"),
    ])
  func errors(member: String, code: String, path: String) throws {
    let loaded = load("{ \"score\": { \"goal\": \"maximize\" }, \"cluster\": { \(member) } }")
    #expect(loaded.plan == nil)
    let finding = try #require(loaded.findings.first)
    #expect(finding.code == code && finding.path == path, "\(loaded.renderedFindings())")
    #expect(finding.range != nil)
  }
}

// SPDX-License-Identifier: MIT

import Commands
import Foundation
import Testing

@testable import ExperimentSpec

@Suite("Names of other libraries")
struct PeerNamesTests {
  private func findings(_ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "peers-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard).renderedFindings(usesColor: false)
  }

  @Test("Every name is led to a path that there is")
  func homes() {
    let index = CatalogueIndex(.standard)
    for path in PeerNames.homes.values.flatMap({ $0 }) {
      #expect(index.slot(path) != nil || path == "seeds", "\(path)")
    }
  }

  @Test(
    "A key of a peer's gets its name here, wherever it stands",
    arguments: [
      (#""base":{"lr":0.1}"#, #"base.lr: found "lr"; here it is called "optimizer.learningRate""#),
      (
        #""base":{"optimizer":{"lr":0.1}}"#,
        #"base.optimizer.lr: found "lr"; here it is called "optimizer.learningRate""#
      ),
      (#""base":{"returns":{"gamma":1}}"#, #"here it is called "returns.discount""#),
      (
        #""base":{"algorithm":{"kind":"ppo","batch_size":64}}"#,
        #"here it is called "algorithm.decisionsPerUpdate" and "algorithm.minibatches""#
      ),
      (#""sweep":{"grid":{"optimizer.lr":[1,2]}}"#, #"here it is called "optimizer.learningRate""#),
      (#""num_seeds":3"#, #"here it is called "seeds""#),
    ])
  func keys(member: String, sentence: String) throws {
    let text = try findings(#"{"title":"x",\#(member),"score":{"goal":"maximize"}}"#)
    #expect(text.contains(sentence), "\(text)")
  }

  @Test(
    "An id of Gymnasium's without its prefix is known by its version",
    arguments: ["Acrobot-v1", "ALE/Pong-v5", "minigrid:MiniGrid-Empty-5x5-v0"])
  func ids(id: String) throws {
    let text = try findings(
      #"{"title":"x","base":{"environment":{"id":"\#(id)"}},"score":{"goal":"maximize"}}"#)
    #expect(text.contains("did you mean \"gymnasium:\(id)\"?"), "\(text)")
  }
}

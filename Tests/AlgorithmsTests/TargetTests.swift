// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Environments
import Foundation
import ParameterSchema
import Policies
import Testing

@Suite("REINFORCE on a single point")
struct TargetTests {
  private static let regions = [
    TargetEnvironment.Region(x: -1.4, y: -0.9, radius: 0.8), .init(x: 1.5, y: 1.3, radius: 0.5),
  ]

  private func training(_ changes: [String: ConfigValue]) -> Training {
    let common: [String: ConfigValue] = [
      "returns.normalize": "none", "returns.resetAtPoint": false, "optimizer.momentum": 0,
      "optimizer.learningRate": 0.01, "algorithm.episodesPerUpdate": 40, "training.episodes": 4_000,
      "policy.initialization": "orthogonal", "policy.logDeviation": -0.25,
    ]
    return Setup.training(
      Setup.configuration("reinforce", policy: "linear", common.merging(changes) { $1 }),
      TargetEnvironment(regions: Self.regions))
  }

  private func tensor(_ name: String, _ training: Training) throws -> [Double] {
    try #require(training.samples.first { $0.name == "samples.\(name)" }).values.map(Double.init)
  }

  private func weights(_ training: Training) -> [[Double]] {
    let model = training.player.model
    return model.tensors(of: model.parameters, prefix: "").map { $0.values.map(Double.init) }
  }

  /// log N(a; μ, σ²) of a point.
  private static func logDensity(_ point: ArraySlice<Double>, _ mean: [Double], _ log: [Double])
    -> Double
  {
    zip(point, zip(mean, log)).reduce(0) { sum, entry in
      let (x, (mean, log)) = entry
      return sum - pow((x - mean) / exp(log), 2) / 2 - log - Foundation.log(2 * .pi) / 2
    }
  }

  @Test(
    "An update moves the mean by Σ score · ∇ log p, taken by differences, and σ if it is learned",
    arguments: [true, false])
  func update(learnsDeviation: Bool) throws {
    let training = training(["policy.learnDeviation": .bool(learnsDeviation)])
    for _ in 0..<5 {
      let before = weights(training)
      _ = try training.advance()
      let after = weights(training)
      let (points, scores) = (try tensor("actions", training), try tensor("rewards", training))
      let outputs = try tensor("outputs", training)
      #expect(scores.count == 40 && points.count == 80 && outputs.count == 160)
      #expect(Array(outputs.prefix(4)) == before[0] + before[1])
      // Central differences of Σ f(a) log p(a).
      func objective(_ mean: [Double], _ log: [Double]) -> Double {
        scores.indices.reduce(0) {
          $0 + scores[$1] * Self.logDensity(points[2 * $1..<2 * $1 + 2], mean, log)
        }
      }
      let h = 1e-5
      for i in 0..<2 {
        for (part, isLearned) in [(0, true), (1, learnsDeviation)] {
          func moved(_ by: Double) -> Double {
            var all = before
            all[part][i] += by
            return objective(all[0], all[1])
          }
          let slope = isLearned ? (moved(h) - moved(-h)) / (2 * h) : 0
          #expect(abs(after[part][i] - before[part][i] - 0.01 * slope) < 1e-5)
        }
      }
      for (t, score) in scores.enumerated() {
        let point = [points[2 * t], points[2 * t + 1]]
        let pays = Self.regions.contains { hypot(point[0] - $0.x, point[1] - $0.y) <= $0.radius }
        #expect(score == (pays ? 1 : -1))
      }
    }
  }

  @Test("It finds the region that pays, with σ learned and against the mean score")
  func learns() throws {
    let training = training([
      "policy.logDeviation": 0, "returns.baseline": "mean", "optimizer.learningRate": 0.005,
    ])
    var scores: [Double] = []
    while !training.isDone { scores += try training.advance().episodes.map(\.summary.return) }
    func mean(_ part: ArraySlice<Double>) -> Double { part.reduce(0, +) / Double(part.count) }
    #expect(mean(scores.prefix(400)) < 0 && mean(scores.suffix(400)) > 0.8)
  }

  @Test("Where an episode has many decisions, or actions are choices, no samples are kept")
  func others() throws {
    for space in [ActionSpace.box([-1...1]), .product([3])] {
      let training = Setup.training(
        Setup.configuration("reinforce", policy: "linear"), TargetBandit(space))
      _ = try training.advance()
      #expect(training.samples.isEmpty)
    }
  }
}

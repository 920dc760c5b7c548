// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import RunStore
import Testing

@testable import Imports

@Suite("TensorBoard events of other programs") struct TensorBoardFileTests {
  private let first =
    "cleanrl/CartPole-v1__ppo__2__1796050000/events.out.tfevents.1796051938.host.1.0"

  @Test("Each episode is a row, also several at one step, with its length")
  func episodes() throws {
    let plan = try imported("cleanrl/CartPole-v1__{variant}__{seed}__*")
    let curve = try plan.trial("dqn", 1).curve
    #expect(curve.episodes.count == 38 && !curve.isMeans)
    let steps = stride(from: 40, to: 800, by: 40).flatMap { step in [step, step] }
    #expect(curve.episodes.map(\.decisions) == steps)
    #expect(curve.episodes.allSatisfy { Double($0.length) == $0.return })
    #expect(curve.timing.first?.wallSeconds == 0)
    let broken = try plan.trial("dqn", 2).curve.episodes.filter(\.return.isNaN)
    #expect(broken.map(\.decisions) == [400, 400])
    #expect(
      curve.remarks.last
        == "dqn, seed 1: 2 other series not imported: charts/SPS, losses/value_loss")
  }

  /// What tensorboard 2.21's own reader gives for the folder: 58 points, 38 and 20 a file, of which
  /// the first file's from step 600 on are of a training that went on there again.
  @Test("A further file that begins at an earlier step replaces what stood behind it, and says so")
  func restart() throws {
    let trial = try imported("cleanrl/CartPole-v1__{variant}__{seed}__*").trial("ppo", 2)
    let steps = trial.curve.episodes.map(\.decisions)
    #expect(steps == steps.sorted() && steps.count == 58 - 10)
    #expect(steps.first == 40 && steps.last == 960)
    #expect(trial.curve.episodes.prefix(4).map(\.return) == [13, 22, 53, 24])
    #expect(trial.curve.episodes.suffix(2).map(\.return) == [40, 88])
    #expect(
      trial.record.remarks.contains(
        "ppo, seed 2, charts/episodic_return: 10 points of a training that went on from an earlier step are"
          + " replaced by what came after"))
  }

  @Test("stable-baselines3's means stay what they are")
  func means() throws {
    let trial = try imported("sb3/{variant}/seed{seed}/events*").trial("ppo", 0)
    #expect(trial.curve.isMeans)
    let table = try imported("sb3/{variant}/seed{seed}/progress.csv").trial("ppo", 0)
    #expect(table.curve.isMeans)
    #expect(trial.curve.episodes.map(\.decisions) == table.curve.episodes.map(\.decisions))
    for (one, other) in zip(trial.curve.episodes, table.curve.episodes) {
      #expect(abs(one.return - other.return) < 1e-5 * other.return)
    }
    #expect(table.curve.episodes.first?.return == 22)
  }

  @Test("A wrong checksum ends the file where it stands, a cut record is left out, both are told")
  func damage() throws {
    let whole = try bytes(first)
    let all = try SourceFile(path: "events.out.tfevents.1", contents: whole)
    #expect(all.remarks.isEmpty && all.scalars["charts/episodic_return"]?.count == 38)
    let cut = try SourceFile(path: "events.out.tfevents.1", contents: whole.dropLast(3))
    #expect(
      cut.remarks == ["events.out.tfevents.1: the last record is cut short and left out"])
    var changed = whole
    changed[whole.count / 2] ^= 1
    let broken = try SourceFile(path: "events.out.tfevents.1", contents: changed)
    let count = try #require(broken.scalars["charts/episodic_return"]?.count)
    #expect(count > 10 && count < 25)
    let remark = try #require(broken.remarks.first)
    #expect(remark.contains("wrong checksum at byte 3,") && remark.contains("from there on"))
    #expect(
      sentence { try SourceFile(path: "x.tfevents", contents: Array("not events at all".utf8)) }
        == "x.tfevents: not a TensorBoard event file")
  }

  @Test("Scalars of TensorFlow 2 are tensors of 32 or 64 bits")
  func tensors() throws {
    let name = "odd/events.out.tfevents.1790000000.host.1.0"
    let file = try SourceFile(path: name, contents: bytes(name))
    #expect(file.scalars["return"]?.map(\.value) == [0.1, 0.5])
    #expect(file.scalars["return"]?.map(\.step) == [10, 20])
  }

  @Test("What this program exports reads back")
  func own() throws {
    var events = TensorBoardEvents(wallTime: 100)
    events.addSession([("seed", .number(3))], group: "a", startTime: 100)
    for step in 1...5 {
      events.add("charts/episodic_return", Double(step), step: step * 10, wallTime: 101)
    }
    events.endSession(.success, step: 50, endTime: 102)
    let file = try SourceFile(path: "events.out.tfevents.1", contents: events.bytes)
    #expect(file.scalars.keys.sorted() == ["charts/episodic_return"])
    #expect(file.scalars["charts/episodic_return"]?.map(\.value) == [1, 2, 3, 4, 5])
  }
}

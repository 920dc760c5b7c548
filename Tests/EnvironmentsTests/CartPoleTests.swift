// SPDX-License-Identifier: MIT

import Environments
import Foundation
import Randomness
import TestSupport
import Testing

@Suite("CartPole")
struct CartPoleTests {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/cartpole")

  /// A line of `record.py`.
  struct Recorded: Equatable {
    var episode: Int
    var action: Int
    var state: CartPole.State
    var ending: Transition.Ending

    init(
      episode: Int, action: Int, state: CartPole.State, ending: Transition.Ending
    ) {
      self.episode = episode
      self.action = action
      self.state = state
      self.ending = ending
    }

    init?(_ line: Substring) {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 9 else { return nil }
      self.init(
        episode: Int(numbers[0]), action: Int(numbers[1]),
        state: CartPole.State(
          position: numbers[2], velocity: numbers[3], angle: numbers[4],
          angularVelocity: numbers[5]),
        ending: numbers[7] == 1 ? .terminated : numbers[8] == 1 ? .truncated : .none)
      #expect(numbers[6] == 1, "Gymnasium's reward")
    }
  }

  /// What the embedded cart makes of the lines that `record.py` reads.
  static func play(_ starts: String) -> [Recorded] {
    starts.split(separator: "\n").enumerated().flatMap { episode, line -> [Recorded] in
      let words = line.split(separator: " ")
      let numbers = words.dropLast().compactMap { Double($0) }
      let cart = CartPole()
      cart.reset(draws: Xoshiro256(seed: 0))
      cart.state = CartPole.State(
        position: numbers[0], velocity: numbers[1], angle: numbers[2], angularVelocity: numbers[3])
      var lines: [Recorded] = []
      for digit in words.last ?? "" {
        let action = digit == "1" ? 1 : 0
        let transition = cart.step(.number(action))
        lines.append(
          Recorded(
            episode: episode, action: action, state: cart.state, ending: transition.ending))
        if transition.isEnd { break }
      }
      return lines
    }
  }

  /// The largest difference of a quantity, or nil where anything but the states differs.
  static func distance(_ a: [Recorded], _ b: [Recorded]) -> Double? {
    guard a.count == b.count else { return nil }
    var largest = 0.0
    for (x, y) in zip(a, b) {
      guard x.episode == y.episode, x.action == y.action, x.ending == y.ending else { return nil }
      for path in [
        \CartPole.State.position, \.velocity, \.angle, \.angularVelocity,
      ] {
        largest = max(largest, abs(x.state[keyPath: path] - y.state[keyPath: path]))
      }
    }
    return largest
  }

  @Test("Ten games recorded from Gymnasium, two of them balanced to the limit, are the same games")
  func recorded() throws {
    let starts = try String(
      contentsOf: Self.fixtures.appendingPathComponent("starts.txt"), encoding: .utf8)
    let states = try String(
      contentsOf: Self.fixtures.appendingPathComponent("states.txt"), encoding: .utf8)
    let expected = states.split(separator: "\n").compactMap { Recorded($0) }
    #expect(expected.count > 700 && expected.contains { $0.ending == .truncated })
    let largest = try #require(Self.distance(Self.play(starts), expected))
    #expect(largest <= 1e-9, "\(largest)")
  }

  @Test("Gymnasium, stepped now from our starts with our actions, goes through our states")
  func live() throws {
    var starts = ""
    var draws = Xoshiro256(seed: 1983)
    for episode in 0..<30 {
      let cart = CartPole()
      cart.reset(draws: Xoshiro256(seed: UInt64(episode)))
      let s = cart.state
      starts += "\(s.position) \(s.velocity) \(s.angle) \(s.angularVelocity) "
      var isOver = false
      while !isOver {
        // Keeps the pole up for a while, with slips.
        let lean = cart.state.angle + 0.3 * cart.state.angularVelocity
        let action = draws.next(below: 8) == 0 ? Int(draws.next(below: 2)) : lean > 0 ? 1 : 0
        starts += "\(action)"
        isOver = cart.step(.number(action)).isEnd
      }
      starts += "\n"
    }
    let output = try ChildProcess.output(
      [Tools.python, Self.fixtures.appendingPathComponent("record.py").path], input: starts)
    let expected = output.split(separator: "\n").compactMap { Recorded($0) }
    #expect(expected.count > 1000)
    let largest = try #require(Self.distance(Self.play(starts), expected))
    #expect(largest <= 1e-9, "\(largest)")
  }

  @Test("It starts within ±0.05 in all four, uniformly, and shows what it is")
  func starts() {
    let cart = CartPole()
    var sums = [Float](repeating: 0, count: 4)
    for seed in 0..<2000 as Range<UInt64> {
      cart.reset(draws: Xoshiro256(seed: seed))
      let seen = observed(cart)
      #expect(seen.allSatisfy { abs($0) <= 0.05 })
      for i in 0..<4 { sums[i] += seen[i] }
      #expect(
        seen == [
          Float(cart.state.position), Float(cart.state.velocity), Float(cart.state.angle),
          Float(cart.state.angularVelocity),
        ])
    }
    // The mean of 2,000 draws has a standard deviation of 0.0289/√2000 = 0.00065.
    #expect(sums.allSatisfy { abs($0 / 2000) < 0.003 })
  }
}

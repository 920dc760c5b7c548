// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@testable import Imports

@Suite("Patterns over paths") struct PathPatternTests {
  private func fields(_ pattern: String, _ name: String) throws -> [String: String]? {
    let pattern = try PathPattern(pattern)
    return PathPattern.match(try #require(pattern.parts.last), name)
  }

  @Test("Placeholders take names apart, earlier ones as little as they can, seeds digits alone")
  func matches() throws {
    #expect(
      try fields("{env}__{variant}__{seed}__*", "CartPole-v1__ppo__3__17") == [
        "env": "CartPole-v1", "variant": "ppo", "seed": "3",
      ])
    #expect(try fields("seed{seed}", "seed12") == ["seed": "12"])
    #expect(try fields("seed{seed}", "seed") == nil)
    #expect(try fields("seed{seed}", "seed1b") == nil)
    #expect(try fields("{variant}{seed}", "ppo12") == ["variant": "ppo", "seed": "12"])
    #expect(try fields("{a}-{a}", "x-x") == ["a": "x"])
    #expect(try fields("{a}-{a}", "x-y") == nil)
    #expect(try fields("*.csv", ".csv") == [:])
  }

  /// All ways to take the name apart, one after the other.
  private func slow(_ tokens: [PathPattern.Token], _ name: [Character]) -> [String: String]? {
    guard let first = tokens.first else { return name.isEmpty ? [:] : nil }
    switch first {
    case .text(let character):
      return name.first == character
        ? slow(Array(tokens.dropFirst()), Array(name.dropFirst())) : nil
    case .anything, .field:
      for count in 0...name.count {
        let taken = String(name.prefix(count))
        guard let rest = slow(Array(tokens.dropFirst()), Array(name.dropFirst(count))) else {
          continue
        }
        guard case .field(let field) = first else { return rest }
        let fits = field == "seed" ? taken.allSatisfy { "0123456789".contains($0) } : true
        if fits && !taken.isEmpty { return rest.merging([field: taken]) { $1 } }
      }
      return nil
    }
  }

  @Test("They match what trying every way matches", arguments: 0..<20)
  func asSlow(seed: Int) throws {
    var draws = SeededNumbers(seed: seed)
    for _ in 0..<100 {
      let pieces = ["a", "b", "1", "*", "{v}", "{seed}", "{w}"]
      var used: Set<String> = []
      let pattern = (0..<1 + draws.below(6)).map { _ in pieces[draws.below(7)] }
        .filter { !$0.hasPrefix("{") || used.insert($0).inserted }.joined()
      let name = (0..<1 + draws.below(8)).map { _ in ["a", "b", "1", "2"][draws.below(4)] }
        .joined()
      guard !pattern.isEmpty else { continue }
      let tokens = try #require(PathPattern(pattern).parts.first)
      #expect(
        PathPattern.match(tokens, name) == slow(tokens, Array(name)), "\(pattern) on \(name)")
    }
  }

  @Test("A long name without a match is refused at once")
  func isFast() throws {
    let name = String(repeating: "a", count: 255)
    #expect(try fields("*a*a*a*a*a*a*a*a*b", name) == nil)
  }

  @Test("What is no placeholder is refused with what is allowed")
  func braces() {
    #expect(
      sentence { try PathPattern("logs/{vari ant}/x") }
        == "logs/{vari ant}/x: found \"{vari ant\"; allowed: {variant}, {seed} or the name of a"
        + " hyperparameter in braces, of letters, digits and _")
    #expect(sentence { try PathPattern("a{") } != nil)
    #expect(sentence { try PathPattern("") } == "a pattern is a path; this one is empty")
  }

  @Test("Where nothing fits, the part of the pattern and what is there are told")
  func nothing() throws {
    let text = try #require(sentence { try imported("sb3/{variant}/seed{seed}x/*.csv") })
    #expect(text.contains("nothing fits \"seed{seed}x\" in"))
    #expect(text.contains("there are: seed0, seed1"))
  }
}

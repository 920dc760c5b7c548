// SPDX-License-Identifier: MIT

import Environments
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite("Glimpses")
struct GlimpseTests {
  static func glimpse(
    _ gaze: String, size: Int = 24, step: Int = 8, place: ConfigValue = .null,
    _ picture: [String: ConfigValue] = [:]
  ) -> ConfigValue {
    ContractTests.picture(
      "glimpse",
      [
        "size": .number(Double(size)), "gaze": .string(gaze), "step": .number(Double(step)),
        "place": place,
      ].merging(picture, uniquingKeysWith: { $1 }))
  }

  static func pong(_ observation: ConfigValue) -> GlimpseEnvironment {
    GlimpseEnvironment(
      ContractTests.pong(observation),
      Settings(["observation": observation], section: "observation"))
  }

  /// The slow judge: all of the picture, pixel by pixel, and the window's place.
  static func window(
    _ picture: [Float], height: Int, width: Int, size: Int, _ place: GlimpseEnvironment.Place
  ) -> [Float] {
    var seen = [Float](repeating: 0, count: height * width)
    for y in place.top..<place.top + size {
      for x in place.left..<place.left + size { seen[y * width + x] = picture[y * width + x] }
    }
    seen += (0...height - size).map { $0 == place.top ? 1 : 0 }
    seen += (0...width - size).map { $0 == place.left ? 1 : 0 }
    return seen
  }

  @Test("What is seen is the window's part of the difference, and where it is, at every decision")
  func window() throws {
    let corner: ConfigValue = ["top": 3, "left": 29]
    let crop: ConfigValue = ["top": 34, "left": 8, "height": 160, "width": 144]
    let views: [(size: Int, step: Int, place: ConfigValue, picture: [String: ConfigValue])] = [
      (24, 8, .null, [:]), (32, 7, corner, [:]), (80, 8, .null, [:]), (6, 3, corner, [:]),
      (20, 9, .null, ["crop": crop, "height": 40, "width": 36]),
    ]
    for (size, step, place, picture) in views {
      let view = Self.glimpse("learned", size: size, step: step, place: place, picture)
      let whole = ContractTests.picture("difference", picture)
      let (seen, full) = (Self.pong(view), ContractTests.pong(whole))
      let (height, width) = (full.form.height, full.form.width)
      #expect(seen.actions == .product([2, 3, 3]))
      try seen.reset(draws: Xoshiro256(seed: 4))
      try full.reset(draws: Xoshiro256(seed: 4))
      var (top, left) = ((height - size) / 2, (width - size) / 2)
      if place != .null { (top, left) = (3, 29) }
      var choices = Xoshiro256(seed: UInt64(size))
      var (lit, places): (Int, Set<GlimpseEnvironment.Place>) = (0, [])
      for decision in 0..<400 {
        let judged = Self.window(
          observed(full), height: height, width: width, size: size,
          .init(top: top, left: left))
        #expect(observed(seen) == judged, "\(size) pixels, decision \(decision)")
        lit += judged.count { $0 != 0 } - 2
        places.insert(seen.place)
        let moves = (Int(choices.next(below: 3)), Int(choices.next(below: 3)))
        let action = Float(decision / 6 % 2)
        let outcome = try seen.step(.entries([action, Float(moves.0), Float(moves.1)]))
        #expect(try outcome == full.step(.number(Int(action))))
        top = max(0, min(height - size, top + (moves.0 - 1) * step))
        left = max(0, min(width - size, left + (moves.1 - 1) * step))
      }
      #expect(lit > 0 && (places.count > 20 || size == 80), "\(size): \(lit), \(places.count)")
    }
  }

  @Test("A fixed and a random gaze leave the game's actions as they are")
  func unlearned() throws {
    let place: ConfigValue = ["top": 28, "left": 56]
    let fixed = Self.pong(Self.glimpse("fixed", place: place))
    let random = Self.pong(Self.glimpse("random"))
    #expect(fixed.actions == ["RIGHT", "LEFT"] && random.actions == ["RIGHT", "LEFT"])
    var moves: [GlimpseEnvironment.Place: Int] = [:]
    for seed in 0..<4 as Range<UInt64> {
      for environment in [fixed, random] { try environment.reset(draws: Xoshiro256(seed: seed)) }
      #expect(random.place == .init(top: 28, left: 28))
      for decision in 0..<300 {
        let before = random.place
        for environment in [fixed, random] { _ = try environment.step(.number(decision / 5 % 2)) }
        #expect(fixed.place == .init(top: 28, left: 56))
        guard 8...48 ~= before.top, 8...48 ~= before.left else { continue }
        moves[
          .init(top: random.place.top - before.top, left: random.place.left - before.left),
          default: 0] += 1
      }
    }
    let drawn = Double(moves.values.reduce(0, +))
    #expect(moves.count == 9 && drawn > 300)
    for (move, count) in moves {
      let expected = drawn / 9
      #expect(abs(Double(count) - expected) < 4.5 * expected.squareRoot(), "\(move): \(count)")
    }
  }

  @Test("Glimpses keep what every environment promises, permuted as well")
  func contract() throws {
    for view in [Self.glimpse("fixed"), Self.glimpse("random", size: 33)] {
      try checkEnvironment { Self.pong(view) }
      try checkEnvironment { PermutedEnvironment(Self.pong(view), root: 3) }
    }
    let permuted = PermutedEnvironment(Self.pong(Self.glimpse("learned")), root: 3)
    #expect(permuted.innermost is PongEnvironment && permuted.glimpse?.size == 24)
    #expect(permuted.actions == .product([2, 3, 3]) && permuted.remote == nil)
  }

  @Test("The other player of a game for two has a gaze of its own")
  func rival() throws {
    let observation = Self.glimpse("learned")
    let configuration: ConfigValue = [
      "environment": [
        "id": "pong-two-player", "game": 3, "frameSkip": 2, "stickyActions": 0, "maxFrames": 9000,
        "actions": ["RIGHT", "LEFT", "FIRE"], "sides": "right", "opponent": "self",
      ], "observation": observation,
    ]
    let first = GlimpseEnvironment(
      PongEnvironment(configuration), Settings(configuration, section: "observation"))
    try first.reset(draws: Xoshiro256(seed: 1))
    let second = try #require(first.rival as? GlimpseEnvironment)
    try second.reset(draws: Xoshiro256(seed: 1))
    #expect(second.actions == .product([3, 3, 3]))
    second.submit(.entries([0, 2, 1]))
    _ = try first.step(.entries([1, 1, 0]))
    _ = try second.collect()
    #expect(first.place == .init(top: 28, left: 20) && second.place == .init(top: 36, left: 28))
  }

  @Test("A window that is larger than the picture or leaves it is refused, with what is allowed")
  func misfits() {
    func violations(_ changes: [String: ConfigValue]) -> [String] {
      let all: ConfigValue = ["observation": Self.glimpse("fixed", changes)]
      return ObservationKind.glimpse.component.constraints.compactMap { $0.violation(all) }
    }
    #expect(violations([:]).isEmpty)
    #expect(violations(["size": 80]).isEmpty)
    #expect(
      violations(["size": 81]) == [
        """
        a window of 81 × 81 pixels; allowed: at most 80, as what is kept of the picture has 80 × 80
        """
      ])
    #expect(
      violations(["width": 20]) == [
        """
        a window of 24 × 24 pixels; allowed: at most 20, as what is kept of the picture has 80 × 20
        """
      ])
    #expect(violations(["place": ["top": 56, "left": 56]]).isEmpty)
    #expect(
      violations(["place": ["top": 57, "left": 99]]) == [
        "the window ends at row 81; allowed: at most 80, place.top 56"
      ])
    #expect(
      violations(["place": ["top": 0, "left": 57]]) == [
        "the window ends at column 81; allowed: at most 80, place.left 56"
      ])
  }
}

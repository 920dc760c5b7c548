// SPDX-License-Identifier: MIT

import Environments
import Kernels
import ParameterSchema
import Randomness
import Testing

@Suite("What every environment promises")
struct ContractTests {
  /// The embedded Pong, seen by a section `observation`.
  static func pong(_ observation: ConfigValue) -> any Environment {
    PongEnvironment([
      "environment": [
        "id": "pong", "frameSkip": ["min": 2, "max": 4], "stickyActions": 0.25,
        "maxFrames": 108_000, "actions": ["RIGHT", "LEFT"], "game": 1,
      ],
      "observation": observation,
    ])
  }

  /// The picture's keys at their defaults, others over them.
  static func picture(_ kind: String, _ others: [String: ConfigValue] = [:]) -> ConfigValue {
    .object(
      [
        "kind": .string(kind), "crop": .null, "height": 80, "width": 80, "background": .null,
        "permutePixels": false,
      ].merging(others, uniquingKeysWith: { $1 }))
  }

  @Test("Pong by its difference, its frame, a stack, from other pictures, objects and numbers")
  func pong() throws {
    let crop: ConfigValue = ["top": 34, "left": 8, "height": 160, "width": 144]
    let views: [ConfigValue] = [
      Self.picture("difference"), Self.picture("frame"),
      Self.picture("stack", ["frames": 3]),
      Self.picture("difference", ["crop": crop, "height": 40, "width": 36]),
      Self.picture("stack", ["frames": 2, "height": 40]),
      ["kind": "objects", "permutePixels": false],
      Self.picture("raw", ["height": 42, "width": 40]),
    ]
    for view in views { try checkEnvironment { Self.pong(view) } }
  }

  @Test("CartPole")
  func cartPole() throws { try checkEnvironment { CartPole() } }

  @Test("Permuted environments, of signs and of numbers")
  func permutations() throws {
    for make in [
      { Self.pong(Self.picture("difference")) },
      { Self.pong(Self.picture("stack", ["frames": 2])) },
      { CartPole() as any Environment },
    ] {
      try checkEnvironment {
        PermutedEnvironment(make(), root: 5)
      }
    }
  }
}

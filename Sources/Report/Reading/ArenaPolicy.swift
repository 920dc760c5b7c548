// SPDX-License-Identifier: MIT

package import Artifacts
import ExperimentSpec
import FoundationEssentials
package import ParameterSchema

/// A policy as `network.js` plays it: how it sees the game and acts, and its weights, a character each.
package struct ArenaPolicy: Encodable {
  /// Rows of weights of one layer: each row's largest magnitude is the highest level times its scale.
  package struct Layer: Encodable {
    /// Units and inputs.
    let shape: [Int]
    let scales: [Float]
    let weights: String
    /// Empty for a policy without biases.
    let biases: [Float]
  }

  let name: String
  /// The cartridge's game that it learned; FIRE does the same in 1 and 3, and in 2 and 4.
  let game: Int
  let observation: String
  let frames: Int
  let actions: [String]
  /// Fewest and most frames that a decision holds for.
  let frameSkip: [Int]
  let stickyActions: Double
  let mode: String
  let activation: String
  let layers: [Layer]

  /// - Parameters:
  ///   - policy: tensors w1, b1, w2 … over the 80 × 80 pixels in their own order, as exported.
  ///   - configuration: completed, of the game that it plays.
  ///   - mode: how it takes actions, `sample` or `greedy`.
  /// - Precondition: `misfits` has none.
  package init(
    _ policy: Checkpoint, actions: [String], configuration: ConfigValue, mode: String, name: String
  ) {
    let environment = Settings(configuration, section: "environment")
    let seen = Settings(configuration, section: "observation")
    let skip = environment.interval("frameSkip")
    self.name = name
    self.actions = actions
    self.mode = mode
    observation = seen.string("kind")
    frames = observation == "stack" ? seen.integer("frames") : 1
    frameSkip = [skip.lowerBound, skip.upperBound]
    stickyActions = environment.number("stickyActions")
    if case .number(let number)? = configuration[path: "environment.game"] {
      game = Int(number)
    } else {
      game = 1
    }
    activation =
      if case .string(let text)? = configuration[path: "policy.activation"] { text } else { "relu" }
    layers = (1...).lazy.map { (policy["w\($0)"], policy["b\($0)"]) }.prefix { $0.0 != nil }
      .compactMap { weights, biases in weights.map { Self.layer($0, biases: biases) } }
  }

  /// Printable ASCII without what JSON or HTML would have to escape, an odd number of levels.
  private static let characters = (UInt8(ascii: "!")...UInt8(ascii: "~"))
    .filter { !"\"<\\".utf8.contains($0) }
  private static let highest = characters.count / 2

  private static func layer(_ weights: Tensor, biases: Tensor?) -> Layer {
    let inputs = weights.shape[1]
    var (scales, text): ([Float], [UInt8]) = ([], [])
    text.reserveCapacity(weights.values.count)
    for start in stride(from: 0, to: weights.values.count, by: inputs) {
      let row = weights.values[start..<start + inputs]
      let scale = (row.lazy.map(abs).max() ?? 0) / Float(highest)
      scales.append(scale)
      for weight in row {
        text.append(characters[highest + (scale > 0 ? Int((weight / scale).rounded()) : 0)])
      }
    }
    return Layer(
      shape: weights.shape, scales: scales, weights: String(decoding: text, as: UTF8.self),
      biases: biases?.values ?? [])
  }

  /// The policy's tensors as the page has them.
  package var quantized: [Tensor] {
    layers.enumerated().flatMap { number, layer -> [Tensor] in
      let inputs = layer.shape[1]
      let levels = Dictionary(uniqueKeysWithValues: Self.characters.enumerated().map { ($1, $0) })
      let values = layer.weights.utf8.enumerated().map { place, character in
        Float((levels[character] ?? 0) - Self.highest) * layer.scales[place / inputs]
      }
      let weights = Tensor(name: "w\(number + 1)", shape: layer.shape, values: values)
      if layer.biases.isEmpty { return [weights] }
      return [
        weights,
        Tensor(name: "b\(number + 1)", shape: [layer.biases.count], values: layer.biases),
      ]
    }
  }

  /// Why the page cannot play a policy: a sentence for each value of its configuration.
  package static func misfits(_ configuration: ConfigValue) -> [String] {
    let allowed: [(path: String, values: [ConfigValue])] = [
      ("environment.id", ["pong", "pong-two-player"]), ("policy.kind", ["mlp", "linear"]),
      ("observation.kind", ["difference", "frame", "stack"]), ("observation.height", [80]),
      ("observation.width", [80]), ("observation.crop", [.null]),
      ("observation.background", [.null]),
    ]
    return allowed.compactMap { path, values in
      guard let value = configuration[path: path], !values.contains(value) else { return nil }
      let choices = values.map(canonicalJSON).joined(separator: " or ")
      return "\(path) is \(canonicalJSON(value)); the page plays \(choices)"
    }
  }

  /// A list of policies for a page's script element.
  static func json(_ policies: [ArenaPolicy]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(policies), as: UTF8.self)
      .replacing("<", with: "\\u003c")
  }
}

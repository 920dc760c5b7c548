// SPDX-License-Identifier: MIT

package import Artifacts
import Environments
import ExperimentSpec
import Kernels
package import ParameterSchema
package import Policies

/// A trained policy for other programs, as one safetensors file: its weights by plain names, and in
/// the metadata what it was trained on and how its input is made; see
/// `docs/reference/safetensors.md`.
package enum PolicyFile {
  private static let format = "rallybook-policy-1"
  private static let copied = [
    "trial", "episode", "decisions", "frames", "actions", "environment", "observation", "policy",
    "form",
  ]

  /// The policy of a training's checkpoint. Where pixels were permuted the columns of the first
  /// layer are put back into the natural order, so that a reader needs no permutation.
  ///
  /// - Throws: where the checkpoint is of a version that did not note what it was trained on.
  package static func policy(
    of checkpoint: Checkpoint, path: String
  ) throws(ArtifactError) -> Checkpoint {
    var metadata = ["format": format]
    for key in copied {
      guard let text = checkpoint.metadata[key] else {
        throw .init(
          .notThisFormat, path: path,
          detail: "its metadata lack \(key); allowed: a checkpoint of this version")
      }
      metadata[key] = text
    }
    let actions = metadata["actions"]?.split(separator: ",").count ?? 0
    metadata["logits"] =
      actions == 2
      ? "one logit z: the first action has probability 1 / (1 + exp(-z))"
      : "one per action: probabilities are their softmax"
    var tensors = checkpoint.tensors.compactMap { tensor in
      tensor.name.hasPrefix("policy.")
        ? Tensor(
          name: String(tensor.name.dropFirst(7)), shape: tensor.shape, values: tensor.values) : nil
    }
    guard let first = tensors.first, first.shape.count == 2 else {
      throw .init(.damaged, path: path, detail: "it holds no policy")
    }
    if let text = checkpoint.metadata["permutationRoot"] {
      guard let root = UInt64(text) else {
        throw .init(.damaged, path: path, detail: "permutationRoot is \(text)")
      }
      tensors[0] = natural(first, EntryPermutation(count: first.shape[1], root: root))
    }
    return Checkpoint(metadata: metadata, tensors: tensors)
  }

  /// Weights `[units, inputs]` whose inputs were permuted, with the inputs in their own order.
  private static func natural(_ weights: Tensor, _ permutation: EntryPermutation) -> Tensor {
    let inputs = weights.shape[1]
    let values = weights.values.indices.map { i in
      weights.values[i / inputs * inputs + Int(permutation.places[i % inputs])]
    }
    return Tensor(name: weights.name, shape: weights.shape, values: values)
  }

  /// A policy read back: its network, its actions, and the configuration's sections that it names.
  package struct Contents {
    package let network: Network
    package let actions: [String]
    package let episode: Int
    package let environment, observation, policy: ConfigValue
  }

  /// Reads what `policy(of:path:)` gave.
  package static func contents(
    of file: Checkpoint, path: String
  ) throws(ArtifactError) -> Contents {
    guard file.metadata["format"] == format else {
      let found = file.metadata["format"] ?? "none"
      throw .init(.notThisFormat, path: path, detail: "format \(found); expected \(format)")
    }
    func text(_ key: String) throws(ArtifactError) -> String {
      guard let text = file.metadata[key] else {
        throw .init(.damaged, path: path, detail: "\(key) is missing")
      }
      return text
    }
    func section(_ key: String) throws(ArtifactError) -> ConfigValue {
      let text = try text(key)
      guard let value = ConfigValue(json: text), case .object = value else {
        throw .init(.damaged, path: path, detail: "\(key) is no JSON object: \(text.prefix(80))")
      }
      return value
    }
    let actions = try text("actions").split(separator: ",").map(String.init)
    let episode = try text("episode")
    let form = try section("form")
    let (size, policy) = (extents(form), try section("policy"))
    guard actions.count >= 2, let number = Int(episode), let size,
      let hidden = hiddenUnits(policy),
      case .string(let kind)? = form[path: "entries"],
      let entries = ObservationForm.Entries(rawValue: kind)
    else { throw .init(.damaged, path: path, detail: "its metadata do not describe a policy") }
    let network = Network(
      form: ObservationForm(entries, channels: size[0], height: size[1], width: size[2]),
      hidden: hidden, outputs: ActionDistribution(actionCount: actions.count).logitCount,
      hasBias: policy[path: "bias"] == true)
    if let problem = network.load({ file[$0] }, prefix: "", into: network.parameters) {
      throw .init(.damaged, path: path, detail: problem)
    }
    return Contents(
      network: network, actions: actions, episode: number,
      environment: try section("environment"), observation: try section("observation"),
      policy: policy)
  }

  /// Channels, height and width; nil where they make no observation.
  private static func extents(_ form: ConfigValue) -> [Int]? {
    let sizes = ["channels", "height", "width"].compactMap { key -> Int? in
      guard case .number(let x)? = form[path: key], let whole = Int(exactly: x),
        (1..<1 << 16).contains(whole)
      else { return nil }
      return whole
    }
    guard sizes.count == 3, sizes[0] * sizes[1] < 1 << 16,
      sizes[0] * sizes[1] * sizes[2] < 1 << 16
    else { return nil }
    return sizes
  }

  /// Units of each hidden layer; nil where they are none that a network may have.
  private static func hiddenUnits(_ policy: ConfigValue) -> [Int]? {
    guard policy[path: "kind"] != .string(Network.linear.id) else { return [] }
    guard case .array(let elements)? = policy[path: "hidden"] else { return nil }
    let units = elements.compactMap { element -> Int? in
      guard case .number(let x) = element, let whole = Int(exactly: x),
        (1...4096).contains(whole)
      else { return nil }
      return whole
    }
    return units.count == elements.count ? units : nil
  }
}

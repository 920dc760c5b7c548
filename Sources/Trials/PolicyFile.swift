// SPDX-License-Identifier: MIT

package import Artifacts
package import Environments
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
    metadata["actionKind"] = checkpoint.metadata["actionKind"]
    metadata["logits"] = meaning(ofOutputs: space(metadata))
    var tensors = checkpoint.tensors.compactMap { tensor in
      tensor.name.hasPrefix("policy.")
        ? Tensor(
          name: String(tensor.name.dropFirst(7)), shape: tensor.shape, values: tensor.values) : nil
    }
    guard let first = tensors.first, [2, 4].contains(first.shape.count) else {
      throw .init(.damaged, path: path, detail: "it holds no policy")
    }
    if let broken = tensors.lazy.compactMap(\.brokenNumber).first {
      throw .init(.damaged, path: path, detail: broken)
    }
    if let text = checkpoint.metadata["permutationRoot"] {
      guard let root = UInt64(text), first.shape.count == 2 else {
        throw .init(
          .damaged, path: path,
          detail: first.shape.count == 2
            ? "permutationRoot is \(text)"
            : "its convolutions look at permuted pixels, which no other program would give them")
      }
      let permutation = EntryPermutation(count: first.shape[1], root: root)
      // The first layer's columns, and what is known of each entry.
      for (i, tensor) in tensors.enumerated()
      where i == 0 || tensor.name.hasPrefix("observation.") {
        tensors[i] = natural(tensor, permutation)
      }
    }
    return Checkpoint(metadata: metadata, tensors: tensors)
  }

  /// Numbers `[units, inputs]` or `[inputs]` whose inputs were permuted, with the inputs in their own
  /// order.
  private static func natural(_ weights: Tensor, _ permutation: EntryPermutation) -> Tensor {
    let inputs = permutation.places.count
    let values = weights.values.indices.map { i in
      weights.values[i / inputs * inputs + Int(permutation.places[i % inputs])]
    }
    return Tensor(name: weights.name, shape: weights.shape, values: values)
  }

  private static func space(_ metadata: [String: String]) -> ActionSpace? {
    ActionSpace(
      kind: metadata["actionKind"] ?? "discrete", entries: metadata["actions"] ?? "")
  }

  /// What a policy's outputs are, for a reader without this program.
  private static func meaning(ofOutputs space: ActionSpace?) -> String {
    switch space {
    case .product?:
      """
      for each choice in turn: of two, one logit z, the first with probability 1 / (1 + exp(-z)); \
      of more, one each, probabilities are their softmax
      """
    case .box?:
      """
      the mean of each number, clipped to its range of actions; its deviation is exp(logDeviation)
      """
    case .discrete(let names)? where names.count == 2:
      "one logit z: the first action has probability 1 / (1 + exp(-z))"
    default: "one per action: probabilities are their softmax"
    }
  }

  /// Whether a file is one of these, by what it says of itself.
  package static func isPolicy(_ file: Checkpoint) -> Bool { file.metadata["format"] == format }

  /// A policy read back.
  package struct Contents {
    package let model: any Model
    package let actions: ActionSpace
    /// Means and deviations of what is observed; none where it is not normalized.
    package let normalization: [Tensor]
    package let episode: Int
    /// The sections of game, observation and policy, its pixels in their own order.
    package let configuration: ConfigValue
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
        throw .init(.damaged, path: path, detail: "\(key) is not a JSON object: \(text.prefix(80))")
      }
      return value
    }
    _ = try text("actions")
    let episode = try text("episode")
    var configuration: ConfigValue = [
      "environment": try section("environment"), "observation": try section("observation"),
      "policy": try section("policy"),
    ]
    configuration[path: "observation.permutePixels"] = false
    guard let actions = space(file.metadata), let number = Int(episode),
      let form = form(try section("form")),
      let model = model(
        configuration, form, outputs: ActionDistribution(actions).outputs)
    else { throw .init(.damaged, path: path, detail: "its metadata do not describe a policy") }
    if let problem = model.load({ file[$0] }, prefix: "", into: model.parameters) {
      throw .init(.damaged, path: path, detail: problem)
    }
    guard model.parameters.floats.allSatisfy(\.isFinite) else {
      throw .init(.damaged, path: path, detail: "its weights are not all finite numbers")
    }
    return Contents(
      model: model, actions: actions,
      normalization: file.tensors.filter { $0.name.hasPrefix("observation.") }, episode: number,
      configuration: configuration)
  }

  /// What is observed; nil where that is no observation.
  private static func form(_ stored: ConfigValue) -> ObservationForm? {
    let sizes = ["channels", "height", "width"].compactMap { key -> Int? in
      guard case .number(let size)? = stored[path: key] else { return nil }
      return Int(exactly: size).flatMap { (1..<1 << 16).contains($0) ? $0 : nil }
    }
    guard sizes.count == 3, sizes[0] * sizes[1] < 1 << 16, sizes.reduce(1, *) < 1 << 16,
      case .string(let kind)? = stored[path: "entries"],
      let entries = ObservationForm.Entries(rawValue: kind)
    else { return nil }
    return ObservationForm(entries, channels: sizes[0], height: sizes[1], width: sizes[2])
  }

  /// The model that a section `policy` describes, as an experiment's would be made; nil where it
  /// describes none.
  private static func model(
    _ configuration: ConfigValue, _ form: ObservationForm, outputs: ModelOutputs
  ) -> (any Model)? {
    let section = Section(
      name: "policy", selector: "kind", components: policies.components, doc: "")
    let catalogue = Catalogue(sections: [section], presets: [])
    let completed = catalogue.completing(configuration)
    guard catalogue.misfit(completed) == nil,
      let kind = policies.first(named: configuration[path: "policy.kind"])
    else { return nil }
    return try? kind.make(
      Settings(completed, section: "policy"), form, outputs, LaneWidth.widest.kernels)
  }
}

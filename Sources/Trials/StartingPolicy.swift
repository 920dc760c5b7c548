// SPDX-License-Identifier: MIT

import Algorithms
import Artifacts
import Digest
import Environments
import ExperimentSpec
import GymnasiumBridge
import ParameterSchema
import Policies

/// The policy that `training.startFrom` names: a checkpoint or an exported policy, and what keeps it
/// from being trained further here.
struct StartingPolicy {
  private let path: String
  private let contents: PolicyFile.Contents

  /// What a configuration starts from; nil where its weights are drawn.
  ///
  /// - Throws: a refusal where the file is another one than when the trial was planned, or none of
  ///   these.
  init?(_ configuration: ConfigValue) throws(EnvironmentError) {
    let settings = Settings(configuration, section: "training")
    guard let named = settings.optionalString("startFrom") else { return nil }
    let parts = named.split(separator: "@").map(String.init)
    path = parts[0]
    do throws(ArtifactError) {
      let bytes = try readFileBytes(path)
      let found = SHA256.hex(bytes)
      guard found == parts.last else {
        throw ArtifactError(
          .damaged, path: path,
          detail: "it has changed since the trial was planned: its SHA-256 is \(found)")
      }
      let file = try Checkpoint(decoding: bytes, path: path)
      let policy = try PolicyFile.isPolicy(file) ? file : PolicyFile.policy(of: file, path: path)
      contents = try PolicyFile.contents(of: policy, path: path)
    } catch {
      throw Self.refusal(String(describing: error))
    }
  }

  /// Puts a training to its start with this policy.
  func begin(_ training: Training, _ configuration: ConfigValue) throws(EnvironmentError) {
    let actions = training.environment.actions
    guard contents.actions == actions else {
      throw Self.refusal(
        "\(path): its policy chooses among \(contents.actions); here are \(actions)")
    }
    // Shapes tell the rest.
    let seen: [String]
    if case .object(let its)? = contents.configuration[path: "observation"] {
      seen = its.keys.sorted().map { "observation.\($0)" }
    } else {
      seen = []
    }
    for key in seen + ["policy.activation", "policy.strides"] {
      let (its, here) = (contents.configuration[path: key], configuration[path: key])
      if let its, let here, its != here, key != "observation.permutePixels" {
        throw Self.refusal(
          "\(path): its \(key) is \(canonicalJSON(its)); here it is \(canonicalJSON(here))")
      }
    }
    let model = contents.model
    if let problem = training.restart(with: model.tensors(of: model.parameters, prefix: "")) {
      throw Self.refusal("\(path): \(problem)")
    }
  }

  private static func refusal(_ sentence: String) -> EnvironmentError {
    .refusal("training.startFrom", sentence)
  }
}

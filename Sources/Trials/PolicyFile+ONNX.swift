// SPDX-License-Identifier: MIT

package import Artifacts
import ExperimentSpec
import ParameterSchema

extension PolicyFile {
  /// What `policy(of:path:)` gave, as a network that other programs run: `observation`
  /// `[observations, channels, height, width]` in, `logits` `[observations, logits]` out. Where
  /// observations are normalized, that is part of the network; what makes a game's pictures an
  /// observation stands in the metadata, as in the safetensors file.
  ///
  /// - Throws: where the file's metadata or tensors do not describe such a network.
  package static func network(
    of policy: Checkpoint, path: String
  ) throws(ArtifactError) -> ONNXModel {
    let contents = try contents(of: policy, path: path)
    let form = policy.metadata["form"].flatMap { ConfigValue(json: $0) } ?? [:]
    let picture = ["channels", "height", "width"].compactMap { key -> Int? in
      guard case .number(let extent)? = form[path: key] else { return nil }
      return Int(exactly: extent)
    }
    let isTanh = contents.configuration[path: "policy.activation"] == "tanh"
    var strides: [Int] = []
    if case .array(let stored)? = contents.configuration[path: "policy.strides"] {
      strides = stored.compactMap {
        if case .number(let size) = $0 { Int(exactly: size) } else { nil }
      }
    }
    var model = ONNXModel(name: "policy", version: Version.text)
    model.metadata = policy.metadata
    model.inputs = [.init("observation", shape: [nil] + picture.map { $0 })]
    model.weights = policy.tensors
    let isNormalized = !contents.normalization.isEmpty
    let depth = policy.tensors.count { $0.name.hasPrefix("w") && Int($0.name.dropFirst()) != nil }
    var (last, isFlat, logits) = ("observation", false, 0)
    for layer in 1...max(1, depth) {
      guard let weights = policy["w\(layer)"] else {
        throw .init(.damaged, path: path, detail: "its layer w\(layer) is missing")
      }
      if weights.shape.count == 2, !isFlat {
        model.nodes.append(.init("Flatten", [last], "flat", [("axis", .whole(1))]))
        (last, isFlat) = ("flat", true)
        if isNormalized && layer == 1 { last = Self.normalize(last, in: &model) }
      } else if isNormalized && layer == 1 {
        throw .init(
          .notThisFormat, path: path,
          detail: "its pictures are normalized, which ONNX is not written of")
      }
      let bias = policy["b\(layer)"].map { [$0.name] } ?? []
      let output = layer == depth ? "logits" : "sum\(layer)"
      let inputs = [last, weights.name] + bias
      if weights.shape.count == 2 {
        model.nodes.append(.init("Gemm", inputs, output, [("transB", .whole(1))]))
      } else {
        let stride = strides.indices.contains(layer - 1) ? strides[layer - 1] : 1
        model.nodes.append(.init("Conv", inputs, output, [("strides", .wholes([stride, stride]))]))
      }
      (last, logits) = (output, weights.shape[0])
      guard layer < depth else { continue }
      model.nodes.append(.init(isTanh ? "Tanh" : "Relu", [last], "layer\(layer)"))
      last = "layer\(layer)"
    }
    model.outputs = [.init("logits", shape: [nil, logits])]
    // What is neither layer nor part of the input comes out as it is.
    for tensor in policy.tensors where !contents.normalization.contains(tensor) {
      if ["w", "b"].contains(tensor.name.prefix(1)), Int(tensor.name.dropFirst()) != nil {
        continue
      }
      let name = "\(tensor.name)Value"
      model.nodes.append(.init("Identity", [tensor.name], name))
      model.outputs.append(.init(name, shape: tensor.shape.map { $0 }))
    }
    return model
  }

  /// Adds what `observation.normalize` does: clip((x − mean) / deviation, ±10).
  ///
  /// - Returns: the name of what comes out.
  private static func normalize(_ value: String, in model: inout ONNXModel) -> String {
    for (name, limit) in [("least", -10), ("greatest", 10)] as [(String, Float)] {
      model.weights.append(Tensor(name: name, shape: [], values: [limit]))
    }
    model.nodes += [
      .init("Sub", [value, "observation.mean"], "centred"),
      .init("Div", ["centred", "observation.deviation"], "scaled"),
      .init("Clip", ["scaled", "least", "greatest"], "normalized"),
    ]
    return "normalized"
  }
}

// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import ParameterSchema

/// Changes in a file of tensors that leave it one: texts, shapes, values.
enum TensorMutation {
  static func mutated(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    guard let read = try? Safetensors.decoded(input, path: "memory"), draws.happens(4, in: 5) else {
      return nil
    }
    var (metadata, tensors) = read
    for _ in 0...draws.index(2) {
      switch draws.index(4) {
      case 0, 1:
        guard let key = draws.one(of: metadata.keys.sorted()) else { break }
        metadata[key] = text(metadata[key] ?? "", &draws)
      case 2:
        guard !tensors.isEmpty else { break }
        let place = draws.index(tensors.count)
        tensors[place] = changed(tensors[place], &draws)
      default:
        guard !tensors.isEmpty else { break }
        tensors.remove(at: draws.index(tensors.count))
      }
    }
    return Safetensors.encoded(metadata: metadata, tensors: tensors).bytes
  }

  private static func text(_ text: String, _ draws: inout Draws) -> String {
    if var value = ConfigValue(json: text) {
      JSONMutation.mutate(&value, &draws)
      return canonicalJSON(value)
    }
    return draws.one(of: ["", "0", "-1", "9223372036854775807", "nan", "RIGHT", text + ",X"]) ?? ""
  }

  private static func changed(_ tensor: Tensor, _ draws: inout Draws) -> Tensor {
    var values = tensor.values
    if !values.isEmpty, draws.happens(2, in: 3) {
      let extremes: [Float] = [.nan, .infinity, -.infinity, 0, -1e38, 3e38, 1e-38, 0.5]
      values[draws.index(values.count)] = draws.one(of: extremes) ?? 0
      return Tensor(name: tensor.name, shape: tensor.shape, values: values)
    }
    let shape = draws.one(of: [[values.count], [1, values.count], [values.count, 1], [0]]) ?? []
    return Tensor(name: tensor.name, shape: shape, values: shape == [0] ? [] : values)
  }
}

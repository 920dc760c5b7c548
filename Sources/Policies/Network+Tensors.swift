// SPDX-License-Identifier: MIT

package import Artifacts
package import Kernels

/// A block of a network's shape in the layout that people expect: one array per layer, a row per
/// unit.
extension Network {
  /// One part: its name, its shape `[units, inputs]` or `[units]`, and where each number stands.
  private struct Part {
    let name: String
    let shape: [Int]
    /// Of element (row, column).
    let place: (Int, Int) -> Int
  }

  private var parts: [Part] {
    var parts: [Part] = []
    let first = layersBefore + 1
    for (l, layer) in layout.layers.enumerated() {
      parts.append(
        Part(name: "w\(l + first)", shape: [layer.units, layer.inputs]) {
          (layer.weights + $1 * layer.lanes) * 8 + $0
        })
      if hasBias {
        parts.append(Part(name: "b\(l + first)", shape: [layer.units]) { layer.biases * 8 + $1 })
      }
    }
    if layout.isDeep {
      let (layer, number) = (layout.last, layout.layers.count + first)
      parts.append(
        Part(name: "w\(number)", shape: [layout.outputCount, layer.units]) {
          [start = layout.outputs] in (start + $0 * layer.lanes) * 8 + $1
        })
      if hasBias {
        parts.append(
          Part(name: "b\(number)", shape: [layout.outputCount]) {
            [start = layout.outputBiases] in start * 8 + $1
          })
      }
    }
    return parts
  }

  package func tensors(of block: AlignedFloats, prefix: String) -> [Tensor] {
    let floats = block.floats
    return parts.map { part in
      let (rows, columns) =
        part.shape.count == 2 ? (part.shape[0], part.shape[1]) : (1, part.shape[0])
      var values: [Float] = []
      values.reserveCapacity(rows * columns)
      for row in 0..<rows {
        for column in 0..<columns { values.append(floats[part.place(row, column)]) }
      }
      return Tensor(name: prefix + part.name, shape: part.shape, values: values)
    }
  }

  package func load(
    _ find: (String) -> Tensor?, prefix: String, into block: AlignedFloats
  ) -> String? {
    block.clear()
    let floats = block.floats
    for part in parts {
      guard let found = find(prefix + part.name) else { return "\(prefix)\(part.name) is missing" }
      guard found.shape == part.shape else {
        return "\(prefix)\(part.name) is \(found.shape); this policy has \(part.shape)"
      }
      if let broken = found.brokenNumber { return broken }
      let (rows, columns) =
        part.shape.count == 2 ? (part.shape[0], part.shape[1]) : (1, part.shape[0])
      for row in 0..<rows {
        for column in 0..<columns {
          floats[part.place(row, column)] = found.values[row * columns + column]
        }
      }
    }
    if block === parameters { parametersDidChange() }
    return nil
  }
}

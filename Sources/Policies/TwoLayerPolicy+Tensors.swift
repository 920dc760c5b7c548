// SPDX-License-Identifier: MIT

package import Artifacts
package import Kernels

/// A block of a policy's shape in the layout that people expect: one array per layer, a row per
/// unit.
extension TwoLayerPolicy {
  /// The parts of a block of the parameters' shape: `w1` `[H, D]`, `w2` `[1, H]`, and with biases
  /// `b1` `[H]` and `b2` `[1]`, each under `prefix`.
  package func tensors(of block: AlignedFloats, prefix: String) -> [Tensor] {
    let floats = block.floats
    let stride = lanes * 8
    var w1 = [Float](repeating: 0, count: hiddenCount * inputCount)
    for d in 0..<inputCount {
      for h in 0..<hiddenCount { w1[h * inputCount + d] = floats[d * stride + h] }
    }
    func row(_ index: Int, _ count: Int) -> [Float] {
      Array(floats[index * stride..<index * stride + count])
    }
    var parts = [
      Tensor(name: prefix + "w1", shape: [hiddenCount, inputCount], values: w1),
      Tensor(
        name: prefix + "w2", shape: [1, hiddenCount], values: row(inputCount + 1, hiddenCount)),
    ]
    if hasBias {
      parts.append(
        Tensor(
          name: prefix + "b1", shape: [hiddenCount], values: row(inputCount, hiddenCount)))
      parts.append(Tensor(name: prefix + "b2", shape: [1], values: row(inputCount + 2, 1)))
    }
    return parts
  }

  /// Fills a block from parts as `tensors(of:prefix:)` gives them.
  ///
  /// - Returns: nil when all fits, otherwise what does not, as "`w1` is [50, 6400]; this policy
  ///   has [200, 6400]".
  package func load(
    _ find: (String) -> Tensor?, prefix: String, into block: AlignedFloats
  ) -> String? {
    let stride = lanes * 8
    let expected = tensors(of: block, prefix: prefix)
    block.clear()
    let floats = block.floats
    for part in expected {
      guard let found = find(part.name) else { return "\(part.name) is missing" }
      guard found.shape == part.shape else {
        return "\(part.name) is \(found.shape); this policy has \(part.shape)"
      }
      switch part.name.dropFirst(prefix.count) {
      case "w1":
        for h in 0..<hiddenCount {
          for d in 0..<inputCount { floats[d * stride + h] = found.values[h * inputCount + d] }
        }
      case "w2":
        for h in 0..<hiddenCount { floats[(inputCount + 1) * stride + h] = found.values[h] }
      case "b1": for h in 0..<hiddenCount { floats[inputCount * stride + h] = found.values[h] }
      default: floats[(inputCount + 2) * stride] = found.values[0]
      }
    }
    return nil
  }
}

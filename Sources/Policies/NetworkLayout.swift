// SPDX-License-Identifier: MIT

/// Where a fully connected network's layers stand in its block of parameters, in lanes of eight.
///
/// First the input weights, a row of V₁ lanes per input, then their biases; then each further
/// hidden layer, a row per unit of the layer before, and its biases; then a row per output and the
/// output biases. Rows are padded to whole lanes and the padding stays 0, as do the biases of a
/// network without them. Without hidden layers the input weights lead to the outputs.
package struct NetworkLayout: Hashable, Sendable {
  /// One stage whose weights stand input by input.
  package struct Layer: Hashable, Sendable {
    let inputs: Int
    let units: Int
    /// Lanes of a row.
    let lanes: Int
    /// Where weights `[inputs, lanes]` and biases `[lanes]` begin.
    let weights: Int
    let biases: Int
  }

  /// The hidden layers, or the only one.
  let layers: [Layer]
  let outputCount: Int
  /// Whether there are hidden layers.
  let isDeep: Bool
  /// Where the output weights `[O, lanes of the last layer]` and biases begin, where deep.
  let outputs: Int
  let outputBiases: Int
  /// Lanes in all, a multiple of V₁.
  let total: Int

  init(inputs: Int, hidden: [Int], outputs outputCount: Int) {
    precondition(inputs > 0 && outputCount > 0, "an empty network")
    var layers: [Layer] = []
    var (at, before) = (0, inputs)
    for units in hidden.isEmpty ? [outputCount] : hidden {
      let lanes = (units + 7) / 8
      layers.append(
        Layer(
          inputs: before, units: units, lanes: lanes, weights: at, biases: at + before * lanes))
      at += (before + 1) * lanes
      before = units
    }
    self.layers = layers
    self.outputCount = outputCount
    isDeep = !hidden.isEmpty
    outputs = at
    outputBiases = at + (hidden.isEmpty ? 0 : outputCount * layers[layers.count - 1].lanes)
    let used = outputBiases + (hidden.isEmpty ? 0 : (outputCount + 7) / 8)
    let row = layers[0].lanes
    total = (used + row - 1) / row * row
  }

  var first: Layer { layers[0] }
  var last: Layer { layers[layers.count - 1] }
  /// Rows of V₁ lanes in all: the row of pattern 0.
  var rows: Int { total / first.lanes }
}

// SPDX-License-Identifier: MIT

import KernelLoops
package import Kernels

/// Convolutions with rectified outputs over a picture, then a fully connected network.
///
/// Pictures here are nearly all zeros, and without padding every position that sees none of a
/// picture's entries answers the same. So a pass touches only what the entries reach, layer by
/// layer, and takes the rest from a background that is computed once for a set of parameters; see
/// `ConvolutionMap` and `ConvolutionalNetwork+Background.swift`. It does so for one connected
/// component of the picture at a time, and for each that was there before only once; see
/// `ComponentTable`. The sums are those of the dense convolution, to rounding.
package final class ConvolutionalNetwork: Model {
  package let form: ObservationForm
  package let shape: ConvolutionShape
  package let hasBias: Bool
  package let kernels: LaneKernels

  /// The fully connected part. Its input, row by row of its first weights, is filter by filter of
  /// each position; its block holds the convolutions' weights behind its own.
  let head: Network
  let layers: [ConvolutionLayer]
  /// The layers' outputs.
  let maps: [ConvolutionMap]
  let input: ConvolutionInput
  let window: ScatterWindow
  let table: ComponentTable
  /// Where an observation of numbers is not 0.
  let places: UnsafeMutablePointer<Int32>
  /// The block to whose gradient the table's members gather.
  var pending: AlignedFloats?
  /// Of the table's components, shape `[capacity, V]` for V lanes of the head's first units: what
  /// they add to these units, and Σ ∂J over the observations that had the component.
  let responses, gathered: UnsafeMutablePointer<Lane>
  /// How `responses` change along the direction prepared last.
  private(set) lazy var responseTangents: UnsafeMutablePointer<Lane> = memory.zeros(
    table.capacity * head.layout.first.lanes)
  /// Of the head's first units, shape `[V]`: what they have before the ReLU where the observation
  /// is all background, how that changes along the direction prepared last, and ∂J of one
  /// observation and over those of a gradient.
  let background, backgroundTangent, delta, totals: UnsafeMutablePointer<Lane>
  private let memory = Memory()

  /// - Parameters:
  ///   - form: a picture.
  ///   - hidden: units of each fully connected hidden layer; there may be none.
  ///   - outputs: those computed, and those that are parameters.
  ///   - tableBytes: for components; a gradient's sums are brought together whenever half of it is
  ///     full.
  /// - Throws: where the layers do not fit the picture.
  package init(
    form: ObservationForm, filters: [Int], kernels sides: [Int], strides: [Int], hidden: [Int],
    outputs: ModelOutputs, hasBias: Bool, logDeviation: Float = 0,
    kernels: LaneKernels = LaneWidth.widest.kernels, tableBytes: Int = 32 << 20
  ) throws(PolicyMisfit) {
    shape = try ConvolutionShape(
      channels: form.channels, height: form.height, width: form.width, filters: filters,
      kernels: sides, strides: strides)
    self.form = form
    self.hasBias = hasBias
    self.kernels = kernels
    let inputs = shape.last.outputs
    let begin = NetworkLayout(inputs: inputs, hidden: hidden, outputs: outputs).total
    var layers: [ConvolutionLayer] = []
    for layer in shape.layers {
      layers.append(
        ConvolutionLayer(layer, isFirst: layers.isEmpty, start: layers.last?.end ?? begin))
    }
    self.layers = layers
    head = Network(
      form: ObservationForm(.numbers, width: inputs), hidden: hidden, outputs: outputs,
      hasBias: hasBias, logDeviation: logDeviation, kernels: kernels, layersBefore: layers.count,
      lanesBehind: (layers.last?.end ?? begin) - begin)
    maps = shape.layers.map { ConvolutionMap(positions: $0.positions, units: $0.filters) }
    input = ConvolutionInput(count: form.count)
    let lanes = head.layout.first.lanes
    window = ScatterWindow(rows: inputs, lanes: lanes, start: head.layout.first.weights)
    let capacity = max(
      shape.last.positions, min(1 << 16, tableBytes / (2 * lanes * MemoryLayout<Lane>.stride)))
    table = ComponentTable(shape.whole, capacity: capacity)
    (responses, gathered) = (memory.zeros(capacity * lanes), memory.zeros(capacity * lanes))
    (background, backgroundTangent) = (memory.zeros(lanes), memory.zeros(lanes))
    (delta, totals) = (memory.zeros(lanes), memory.zeros(lanes))
    places = memory.zeros(form.count)
  }

  package var parameters: AlignedFloats { head.parameters }
  package var outputCount: Int { head.outputCount }
  package var multiplications: Int {
    shape.layers.reduce(head.multiplications) { $0 + $1.inputs * $1.outputs }
  }
  /// It reads entries only: of a picture's patterns, mostly a few pixels change.
  package var patternBase: Int? { nil }

  package func makeBlock() -> AlignedFloats { head.makeBlock() }

  func forgetComponents() {
    precondition(pending == nil, "a gradient is not finished")
    table.removeAll()
  }

  // MARK: Activity

  /// Components are forgotten too, since a filter is seen to fire where one is new.
  package func clearActivity() {
    head.clearActivity()
    forgetComponents()
    for map in maps { map.fired.update(repeating: 0, count: map.lanes) }
  }

  /// A filter fires where it does at any position.
  package var deadUnits: Double {
    let filters = maps.reduce(0) { $0 + $1.units }
    let all = filters + head.hidden.reduce(0, +)
    let alive = maps.reduce(head.aliveUnits) { sum, map in
      (0..<map.lanes).reduce(sum) {
        $0 + (map.fired[$1] | map.backgroundMasks[$1]).nonzeroBitCount
      }
    }
    return Double(all - alive) / Double(all)
  }

  package func lastContributions() -> [Float] { head.lastContributions() }
}

// SPDX-License-Identifier: MIT

import KernelLoops
package import Kernels
import ParameterSchema

/// A fully connected network with rectified hidden layers and linear outputs; without hidden
/// layers a linear function. With one layer of 200 units and one output it is the post's policy.
package final class Network: Model {
  package let form: ObservationForm
  /// Units of each hidden layer.
  package let hidden: [Int]
  package let hasBias: Bool
  let activation: Activation
  /// What log deviations start at.
  let logDeviation: Float
  package let kernels: LaneKernels
  package let parameters: AlignedFloats

  let layout: NetworkLayout
  /// Layers before its first, of a model that it is the head of.
  let layersBefore: Int
  let patterns: [[UInt16]]
  let window: ScatterWindow
  /// For the weights of each layer but the first.
  let products: [ProductWindow]
  /// Of each layer, for one observation: the units before the ReLU or after tanh, behind either, and
  /// ∂J or tangents.
  let sums, active, delta: [UnsafeMutablePointer<Lane>]
  /// Which units have fired, a bit a unit: gates of the last hidden layer, then layer by layer.
  private let fired: UnsafeMutableBufferPointer<UInt8>
  private let firedStarts: [Int]
  /// Of the last hidden layer: which units fired in the last pass forward, and which ever have.
  let gates, firedGates: UnsafeMutablePointer<Gate>
  let gateCount: Int
  /// The gradient of one hidden layer over sparse observations; nil where that needs vectors.
  let gated: GatedGradient?
  let outputs, gradients, tangents: UnsafeMutablePointer<Float>
  private let zeros: UnsafeMutablePointer<Lane>
  /// A gate that lets all units of the widest layer pass.
  let open: UnsafeMutablePointer<Lane>
  /// Sums of a frame's rows of weights: of the last observation's, and of the one before it.
  var frameNow, frameBefore: UnsafeMutablePointer<Lane>
  /// Whose frame `frameNow` is, by the parameters as they are.
  var knownFrame = FrameName(stamp: -1, row: -1)
  private let memory = Memory()

  /// A network, which may be the head of another model.
  ///
  /// - Parameters:
  ///   - form: D inputs; with patterns, at most 65,536 rows in all.
  ///   - outputs: those computed, and those that are parameters.
  ///   - logDeviation: what the latter start at.
  ///   - layersBefore: the model's layers before its own.
  ///   - lanesBehind: of the model's parameters, which stand behind its own in the same block.
  ///   - parameters: of another network of this shape, shared; nil for its own.
  package init(
    form: ObservationForm, hidden: [Int], outputs: ModelOutputs, hasBias: Bool,
    activation: Activation = .relu, logDeviation: Float = 0,
    kernels: LaneKernels = LaneWidth.widest.kernels, layersBefore: Int = 0, lanesBehind: Int = 0,
    sharing parameters: AlignedFloats? = nil
  ) {
    precondition(lanesBehind == 0 || form.patterns.isEmpty, "patterns stand where the annex is")
    self.layersBefore = layersBefore
    self.form = form
    self.hidden = hidden
    self.hasBias = hasBias
    self.activation = activation
    self.logDeviation = logDeviation
    self.kernels = kernels
    layout = NetworkLayout(inputs: form.count, hidden: hidden, outputs: outputs)
    let fits = form.count + form.patterns.count <= 1 << 16
    patterns = form.entries == .signs && fits ? form.patterns : []
    let annex = patterns.count * layout.first.lanes
    self.parameters =
      parameters ?? AlignedFloats(count: (layout.total + lanesBehind) * 8, annex: annex)
    gated =
      form.entries == .signs && hidden.count == 1 && outputs == 1 && activation == .relu
      ? GatedGradient(layout, patterns: patterns) : nil
    window = ScatterWindow(
      rows: form.entries == .signs ? form.count + patterns.count : 1, lanes: layout.first.lanes,
      start: layout.first.weights)
    let lanes = layout.layers.map(\.lanes)
    products = zip(lanes, layout.layers.dropFirst()).map {
      ProductWindow(inputs: $0, lanes: $1.lanes, start: $1.weights)
    }
    sums = lanes.map { [memory] in memory.zeros($0) }
    active = lanes.map { [memory] in memory.zeros($0) }
    delta = lanes.map { [memory] in memory.zeros($0) }
    gateCount = (layout.last.lanes + lanesPerGate - 1) / lanesPerGate
    let gateBytes = gateCount * MemoryLayout<Gate>.stride
    firedStarts = lanes.dropLast().reduce(into: [gateBytes]) { $0.append($0[$0.count - 1] + $1) }
    let firedCount = firedStarts[firedStarts.count - 1]
    fired = UnsafeMutableBufferPointer(start: memory.zeros(firedCount), count: firedCount)
    gates = memory.zeros(gateCount)
    firedGates = UnsafeMutableRawPointer(fired.start).assumingMemoryBound(to: Gate.self)
    let padded = (outputs.count + outputs.deviations + 7) / 8 * 8
    self.outputs = memory.zeros(padded)
    gradients = memory.zeros(padded)
    tangents = memory.zeros(padded)
    zeros = memory.zeros(layout.first.lanes)
    open = memory.zeros(lanes.max() ?? 0)
    for v in 0..<(lanes.max() ?? 0) { open[v] = Lane(repeating: 1) }
    (frameNow, frameBefore) = (memory.zeros(layout.first.lanes), memory.zeros(layout.first.lanes))
  }

  package var outputCount: Int { layout.outputCount + layout.deviationCount }
  package var multiplications: Int {
    layout.layers.reduce(0) { $0 + $1.inputs * $1.units }
      + (layout.isDeep ? layout.last.units * layout.outputCount : 0)
  }
  package var patternBase: Int? { patterns.isEmpty ? nil : form.count }
  package var takesFrames: Bool { gated != nil && !patterns.isEmpty }

  package func makeBlock() -> AlignedFloats {
    AlignedFloats(count: parameters.count, annex: patterns.count * layout.first.lanes)
  }

  package func parametersDidChange() {
    prepare(parameters)
    knownFrame.stamp = -1
  }

  package func prepare(_ direction: AlignedFloats) {
    let lanes = layout.first.lanes
    let annex = direction.lanes + layout.total
    for (k, pattern) in patterns.enumerated() {
      kernels.addColumns(
        weights: direction.lanes + layout.first.weights, lanes: lanes, base: zeros,
        indices: pattern, plus: pattern.count, total: pattern.count, out: annex + k * lanes)
    }
  }

  // MARK: Activity

  @inline(__always)
  func firedUnits(_ layer: Int) -> UnsafeMutablePointer<UInt8> {
    fired.start + firedStarts[layer]
  }

  package func clearActivity() {
    fired.update(repeating: 0)
  }

  package func twin() -> (any Model)? {
    guard layersBefore == 0 else { return nil }
    return Network(
      form: form, hidden: hidden,
      outputs: ModelOutputs(count: layout.outputCount, deviations: layout.deviationCount),
      hasBias: hasBias, activation: activation, logDeviation: logDeviation, kernels: kernels,
      sharing: parameters)
  }

  package var activity: [UInt8] { Array(fired) }

  package func addActivity(_ activity: [UInt8]) {
    for (i, bits) in activity.enumerated() { fired[i] |= bits }
  }

  package var deadUnits: Double {
    guard layout.isDeep && activation == .relu else { return 0 }
    let all = hidden.reduce(0, +)
    return Double(all - aliveUnits) / Double(all)
  }

  /// Hidden units that have fired.
  var aliveUnits: Int {
    layout.isDeep ? fired.reduce(0) { $0 + $1.nonzeroBitCount } : 0
  }

  package func lastContributions() -> [Float] {
    guard layout.isDeep else { return [] }
    let output = parameters.lanes + layout.outputs
    let last = sums[sums.count - 1]
    return (0..<layout.last.units).map { h in
      (activation == .relu ? max(0, last[h / 8][h % 8]) : last[h / 8][h % 8]) * output[h / 8][h % 8]
    }
  }
}

/// A row of a batch, by the batch's stamp.
struct FrameName: Equatable {
  var stamp: Int
  var row: Int
}

extension PolicyKind {
  package static let mlp = PolicyKind(
    Component(
      id: "mlp",
      doc: """
        A fully connected network: one logit for two actions, a logit each for more, means for \
        numbers. The post has one layer of 200 rectified units.
        """,
      parameters: [
        Parameter(
          "hidden", .list(of: .integer(1...4096), count: 1...8), default: [200], unit: "units",
          doc: "Units of each hidden layer, from input to output. The post has [200]."),
        Parameter(
          "activation", .choice(Activation.allCases.map(\.rawValue)), default: "relu",
          doc: "What a hidden unit makes of its sum: max(0, x) as in the post, or tanh x.",
          silentValue: "relu"),
      ] + commonParameters, constraints: [fixedDeviation], unused: [unusedDeviation]),
    make: { (settings, form, outputs, kernels) throws(PolicyMisfit) in
      Network(
        form: form, hidden: settings.integers("hidden"), outputs: outputs,
        hasBias: settings.boolean("bias"), activation: settings.choice("activation"),
        logDeviation: Float(settings.number("logDeviation")), kernels: kernels)
    })

  package static let linear = PolicyKind(
    Component(
      id: "linear", doc: "Logits that are linear in the observation; no hidden units.",
      parameters: commonParameters, constraints: [fixedDeviation], unused: [unusedDeviation]),
    make: { (settings, form, outputs, kernels) throws(PolicyMisfit) in
      Network(
        form: form, hidden: [], outputs: outputs, hasBias: settings.boolean("bias"),
        logDeviation: Float(settings.number("logDeviation")), kernels: kernels)
    })
}

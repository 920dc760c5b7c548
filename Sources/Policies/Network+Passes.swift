// SPDX-License-Identifier: MIT

package import KernelLoops
package import Kernels

/// The three passes over one observation: forward, back, and forward along a direction.
extension Network {
  package func forward(_ batch: ObservationBatch, _ t: Int) -> Outputs {
    propagate(batch, t)
    return propagateOutputs()
  }

  /// From the last layer's units to the outputs.
  @inline(__always)
  func propagateOutputs() -> Outputs {
    let w = parameters.lanes
    for i in 0..<layout.deviationCount {
      outputs[layout.outputCount + i] = (w + layout.deviations)[i / 8][i % 8]
    }
    guard layout.isDeep else {
      for o in 0..<layout.outputCount { outputs[o] = sums[0][o / 8][o % 8] }
      return Outputs(outputs)
    }
    let last = sums.count &- 1
    guard activation == .relu else {
      kernels.rowDots(
        weights: w + layout.outputs, lanes: layout.last.lanes, vector: sums[last],
        count: layout.outputCount, out: outputs)
      addOutputBiases()
      return Outputs(outputs)
    }
    kernels.rectifiedDots(
      hidden: sums[last], outputs: w + layout.outputs, lanes: layout.last.lanes,
      count: layout.outputCount, gates: gates, out: outputs)
    for b in 0..<gateCount { firedGates[b] |= gates[b] }
    addOutputBiases()
    return Outputs(outputs)
  }

  @inline(__always)
  private func addOutputBiases() {
    guard hasBias else { return }
    let biases = parameters.lanes + layout.outputBiases
    for o in 0..<layout.outputCount { outputs[o] += biases[o / 8][o % 8] }
  }

  /// The units of every layer before the ReLU.
  @inline(__always)
  private func propagate(_ batch: ObservationBatch, _ t: Int) {
    let w = parameters.lanes
    propagateInput(
      batch, t, weights: w + layout.first.weights, base: w + layout.first.biases, out: sums[0])
    propagateHidden()
  }

  /// From the first layer's sums to the last layer's: before the ReLU, or after tanh.
  @inline(__always)
  func propagateHidden() {
    let w = parameters.lanes
    for l in 1..<max(1, sums.count) {
      let (below, layer) = (layout.layers[l &- 1], layout.layers[l])
      if activation == .tanh { kernels.tanh(sums[l &- 1], lanes: below.lanes) }
      active[l &- 1].update(from: sums[l &- 1], count: below.lanes)
      if activation == .relu {
        kernels.rectify(active[l &- 1], lanes: below.lanes)
        kernels.markFired(hidden: sums[l &- 1], lanes: below.lanes, fired: firedUnits(l &- 1))
      }
      sums[l].update(from: w + layer.biases, count: layer.lanes)
      kernels.addScaledRows(
        weights: w + layer.weights, lanes: layer.lanes, x: floats(active[l &- 1]),
        count: layer.inputs, out: sums[l])
    }
    if activation == .tanh { kernels.tanh(sums[sums.count &- 1], lanes: layout.last.lanes) }
  }

  @inline(__always)
  private func propagateInput(
    _ batch: ObservationBatch, _ t: Int, weights: UnsafePointer<Lane>, base: UnsafePointer<Lane>,
    out: UnsafeMutablePointer<Lane>
  ) {
    let lanes = layout.first.lanes
    switch form.entries {
    case .signs:
      let row = batch.signs.rows[t]
      guard case .signs = row.kind else {
        return propagateFrame(batch.signs, t, weights: weights, base: base, out: out)
      }
      kernels.addColumns(
        weights: weights, lanes: lanes, base: base, indices: batch.signs.indices(of: row),
        plus: Int(row.plus), total: Int(row.total), out: out)
    case .numbers:
      out.update(from: base, count: lanes)
      batch.numbers.withUnsafeBufferPointer { x in
        kernels.addScaledRows(
          weights: weights, lanes: lanes, x: x.start + t &* form.count, count: form.count,
          out: out)
      }
    }
  }

  /// Each frame is summed on its own; as a rule the one before is known.
  private func propagateFrame(
    _ batch: SparseSignBatch, _ t: Int, weights: UnsafePointer<Lane>, base: UnsafePointer<Lane>,
    out: UnsafeMutablePointer<Lane>
  ) {
    let lanes = layout.first.lanes
    let isOwn = weights == UnsafePointer(parameters.lanes + layout.first.weights)
    let isFirst = if case .firstFrame = batch.rows[t].kind { true } else { false }
    if isOwn && knownFrame == FrameName(stamp: batch.stamp, row: t &- 1) {
      swap(&frameNow, &frameBefore)
    } else if !isFirst {
      sum(t &- 1, before: base, out: frameBefore)
    }
    sum(t, before: frameBefore, out: frameNow)
    knownFrame = FrameName(stamp: isOwn ? batch.stamp : -1, row: t)
    if isFirst { out.update(from: base, count: lanes) }

    @inline(__always)
    func sum(_ t: Int, before: UnsafePointer<Lane>, out now: UnsafeMutablePointer<Lane>) {
      let row = batch.rows[t]
      kernels.addFrame(
        weights: weights, lanes: lanes, indices: batch.indices(of: row), count: Int(row.total),
        before: before, base: base, now: now, out: out)
    }
  }

  package func accumulate(
    into block: AlignedFloats, _ batch: ObservationBatch, _ t: Int,
    weigh: (Outputs, UnsafeMutablePointer<Float>) -> Bool
  ) {
    guard weigh(forward(batch, t), gradients) else { return }
    if let gated {
      gated.add(batch.signs, t, gradients[0], gates: gates)
    } else {
      backpropagate(into: block, batch, t, Outputs(gradients))
    }
  }

  package func accumulate(
    into block: AlignedFloats, _ batch: ObservationBatch, over observations: [Int],
    gates: GateBatch?, weigh: (Int, UnsafeMutablePointer<Float>) -> Bool
  ) {
    if let gated, let gates {
      gated.begin(batch.signs, gates)
      for t in observations where weigh(t, gradients) { gated.add(t, gradients[0]) }
      return
    }
    for t in observations {
      guard weigh(t, gradients) else { continue }
      propagate(batch, t)
      if let gated {
        _ = propagateOutputs()
        gated.add(batch.signs, t, gradients[0], gates: self.gates)
      } else {
        backpropagate(into: block, batch, t, Outputs(gradients))
      }
    }
  }

  package var gateLanes: Int { gated == nil ? 0 : layout.last.lanes }
  package func keepGates(in batch: GateBatch) { batch.append(gates) }

  /// After `propagate` for the same observation.
  @inline(__always)
  private func backpropagate(
    into block: AlignedFloats, _ batch: ObservationBatch, _ t: Int, _ gradients: Outputs
  ) {
    let row = form.entries == .signs ? batch.signs.rows[t] : nil
    let input =
      row.map { window.vector(entries: Int($0.total), sums: block, kernels: kernels) } ?? delta[0]
    backpropagateOutputs(into: block, gradients, input: input)
    if let row {
      window.add(row, of: batch.signs)
    } else {
      batch.numbers.withUnsafeBufferPointer { x in
        kernels.addOuterProduct(
          sums: block.lanes + layout.first.weights, lanes: layout.first.lanes,
          x: x.start + t &* form.count, count: form.count, vector: input)
      }
    }
  }

  /// From the outputs to the first layer's units: adds the gradient of everything but the input
  /// weights.
  ///
  /// - Parameter input: shape `[V₁]`; overwritten by ∂J/∂ the first layer's units before the ReLU.
  @inline(__always)
  func backpropagateOutputs(
    into block: AlignedFloats, _ gradients: Outputs, input: UnsafeMutablePointer<Lane>
  ) {
    let (w, g) = (parameters.lanes, block.lanes)
    for i in 0..<layout.deviationCount {
      (g + layout.deviations)[i / 8][i % 8] += gradients[layout.outputCount + i]
    }
    if layout.isDeep {
      let last = sums.count &- 1
      let top = last == 0 ? input : delta[last]
      if activation == .relu {
        kernels.backpropagateOutputs(
          hidden: sums[last], outputs: w + layout.outputs, gradients: gradients,
          lanes: layout.last.lanes, count: layout.outputCount, outputSums: g + layout.outputs,
          out: top)
      } else {
        backpropagateTanhOutputs(gradients, outputSums: g + layout.outputs, out: top)
      }
      for l in stride(from: last, to: 0, by: -1) {
        let layer = layout.layers[l]
        products[l &- 1].add(active[l &- 1], delta[l], to: block, kernels: kernels)
        if hasBias { add(delta[l], to: g + layer.biases, lanes: layer.lanes) }
        let below = l == 1 ? input : delta[l &- 1]
        kernels.gatedRowDots(
          weights: w + layer.weights, lanes: layer.lanes, vector: delta[l],
          gate: activation == .relu ? active[l &- 1] : open, count: layer.inputs, out: below)
        if activation == .tanh {
          kernels.multiplyByTanhSlope(below, of: active[l &- 1], lanes: layout.layers[l &- 1].lanes)
        }
      }
      if hasBias {
        for o in 0..<layout.outputCount {
          (g + layout.outputBiases)[o / 8][o % 8] += gradients[o]
        }
      }
    } else {
      for v in 0..<layout.first.lanes { input[v] = .zero }
      for o in 0..<layout.outputCount { input[o / 8][o % 8] = gradients[o] }
    }
    if hasBias { add(input, to: g + layout.first.biases, lanes: layout.first.lanes) }
  }

  private func backpropagateTanhOutputs(
    _ gradients: Outputs, outputSums: UnsafeMutablePointer<Lane>, out: UnsafeMutablePointer<Lane>
  ) {
    let (lanes, units) = (layout.last.lanes, sums[sums.count &- 1])
    out.update(repeating: .zero, count: lanes)
    kernels.addScaledRows(
      weights: parameters.lanes + layout.outputs, lanes: lanes, x: gradients,
      count: layout.outputCount, out: out)
    kernels.addOuterProduct(
      sums: outputSums, lanes: lanes, x: gradients, count: layout.outputCount, vector: units)
    kernels.multiplyByTanhSlope(out, of: units, lanes: lanes)
  }

  package func finishGradient(
    _ block: AlignedFloats, _ team: ThreadTeam, step: PartStep
  ) -> StepSquares {
    if let gated, !gated.isEmpty {
      return gated.finish(parameters.lanes, hasBias: hasBias, kernels, team, step: step)
    }
    finishGradient(block)
    return step(0, block.lanes, block.laneCount, false)
  }

  package func finishGradient(_ block: AlignedFloats) {
    for product in products { product.flush(into: block, kernels: kernels) }
    guard form.entries == .signs else { return }
    if let gated {
      guard !gated.isEmpty else { return }
      _ = gated.finish(parameters.lanes, hasBias: hasBias, kernels, ThreadTeam()) {
        if !$3 { kernels.addScaled(block.lanes + $0, $1, scale: 1, lanes: $2) }
        $1.update(repeating: .zero, count: $2)
        return (0, 0)
      }
      return
    }
    window.flush(into: block, kernels: kernels)
    let lanes = layout.first.lanes
    for (k, pattern) in patterns.enumerated() {
      kernels.spreadRow(
        block.lanes + layout.total + k * lanes, lanes: lanes, indices: pattern,
        count: pattern.count, over: block.lanes + layout.first.weights)
    }
  }

  package func tangent(
    along direction: AlignedFloats, _ batch: ObservationBatch, _ t: Int
  ) -> Outputs {
    let u = direction.lanes
    propagate(batch, t)
    propagateInput(
      batch, t, weights: u + layout.first.weights, base: u + layout.first.biases, out: delta[0])
    return tangentOutputs(along: direction)
  }

  /// From how the first layer's units change, in `delta[0]`, to how the outputs do.
  @inline(__always)
  func tangentOutputs(along direction: AlignedFloats) -> Outputs {
    let (w, u) = (parameters.lanes, direction.lanes)
    for i in 0..<layout.deviationCount {
      tangents[layout.outputCount + i] = (u + layout.deviations)[i / 8][i % 8]
    }
    guard layout.isDeep else {
      for o in 0..<layout.outputCount { tangents[o] = delta[0][o / 8][o % 8] }
      return Outputs(tangents)
    }
    for l in 1..<max(1, sums.count) {
      let (below, layer) = (layout.layers[l &- 1], layout.layers[l])
      if activation == .relu {
        kernels.gate(delta[l &- 1], by: sums[l &- 1], lanes: below.lanes)
      } else {
        kernels.multiplyByTanhSlope(delta[l &- 1], of: sums[l &- 1], lanes: below.lanes)
      }
      delta[l].update(from: u + layer.biases, count: layer.lanes)
      kernels.addScaledRows(
        weights: w + layer.weights, lanes: layer.lanes, x: floats(delta[l &- 1]),
        count: layer.inputs, out: delta[l])
      kernels.addScaledRows(
        weights: u + layer.weights, lanes: layer.lanes, x: floats(active[l &- 1]),
        count: layer.inputs, out: delta[l])
    }
    let (last, lanes) = (sums.count &- 1, layout.last.lanes)
    if activation == .tanh {
      kernels.multiplyByTanhSlope(delta[last], of: sums[last], lanes: lanes)
      kernels.rowDots(
        weights: w + layout.outputs, lanes: lanes, vector: delta[last], count: layout.outputCount,
        out: tangents)
      kernels.rowDots(
        weights: u + layout.outputs, lanes: lanes, vector: sums[last], count: layout.outputCount,
        out: outputs)
      let biases = u + layout.outputBiases
      for o in 0..<layout.outputCount { tangents[o] += outputs[o] + biases[o / 8][o % 8] }
      return Outputs(tangents)
    }
    for o in 0..<layout.outputCount {
      tangents[o] =
        kernels.outputTangent(
          hidden: sums[last], tangent: delta[last],
          output: w + layout.outputs + o &* lanes, direction: u + layout.outputs + o &* lanes,
          lanes: lanes) + (u + layout.outputBiases)[o / 8][o % 8]
    }
    return Outputs(tangents)
  }

  @inline(__always)
  private func add(
    _ x: UnsafePointer<Lane>, to y: UnsafeMutablePointer<Lane>, lanes: Int
  ) {
    for v in 0..<lanes { y[v] += x[v] }
  }
}

extension UnsafeBufferPointer<Float> {
  /// Its first element's place; the buffers here are never empty.
  @inline(__always)
  var start: UnsafePointer<Float> {
    guard let place = baseAddress else { preconditionFailure("an empty buffer") }
    return place
  }
}

extension UnsafeMutableBufferPointer {
  @inline(__always)
  var start: UnsafeMutablePointer<Element> {
    guard let place = baseAddress else { preconditionFailure("an empty buffer") }
    return place
  }
}

// SPDX-License-Identifier: MIT

import KernelLoops
package import Kernels

/// What a network answers where there is nothing to see, with biases. A position whose inputs are
/// all background r has the sums `B = b + Σ_(tap, c) w[tap, c] · r[c]` and sends on max(0, B), the
/// background of the next layer.
///
/// Its gradient needs no pass over positions either. Summed over all positions of a layer, ∂J of a
/// unit is a product of the layer above with that layer's sum of ∂J; what touched positions have of
/// it (`shares`) is taken off, and the rest belongs to the background.
extension ConvolutionalNetwork {
  package func parametersDidChange() {
    forgetComponents()
    guard hasBias else { return }
    let w = parameters.lanes
    var below: ConvolutionMap?
    for (layer, map) in zip(layers, maps) {
      map.background.update(from: w + layer.biases, count: layer.lanes)
      if let below {
        add(layer, weights: w, x: below.rectified, to: map.background)
      }
      map.rectified.update(from: map.background, count: layer.lanes)
      kernels.rectify(map.rectified, lanes: layer.lanes)
      map.backgroundMasks.update(repeating: 0, count: layer.lanes)
      kernels.markFired(
        hidden: map.background, lanes: layer.lanes, fired: map.backgroundMasks)
      below = map
    }
    let first = head.layout.first
    background.update(from: w + first.biases, count: first.lanes)
    addHead(weights: w, x: maps[maps.count - 1].rectified, to: background)
  }

  package func prepare(_ direction: AlignedFloats) {
    table.tangentCount = 0
    guard hasBias else { return }
    let (w, u) = (parameters.lanes, direction.lanes)
    var below: ConvolutionMap?
    for (layer, map) in zip(layers, maps) {
      map.backgroundTangent.update(from: u + layer.biases, count: layer.lanes)
      if let below {
        add(layer, weights: u, x: below.rectified, to: map.backgroundTangent)
        add(layer, weights: w, x: below.rectifiedTangent, to: map.backgroundTangent)
      }
      map.rectifiedTangent.update(from: map.backgroundTangent, count: layer.lanes)
      kernels.gate(map.rectifiedTangent, by: map.background, lanes: layer.lanes)
      below = map
    }
    let (first, last) = (head.layout.first, maps[maps.count - 1])
    backgroundTangent.update(from: u + first.biases, count: first.lanes)
    addHead(weights: u, x: last.rectified, to: backgroundTangent)
    addHead(weights: w, x: last.rectifiedTangent, to: backgroundTangent)
  }

  /// Adds what the background has of a gradient over the observations since the last one.
  func addBackgroundGradient(to block: AlignedFloats) {
    let (w, g) = (parameters.lanes, block.lanes)
    let (first, last) = (head.layout.first, maps[maps.count - 1])
    let positions = head.layout.first.inputs / last.units
    for p in 0..<positions {
      let row = first.weights + p * last.units * first.lanes
      kernels.addOuterProduct(
        sums: g + row, lanes: first.lanes, x: floats(last.rectified), count: last.units,
        vector: totals)
      kernels.rowDots(
        weights: w + row, lanes: first.lanes, vector: totals, count: last.units,
        out: last.gradients)
      claim(last.gradients, last, sign: 1)
    }
    claim(floats(last.shares), last, sign: -1)
    for v in 0..<first.lanes { totals[v] = .zero }
    for l in stride(from: maps.count - 1, through: 0, by: -1) {
      let (layer, map) = (layers[l], maps[l])
      for v in 0..<layer.lanes { g[layer.biases + v] += map.totals[v] }
      if l > 0 {
        let below = maps[l - 1]
        for tap in 0..<layer.taps {
          let row = layer.weights + tap * layer.tapRows * layer.lanes
          kernels.addOuterProduct(
            sums: g + row, lanes: layer.lanes, x: floats(below.rectified), count: below.units,
            vector: map.totals)
          kernels.rowDots(
            weights: w + row, lanes: layer.lanes, vector: map.totals, count: below.units,
            out: below.gradients)
          claim(below.gradients, below, sign: 1)
        }
        claim(floats(below.shares), below, sign: -1)
      }
      for v in 0..<layer.lanes { (map.totals[v], map.shares[v]) = (.zero, .zero) }
    }
  }

  /// Adds a gradient of units to the totals of those that fire in the background.
  private func claim(_ gradients: UnsafePointer<Float>, _ map: ConvolutionMap, sign: Float) {
    let (totals, rectified) = (floats(map.totals), floats(map.rectified))
    for f in 0..<map.units where rectified[f] > 0 { totals[f] += sign * gradients[f] }
  }

  /// `out += Σ_(tap, c) weights[tap, c] · x[c]`.
  private func add(
    _ layer: ConvolutionLayer, weights: UnsafePointer<Lane>, x: UnsafeMutablePointer<Lane>,
    to out: UnsafeMutablePointer<Lane>
  ) {
    for tap in 0..<layer.taps {
      kernels.addScaledRows(
        weights: weights + layer.weights + tap * layer.tapRows * layer.lanes, lanes: layer.lanes,
        x: floats(x), count: layer.tapRows, out: out)
    }
  }

  /// The same through the head's first weights.
  private func addHead(
    weights: UnsafePointer<Lane>, x: UnsafeMutablePointer<Lane>, to out: UnsafeMutablePointer<Lane>
  ) {
    let (first, units) = (head.layout.first, maps[maps.count - 1].units)
    for p in 0..<first.inputs / units {
      kernels.addScaledRows(
        weights: weights + first.weights + p * units * first.lanes, lanes: first.lanes,
        x: floats(x), count: units, out: out)
    }
  }
}

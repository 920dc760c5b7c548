// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops
package import Kernels

/// The three passes over one observation: forward, back, and forward along a direction.
extension ConvolutionalNetwork {
  package func forward(_ batch: ObservationBatch, _ t: Int) -> Outputs {
    propagate(batch, t)
    return head.propagateOutputs()
  }

  package func accumulate(
    into block: AlignedFloats, _ batch: ObservationBatch, _ t: Int,
    weigh: (Outputs, UnsafeMutablePointer<Float>) -> Bool
  ) {
    let entries = propagate(batch, t)
    guard weigh(head.propagateOutputs(), head.gradients) else { return }
    backpropagate(into: block, entries, Outputs(head.gradients))
  }

  package func finishGradient(_ block: AlignedFloats) {
    head.finishGradient(block)
    window.flush(into: block, kernels: kernels)
    if hasBias { addBackgroundGradient(to: block) }
  }

  package func tangent(
    along direction: AlignedFloats, _ batch: ObservationBatch, _ t: Int
  ) -> Outputs {
    let (w, u) = (parameters.lanes, direction.lanes)
    var below = propagate(batch, t)
    for (l, map) in maps.enumerated() {
      let layer = layers[l]
      map.beginTangents()
      map.addTangents(
        layer, weights: u + layer.weights, input: below, values: below.values, kernels)
      if l > 0 {
        map.addTangents(
          layer, weights: w + layer.weights, input: below, values: maps[l &- 1].valueTangents,
          kernels)
      }
      map.listTangents(kernels)
      below = map.listing
    }
    let (first, map) = (head.layout.first, maps[maps.count &- 1])
    let change = head.delta[0]
    change.update(from: backgroundTangent, count: first.lanes)
    kernels.addListedRows(
      weights: u + first.weights, lanes: first.lanes, rows: below.rows, values: below.values,
      count: map.entryCount, out: change)
    kernels.addListedRows(
      weights: w + first.weights, lanes: first.lanes, rows: below.rows, values: map.valueTangents,
      count: map.entryCount, out: change)
    return head.tangentOutputs(along: direction)
  }

  /// All units for observation `t`; returns its entries.
  @discardableResult
  private func propagate(_ batch: ObservationBatch, _ t: Int) -> MapListing {
    let w = parameters.lanes
    let entries = input.listing(batch, t)
    var below = entries
    for (l, map) in maps.enumerated() {
      map.begin()
      map.add(layers[l], weights: w + layers[l].weights, input: below, kernels)
      map.list(kernels)
      below = map.listing
    }
    let first = head.layout.first
    head.sums[0].update(from: background, count: first.lanes)
    kernels.addListedRows(
      weights: w + first.weights, lanes: first.lanes, rows: below.rows, values: below.values,
      count: maps[maps.count &- 1].entryCount, out: head.sums[0])
    head.propagateHidden()
    return entries
  }

  /// After `propagate` for the same observation.
  private func backpropagate(
    into block: AlignedFloats, _ entries: MapListing, _ gradients: Outputs
  ) {
    let (w, g) = (parameters.lanes, block.lanes)
    let (first, last) = (head.layout.first, maps[maps.count &- 1])
    let (listing, count) = (last.listing, last.entryCount)
    let vector = window.vector(entries: count, sums: block, kernels: kernels)
    head.backpropagateOutputs(into: block, gradients, input: vector)
    if hasBias { for v in 0..<first.lanes { totals[v] += vector[v] } }
    kernels.listedDots(
      weights: w + first.weights, lanes: first.lanes, rows: listing.rows, count: count,
      vector: vector, out: last.gradients)
    window.add(listing.rows, times: listing.values, count: count)
    for l in stride(from: maps.count &- 1, through: 0, by: -1) {
      let (map, layer) = (maps[l], layers[l])
      map.spread(kernels)
      let below = l > 0 ? maps[l &- 1].listing : entries
      kernels.addConvolutionGradient(
        layer.form, sums: g + layer.weights, reaches: layer.reaches, input: below,
        deltas: map.deltas)
      if l > 0 {
        kernels.convolutionDots(
          layer.form, weights: w + layer.weights, reaches: layer.reaches, input: below,
          deltas: map.deltas, out: maps[l &- 1].gradients)
      }
    }
  }
}

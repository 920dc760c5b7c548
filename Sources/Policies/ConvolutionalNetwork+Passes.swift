// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops
package import Kernels

/// The three passes over one observation: forward, back, and forward along a direction.
///
/// Forward, the head's first units are those of the background and, for each of the observation's
/// components, its response, which is computed once. Back, ∂J of these units is gathered for the
/// components that were there; it is taken on through the convolutions once for each, when the
/// gradient is finished or the table is full.
extension ConvolutionalNetwork {
  package func forward(_ batch: ObservationBatch, _ t: Int) -> Outputs {
    propagate(batch, t)
    return head.propagateOutputs()
  }

  package func accumulate(
    into block: AlignedFloats, _ batch: ObservationBatch, _ t: Int,
    weigh: (Outputs, UnsafeMutablePointer<Float>) -> Bool
  ) {
    beginGradient(block)
    propagate(batch, t)
    guard weigh(head.propagateOutputs(), head.gradients) else { return }
    backpropagate(into: block, Outputs(head.gradients))
  }

  package func finishGradient(_ block: AlignedFloats) {
    head.finishGradient(block)
    guard pending === block else { return }
    fold(into: block)
    pending = nil
    if hasBias { addBackgroundGradient(to: block) }
  }

  package func tangent(
    along direction: AlignedFloats, _ batch: ObservationBatch, _ t: Int
  ) -> Outputs {
    propagate(batch, t)
    for component in table.tangentCount..<table.count {
      computeTangent(of: component, along: direction)
    }
    table.tangentCount = table.count
    sumFound(responseTangents, base: backgroundTangent, out: head.delta[0])
    return head.tangentOutputs(along: direction)
  }

  // MARK: Observations

  /// The head's units for observation `t`.
  private func propagate(_ batch: ObservationBatch, _ t: Int) {
    if table.isFull { makeRoom() }
    let known = table.count
    switch form.entries {
    case .signs:
      let row = batch.signs.rows[t]
      table.find(
        signs: batch.signs.indices(of: row), plus: Int(row.plus), total: Int(row.total))
    case .numbers:
      batch.numbers.withUnsafeBufferPointer { x in
        let first = x.start + t &* form.count
        var lit = 0
        for i in 0..<form.count where first[i] != 0 {
          places[lit] = Int32(truncatingIfNeeded: i)
          lit &+= 1
        }
        table.find(lit) { (first[Int(places[$0])], Int(places[$0])) }
      }
    }
    for component in known..<table.count {
      propagate(component)
      let (first, last) = (head.layout.first, maps[maps.count &- 1])
      let response = responses + component &* first.lanes
      for v in 0..<first.lanes { response[v] = .zero }
      addListed(last.listing.values, weights: parameters, to: response)
    }
    sumFound(responses, base: background, out: head.sums[0])
    head.propagateHidden()
  }

  /// After `propagate` for the same observation.
  private func backpropagate(into block: AlignedFloats, _ gradients: Outputs) {
    let lanes = head.layout.first.lanes
    head.backpropagateOutputs(into: block, gradients, input: delta)
    if hasBias { for v in 0..<lanes { totals[v] += delta[v] } }
    table.addFound { component in
      for v in 0..<lanes { (gathered + component &* lanes)[v] = .zero }
    }
    kernels.spreadRow(
      delta, lanes: lanes, indices: table.found, count: table.foundCount, over: gathered)
  }

  /// `out = base + Σ rows` over the observation's components.
  @inline(__always)
  private func sumFound(
    _ rows: UnsafePointer<Lane>, base: UnsafePointer<Lane>, out: UnsafeMutablePointer<Lane>
  ) {
    kernels.addColumns(
      weights: rows, lanes: head.layout.first.lanes, base: base, indices: table.found,
      plus: table.foundCount, total: table.foundCount, out: out)
  }

  /// Begins a gradient, or folds it when it has many components.
  ///
  /// It has half of the table to itself: so what was played before does not decide when it is
  /// folded, on which the order of sums depends.
  @inline(__always)
  private func beginGradient(_ block: AlignedFloats) {
    if pending === block {
      if table.hasManyMembers { makeRoom() }
    } else {
      precondition(pending == nil, "two gradients at once")
      if table.isHalfFull { table.removeAll() }
      table.beginGradient()
      pending = block
    }
  }

  /// Forgets all components, after the gradient has what they gathered.
  private func makeRoom() {
    if let pending { fold(into: pending) }
    table.removeAll()
    table.beginGradient()
  }

  // MARK: Components

  /// All units of the convolutions for a component; returns its entries.
  @discardableResult
  private func propagate(_ component: Int) -> MapListing {
    let w = parameters.lanes
    let entries = input.listing(table.entries(of: component))
    var below = entries
    for (l, map) in maps.enumerated() {
      map.begin()
      map.add(layers[l], weights: w + layers[l].weights, input: below, kernels)
      map.list(kernels)
      below = map.listing
    }
    return entries
  }

  private func computeTangent(of component: Int, along direction: AlignedFloats) {
    let (w, u) = (parameters.lanes, direction.lanes)
    var below = propagate(component)
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
    let lanes = head.layout.first.lanes
    let change = responseTangents + component &* lanes
    for v in 0..<lanes { change[v] = .zero }
    addListed(below.values, weights: direction, to: change)
    addListed(maps[maps.count &- 1].valueTangents, weights: parameters, to: change)
  }

  /// `out += Σ values · weights` over what the last map lists, through the head's first weights.
  private func addListed(
    _ values: UnsafePointer<Float>, weights: AlignedFloats, to out: UnsafeMutablePointer<Lane>
  ) {
    let (first, last) = (head.layout.first, maps[maps.count &- 1])
    kernels.addListedRows(
      weights: weights.lanes + first.weights, lanes: first.lanes, rows: last.listing.rows,
      values: values, count: last.entryCount, out: out)
  }

  /// Takes what the gradient's components gathered back through the convolutions.
  private func fold(into block: AlignedFloats) {
    let (w, g) = (parameters.lanes, block.lanes)
    let (first, last) = (head.layout.first, maps[maps.count &- 1])
    for i in 0..<table.memberCount {
      let component = Int(table.members[i])
      let entries = propagate(component)
      let (listing, count) = (last.listing, last.entryCount)
      let vector = window.vector(entries: count, sums: block, kernels: kernels)
      vector.update(from: gathered + component &* first.lanes, count: first.lanes)
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
    window.flush(into: block, kernels: kernels)
  }
}

// SPDX-License-Identifier: MIT

import KernelLoops
import Kernels

/// The gradient of a network with one hidden layer and one output over sparse observations, from the
/// gates of its units alone; see `docs/decisions/0009-order-of-sums.md`.
///
/// With M_dh = Σ_t g_t · x_td · gate_th it is ∂J/∂W1_dh = w2_h · M_dh and
/// ∂J/∂w2_h = Σ_d W1_dh · M_dh: no unit is computed again. M is summed row by row, so a row is
/// complete, and a step can be taken with it, before the next begins. Where rows of the batch are
/// frames F_t, x_t = F_t − F_{t−1} and M_d = Σ_t F_td · (g_t · gate_t − g_{t+1} · gate_{t+1}).
final class GatedGradient {
  private let layout: NetworkLayout
  /// For each input the patterns that it is lit in.
  private let patternsOf: [[UInt16]]
  private let patternSums: AlignedFloats
  private let patternCount: Int
  private let columns: SparseColumns
  /// Of observations that came with no gates of their own.
  private let ownGates: GateBatch
  private var source: GateBatch
  /// What the observations are of; nil where nothing was added.
  private var batch: SparseSignBatch?
  /// g_t, shape `[T + 1]`; 0 where t was not added.
  private var values: [Float] = []
  /// By twice an observation's number, and one more: see `LaneLoops.sumGated`.
  private var tables: [GateTable] = []

  /// Inputs that are summed by one thread without a break.
  private static let part = 128

  init(_ layout: NetworkLayout, patterns: [[UInt16]]) {
    self.layout = layout
    let inputs = layout.first.inputs
    var lists = [[UInt16]](repeating: [], count: inputs)
    for (k, pattern) in patterns.enumerated() {
      for entry in pattern { lists[Int(entry)].append(UInt16(k)) }
    }
    patternsOf = lists
    patternCount = patterns.count
    patternSums = AlignedFloats(count: max(1, patternCount) * layout.first.lanes * 8)
    columns = SparseColumns(rows: inputs + patternCount)
    ownGates = GateBatch(lanes: layout.first.lanes)
    source = ownGates
  }

  var isEmpty: Bool { batch == nil }

  /// Adds an observation with ∂J/∂out and the units that fire.
  func add(_ batch: SparseSignBatch, _ t: Int, _ g: Float, gates: UnsafePointer<Gate>) {
    begin(batch, ownGates)
    ownGates.set(t, gates)
    add(t, g)
  }

  /// What is added from here to `finish` are observations of this batch, whose gates have their
  /// numbers.
  func begin(_ batch: SparseSignBatch, _ gates: GateBatch) {
    if isEmpty {
      (self.batch, source) = (batch, gates)
      values.removeAll(keepingCapacity: true)
      values.append(contentsOf: repeatElement(0, count: batch.count + 1))
    }
    precondition(source === gates && self.batch === batch, "one gradient of two batches")
  }

  /// Adds an observation with ∂J/∂out.
  @inline(__always)
  func add(_ t: Int, _ g: Float) { values[t] += g }

  /// What each observation's gates choose from.
  private func writeTables(_ batch: SparseSignBatch) {
    tables.removeAll(keepingCapacity: true)
    for t in 0..<batch.count {
      let (g, following) = (values[t], values[t &+ 1])
      let isNextOfFrames =
        if t &+ 1 < batch.count, case .frame = batch.rows[t &+ 1].kind { true } else { false }
      switch batch.rows[t].kind {
      case .signs:
        tables.append(GateTable(0, g, 0, g))
        tables.append(GateTable(0, -g, 0, -g))
      case .firstFrame, .frame:
        let x = if case .frame = batch.rows[t].kind { g } else { Float(0) }
        let y = isNextOfFrames ? -following : 0
        let z = x + y
        tables.append(GateTable(0, x, y, z))
        // Biases see the observation, not the frame.
        tables.append(GateTable(0, g, 0, g))
      }
    }
  }

  /// Gives each part of the gradient to `step`, and forgets what was added. Every part is complete
  /// before any θ that it needs is changed.
  ///
  /// - Parameters:
  ///   - parameters: θ, changed by `step` only.
  ///   - step: see `Model.finishGradient`; it leaves the part it was given all zero.
  func finish(
    _ parameters: UnsafeMutablePointer<Lane>, hasBias: Bool, _ kernels: LaneKernels,
    _ team: ThreadTeam, step: PartStep
  ) -> StepSquares {
    guard let batch else { return (0, 0) }
    writeTables(batch)
    columns.sort(batch) { values[$0] != 0 || values[$0 &+ 1] != 0 }
    let (first, lanes) = (layout.first, layout.first.lanes)
    let parts = (first.inputs + Self.part - 1) / Self.part
    // Of each thread a row of M; of each part its share of ∂J/∂w2.
    let memory = Memory()
    let rows: UnsafeMutablePointer<Lane> = memory.zeros(team.count * lanes)
    let shares: UnsafeMutablePointer<Lane> = memory.zeros((parts + 1) * lanes)
    let squares: UnsafeMutablePointer<StepSquares> = memory.zeros(parts + 1)
    let head: UnsafeMutablePointer<Lane> = memory.zeros(first.weights)
    let outputs = parameters + layout.outputs
    tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return }
      let gates = UnsafePointer(source.gates)
      func sum(_ events: UnsafeBufferPointer<UInt32>, _ out: UnsafeMutablePointer<Lane>) {
        guard let start = events.baseAddress else { return }
        kernels.sumGated(
          events: start, count: events.count, tables: tables, gates: gates, lanes: lanes, out: out)
      }
      team.share(patternCount) { k, _ in
        sum(columns.events(of: first.inputs + k), patternSums.lanes + k * lanes)
      }
      team.share(parts) { part, thread in
        let row = rows + thread * lanes
        var total: StepSquares = (0, 0)
        for d in part * Self.part..<min(first.inputs, (part + 1) * Self.part) {
          let (events, lit) = (columns.events(of: d), patternsOf[d])
          let lane = first.weights + d * lanes
          let isZero = events.isEmpty && lit.isEmpty
          if !isZero {
            sum(events, row)
            if !lit.isEmpty {
              kernels.addColumns(
                weights: patternSums.lanes, lanes: lanes, base: row, indices: lit,
                plus: lit.count, total: lit.count, out: row)
            }
            kernels.finishRow(
              row, weights: parameters + lane, outputs: outputs,
              outputSums: shares + part * lanes, lanes: lanes)
          }
          add(step(lane, row, lanes, isZero), to: &total)
        }
        squares[part] = total
      }
      if hasBias {
        let all = batch.rows.indices.map { t in
          UInt32(truncatingIfNeeded: 2 * t + (batch.rows[t].kind == .signs ? 0 : 1))
        }
        all.withUnsafeBufferPointer { sum($0, head) }
        kernels.finishRow(
          head, weights: parameters + first.biases, outputs: outputs,
          outputSums: shares + parts * lanes, lanes: lanes)
        head[layout.outputBiases][0] = values.reduce(0, +)
      }
    }
    for part in 0...parts {
      for v in 0..<lanes { head[layout.outputs + v] += shares[part * lanes + v] }
    }
    squares[parts] = step(0, head, first.weights, false)
    ownGates.removeAll()
    (self.batch, source) = (nil, ownGates)
    return (0...parts).reduce(into: (0, 0)) { add(squares[$1], to: &$0) }
  }

  @inline(__always)
  private func add(_ squares: StepSquares, to total: inout StepSquares) {
    total.gradient += squares.gradient
    total.parameters += squares.parameters
  }
}

// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops
import Kernels

/// The outputs of a convolution for one observation, in the form in which nearly nothing of them
/// need be computed: positions that see something, and what all others have in common.
///
/// A position none of whose inputs differs from the background has the background's outputs. What
/// is sent on is the list of the differences, max(0, sum) − max(0, background), of touched
/// positions.
final class ConvolutionMap {
  let units: Int
  let lanes: Int
  /// For one observation, shape `[P, V]`: the units before the ReLU, how they change along a
  /// direction, and ∂J; valid where touched.
  let sums, tangents, deltas: UnsafeMutablePointer<Lane>
  /// Of an untouched position, shape `[V]`: the units before the ReLU and after it, and how both
  /// change along the direction prepared last. All 0 without biases.
  let background, rectified, backgroundTangent, rectifiedTangent: UnsafeMutablePointer<Lane>
  /// Over the observations of a gradient, shape `[V]`: ∂J of touched positions, and that part of
  /// the gradient of the background's units which they have taken over.
  let totals, shares: UnsafeMutablePointer<Lane>
  private let scratch: UnsafeMutablePointer<Lane>
  private let memory = Memory()

  private let stamps: UnsafeMutablePointer<UInt32>
  private var stamp: UInt32 = 0
  private let positionCount: Int
  private let touched, rows: UnsafeMutablePointer<UInt16>
  private let starts: UnsafeMutablePointer<Int32>
  private let values: UnsafeMutablePointer<Float>
  /// Of the listed values: how they change along a direction, and ∂J.
  let valueTangents, gradients: UnsafeMutablePointer<Float>
  /// Which units fired anywhere, and which fire in the background, a bit a unit.
  let fired, backgroundMasks: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  /// - Parameters:
  ///   - positions: P, of the output.
  ///   - units: F, of a position.
  init(positions: Int, units: Int) {
    self.units = units
    let lanes = (units + 7) / 8
    self.lanes = lanes
    positionCount = positions
    (sums, tangents) = (memory.zeros(positions * lanes), memory.zeros(positions * lanes))
    deltas = memory.zeros(positions * lanes)
    (background, rectified) = (memory.zeros(lanes), memory.zeros(lanes))
    (backgroundTangent, rectifiedTangent) = (memory.zeros(lanes), memory.zeros(lanes))
    (totals, shares, scratch) = (memory.zeros(lanes), memory.zeros(lanes), memory.zeros(lanes))
    (stamps, touched) = (memory.zeros(positions), memory.zeros(positions))
    starts = memory.zeros(positions + 1)
    (rows, values) = (memory.zeros(positions * units), memory.zeros(positions * units))
    valueTangents = memory.zeros(positions * units)
    gradients = memory.zeros(positions * units)
    (fired, backgroundMasks) = (memory.zeros(lanes), memory.zeros(lanes))
  }

  /// What differs from the background.
  var listing: MapListing {
    MapListing(
      count: Int32(truncatingIfNeeded: count), positions: touched, starts: starts, rows: rows,
      values: values)
  }

  /// Entries of the list.
  var entryCount: Int { Int(starts[count]) }

  /// Forgets the observation before.
  func begin() {
    stamp &+= 1
    if stamp == 0 {
      stamps.update(repeating: 0, count: positionCount)
      stamp = 1
    }
    count = 0
  }

  /// Adds the convolution of what is listed below.
  func add(
    _ layer: ConvolutionLayer, weights: UnsafePointer<Lane>, input: MapListing,
    _ kernels: LaneKernels
  ) {
    count = kernels.convolve(
      layer.form, weights: weights, reaches: layer.reaches, input: input, values: input.values,
      background: background, stamps: stamps, stamp: stamp, touched: touched, count: count,
      sums: sums)
  }

  /// Adds the same to the tangents, of `values` in place of those listed; no new position is
  /// touched.
  func addTangents(
    _ layer: ConvolutionLayer, weights: UnsafePointer<Lane>, input: MapListing,
    values: UnsafePointer<Float>, _ kernels: LaneKernels
  ) {
    _ = kernels.convolve(
      layer.form, weights: weights, reaches: layer.reaches, input: input, values: values,
      background: backgroundTangent, stamps: stamps, stamp: stamp, touched: touched, count: count,
      sums: tangents)
  }

  /// Puts the tangents of touched positions to the background's.
  func beginTangents() {
    for i in 0..<count {
      let here = tangents + Int(touched[i]) &* lanes
      here.update(from: backgroundTangent, count: lanes)
    }
  }

  /// Lists what is sent on.
  func list(_ kernels: LaneKernels) {
    kernels.listRectified(
      sums: sums, lanes: lanes, units: units, background: rectified,
      backgroundMasks: backgroundMasks, positions: touched, count: count, fired: fired,
      scratch: scratch, starts: starts, rows: rows, values: values)
  }

  /// How the listed values change.
  func listTangents(_ kernels: LaneKernels) {
    kernels.listTangents(
      sums: sums, tangents: tangents, lanes: lanes, units: units, background: rectifiedTangent,
      listing: listing, scratch: scratch, out: valueTangents)
  }

  /// Brings `gradients` back to `deltas`.
  func spread(_ kernels: LaneKernels) {
    kernels.spreadListed(
      gradients: gradients, listing: listing, sums: sums, lanes: lanes, units: units,
      background: rectified, deltas: deltas, totals: totals, shares: shares)
  }
}

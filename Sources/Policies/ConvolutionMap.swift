// SPDX-License-Identifier: MIT

import CLanes
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
  private let memory: [AlignedFloats]

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
    let large = (0..<3).map { _ in AlignedFloats(count: positions * lanes * 8) }
    let small = (0..<7).map { _ in AlignedFloats(count: lanes * 8) }
    memory = large + small
    (sums, tangents, deltas) = (large[0].lanes, large[1].lanes, large[2].lanes)
    (background, rectified) = (small[0].lanes, small[1].lanes)
    (backgroundTangent, rectifiedTangent) = (small[2].lanes, small[3].lanes)
    (totals, shares, scratch) = (small[4].lanes, small[5].lanes, small[6].lanes)
    stamps = zeros(positions)
    touched = zeros(positions)
    rows = zeros(positions * units)
    starts = zeros(positions + 1)
    values = zeros(positions * units)
    valueTangents = zeros(positions * units)
    gradients = zeros(positions * units)
    fired = zeros(lanes)
    backgroundMasks = zeros(lanes)
  }

  deinit {
    stamps.deallocate()
    touched.deallocate()
    rows.deallocate()
    starts.deallocate()
    values.deallocate()
    valueTangents.deallocate()
    gradients.deallocate()
    fired.deallocate()
    backgroundMasks.deallocate()
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

/// Room for `count` numbers, all 0.
func zeros<Number: FixedWidthInteger>(_ count: Int) -> UnsafeMutablePointer<Number> {
  let memory = UnsafeMutablePointer<Number>.allocate(capacity: count)
  memory.initialize(repeating: 0, count: count)
  return memory
}

func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
  let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
  memory.initialize(repeating: 0, count: count)
  return memory
}

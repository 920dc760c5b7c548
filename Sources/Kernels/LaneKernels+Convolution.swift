// SPDX-License-Identifier: MIT

package import CLanes
import KernelsAVX2
import KernelsBaseline

package typealias ConvolutionReach = rallybook_reach
package typealias ConvolutionForm = rallybook_convolution
package typealias MapListing = rallybook_listing

/// Convolutions over maps that are background but for a list of entries.
extension LaneKernels {
  /// See `KernelsBaseline.convolve`.
  package func convolve(
    _ form: ConvolutionForm, weights: UnsafePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, values: UnsafePointer<Float>,
    background: UnsafePointer<Lane>, stamps: UnsafeMutablePointer<UInt32>, stamp: UInt32,
    touched: UnsafeMutablePointer<UInt16>, count: Int, sums: UnsafeMutablePointer<Lane>
  ) -> Int {
    isWide
      ? KernelsAVX2.convolve(
        form, weights: weights, reaches: reaches, input: input, values: values,
        background: background, stamps: stamps, stamp: stamp, touched: touched, count: count,
        sums: sums)
      : KernelsBaseline.convolve(
        form, weights: weights, reaches: reaches, input: input, values: values,
        background: background, stamps: stamps, stamp: stamp, touched: touched, count: count,
        sums: sums)
  }

  /// See `KernelsBaseline.addConvolutionGradient`.
  package func addConvolutionGradient(
    _ form: ConvolutionForm, sums: UnsafeMutablePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, deltas: UnsafePointer<Lane>
  ) {
    if isWide {
      KernelsAVX2.addConvolutionGradient(
        form, sums: sums, reaches: reaches, input: input, deltas: deltas)
    } else {
      KernelsBaseline.addConvolutionGradient(
        form, sums: sums, reaches: reaches, input: input, deltas: deltas)
    }
  }

  /// See `KernelsBaseline.convolutionDots`.
  package func convolutionDots(
    _ form: ConvolutionForm, weights: UnsafePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, deltas: UnsafePointer<Lane>,
    out: UnsafeMutablePointer<Float>
  ) {
    if isWide {
      KernelsAVX2.convolutionDots(
        form, weights: weights, reaches: reaches, input: input, deltas: deltas, out: out)
    } else {
      KernelsBaseline.convolutionDots(
        form, weights: weights, reaches: reaches, input: input, deltas: deltas, out: out)
    }
  }

  /// See `KernelsBaseline.addListedRows`.
  package func addListedRows(
    weights: UnsafePointer<Lane>, lanes: Int, rows: UnsafePointer<UInt16>,
    values: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Lane>
  ) {
    if isWide {
      KernelsAVX2.addListedRows(
        weights: weights, lanes: lanes, rows: rows, values: values, count: count, out: out)
    } else {
      KernelsBaseline.addListedRows(
        weights: weights, lanes: lanes, rows: rows, values: values, count: count, out: out)
    }
  }

  /// See `KernelsBaseline.listedDots`.
  package func listedDots(
    weights: UnsafePointer<Lane>, lanes: Int, rows: UnsafePointer<UInt16>, count: Int,
    vector: UnsafePointer<Lane>, out: UnsafeMutablePointer<Float>
  ) {
    if isWide {
      KernelsAVX2.listedDots(
        weights: weights, lanes: lanes, rows: rows, count: count, vector: vector, out: out)
    } else {
      KernelsBaseline.listedDots(
        weights: weights, lanes: lanes, rows: rows, count: count, vector: vector, out: out)
    }
  }

  /// See `KernelsBaseline.listRectified`.
  package func listRectified(
    sums: UnsafePointer<Lane>, lanes: Int, units: Int, background: UnsafePointer<Lane>,
    backgroundMasks: UnsafePointer<UInt8>, positions: UnsafePointer<UInt16>, count: Int,
    fired: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutablePointer<Lane>,
    starts: UnsafeMutablePointer<Int32>, rows: UnsafeMutablePointer<UInt16>,
    values: UnsafeMutablePointer<Float>
  ) {
    if isWide {
      KernelsAVX2.listRectified(
        sums: sums, lanes: lanes, units: units, background: background,
        backgroundMasks: backgroundMasks, positions: positions, count: count, fired: fired,
        scratch: scratch, starts: starts, rows: rows, values: values)
    } else {
      KernelsBaseline.listRectified(
        sums: sums, lanes: lanes, units: units, background: background,
        backgroundMasks: backgroundMasks, positions: positions, count: count, fired: fired,
        scratch: scratch, starts: starts, rows: rows, values: values)
    }
  }

  /// See `KernelsBaseline.listTangents`.
  package func listTangents(
    sums: UnsafePointer<Lane>, tangents: UnsafePointer<Lane>, lanes: Int, units: Int,
    background: UnsafePointer<Lane>, listing: MapListing, scratch: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Float>
  ) {
    KernelsBaseline.listTangents(
      sums: sums, tangents: tangents, lanes: lanes, units: units, background: background,
      listing: listing, scratch: scratch, out: out)
  }

  /// See `KernelsBaseline.spreadListed`.
  package func spreadListed(
    gradients: UnsafePointer<Float>, listing: MapListing, sums: UnsafePointer<Lane>, lanes: Int,
    units: Int, background: UnsafePointer<Lane>, deltas: UnsafeMutablePointer<Lane>,
    totals: UnsafeMutablePointer<Lane>, shares: UnsafeMutablePointer<Lane>
  ) {
    if isWide {
      KernelsAVX2.spreadListed(
        gradients: gradients, listing: listing, sums: sums, lanes: lanes, units: units,
        background: background, deltas: deltas, totals: totals, shares: shares)
    } else {
      KernelsBaseline.spreadListed(
        gradients: gradients, listing: listing, sums: sums, lanes: lanes, units: units,
        background: background, deltas: deltas, totals: totals, shares: shares)
    }
  }
}

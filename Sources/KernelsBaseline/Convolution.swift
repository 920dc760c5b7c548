// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

extension Loops {
  package static func convolve(
    _ form: ConvolutionForm, weights: UnsafePointer<Lane>, reaches: UnsafePointer<ConvolutionReach>,
    input: MapListing, values: UnsafePointer<Float>, background: UnsafePointer<Lane>,
    stamps: UnsafeMutablePointer<UInt32>, stamp: UInt32, touched: UnsafeMutablePointer<UInt16>,
    count: Int, sums: UnsafeMutablePointer<Lane>
  ) -> Int {
    let lanes = Int(form.lanes)
    var number = count
    forEachReach(form, reaches, input) { position, offset, first, entries in
      let out = sums + position &* lanes
      if stamps[position] != stamp {
        stamps[position] = stamp
        touched[number] = UInt16(truncatingIfNeeded: position)
        number &+= 1
        for v in 0..<lanes { out[v] = background[v] }
      }
      if form.tapRows == 1 {
        addRow(
          weights + (offset &+ Int(input.rows[first])) &* lanes, lanes, times: values[first],
          to: out)
      } else {
        addListed(
          weights + offset &* lanes, lanes, input.rows + first, values + first, entries, out)
      }
    }
    return number
  }

  package static func addConvolutionGradient(
    _ form: ConvolutionForm, sums: UnsafeMutablePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, deltas: UnsafePointer<Lane>
  ) {
    let lanes = Int(form.lanes)
    forEachReach(form, reaches, input) { position, offset, first, entries in
      let delta = deltas + position &* lanes
      if form.tapRows == 1 {
        addRow(
          delta, lanes, times: input.values[first],
          to: sums + (offset &+ Int(input.rows[first])) &* lanes)
      } else {
        addListedOuter(
          sums + offset &* lanes, lanes, input.rows + first, input.values + first, entries, delta)
      }
    }
  }

  package static func convolutionDots(
    _ form: ConvolutionForm, weights: UnsafePointer<Lane>, reaches: UnsafePointer<ConvolutionReach>,
    input: MapListing, deltas: UnsafePointer<Lane>, out: UnsafeMutablePointer<Float>
  ) {
    let lanes = Int(form.lanes)
    for i in 0..<Int(input.count) {
      let (first, end) = (Int(input.starts[i]), Int(input.starts[i &+ 1]))
      let position = Int(input.positions[i])
      let reach = reaches[position]
      for entry in first..<end {
        let row = Int(input.rows[entry])
        var sum = Lane.zero
        forEachReach(form, reach, of: position) { reached, offset in
          let (w, x) = (weights + (offset &+ row) &* lanes, deltas + reached &* lanes)
          for v in 0..<lanes { sum += w[v] * x[v] }
        }
        out[entry] = horizontalSum(sum)
      }
    }
  }
}

/// `out += row · x`; mostly there are 16 filters.
@inline(__always)
private func addRow(
  _ row: UnsafePointer<Lane>, _ lanes: Int, times x: Float, to out: UnsafeMutablePointer<Lane>
) {
  if lanes == 2 {
    out[0] += row[0] * x
    out[1] += row[1] * x
  } else {
    for v in 0..<lanes { out[v] += row[v] * x }
  }
}

/// Calls `body` with each output position that a listed position reaches, with what is added to an
/// entry's row to give its row of weights there, and with the place and number of the entries.
@inline(__always)
private func forEachReach(
  _ form: ConvolutionForm, _ reaches: UnsafePointer<ConvolutionReach>, _ input: MapListing,
  _ body: (_ position: Int, _ offset: Int, _ first: Int, _ entries: Int) -> Void
) {
  for i in 0..<Int(input.count) {
    let first = Int(input.starts[i])
    let entries = Int(input.starts[i &+ 1]) &- first
    if entries > 0 {
      let position = Int(input.positions[i])
      forEachReach(form, reaches[position], of: position) { body($0, $1, first, entries) }
    }
  }
}

@inline(__always)
private func forEachReach(
  _ form: ConvolutionForm, _ reach: ConvolutionReach, of position: Int,
  _ body: (_ position: Int, _ offset: Int) -> Void
) {
  let (across, stride, tapRows) = (Int(form.across), Int(form.stride), Int(form.tapRows))
  var (top, topTap) = (Int(reach.position), Int(reach.tap))
  for _ in 0..<Int(reach.rows) {
    var (reached, tap) = (top, topTap)
    for _ in 0..<Int(reach.columns) {
      body(reached, (tap &- position) &* tapRows)
      reached &+= 1
      tap &-= stride
    }
    top &+= across
    topTap &-= stride &* Int(form.kernel)
  }
}

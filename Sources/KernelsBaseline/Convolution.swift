// SPDX-License-Identifier: MIT

package import CLanes

package typealias ConvolutionReach = rallybook_reach
package typealias ConvolutionForm = rallybook_convolution
package typealias MapListing = rallybook_listing

/// Adds the responses to every listed entry of a map to the output positions that it reaches:
/// `sums[p, f] += Σ values · weights[tap, channel, f]`.
///
/// Work is proportional to what is listed. A position that is reached for the first time in an
/// observation begins at the background and is appended to `touched`.
///
/// - Parameters:
///   - weights: shape `[taps, channels, V]` lanes.
///   - reaches: of every input position.
///   - values: of the listed entries; those of `input`, or others in their place.
///   - background: shape `[V]`, what a position answers to an input that is all background.
///   - stamps: shape `[P]`; `stamp` where a position has been touched.
///   - touched: the positions touched, `count` of them before.
///   - sums: shape `[P, V]`; accumulated into where touched.
/// - Returns: how many positions are touched now.
package func convolve(
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
      var v = 0
      while v < lanes {
        out[v] = background[v]
        v &+= 1
      }
    }
    addListed(
      weights + offset &* lanes, lanes, input.rows + first, values + first, entries, out)
  }
  return number
}

/// Adds ∂J/∂weights of a convolution: `sums[tap, channel, f] += Σ values · deltas[p, f]`.
///
/// - Parameter deltas: shape `[P, V]`, ∂J/∂sums at the positions that `input` reaches.
package func addConvolutionGradient(
  _ form: ConvolutionForm, sums: UnsafeMutablePointer<Lane>,
  reaches: UnsafePointer<ConvolutionReach>, input: MapListing, deltas: UnsafePointer<Lane>
) {
  let lanes = Int(form.lanes)
  forEachReach(form, reaches, input) { position, offset, first, entries in
    addListedOuter(
      sums + offset &* lanes, lanes, input.rows + first, input.values + first, entries,
      deltas + position &* lanes)
  }
}

/// The way back through a convolution, for listed entries only:
/// `out[i] = Σ_(p, tap) Σ_f weights[tap, channel, f] · deltas[p, f]`.
///
/// - Parameter out: an entry's ∂J/∂value, in the order of the list; overwritten.
package func convolutionDots(
  _ form: ConvolutionForm, weights: UnsafePointer<Lane>, reaches: UnsafePointer<ConvolutionReach>,
  input: MapListing, deltas: UnsafePointer<Lane>, out: UnsafeMutablePointer<Float>
) {
  let lanes = Int(form.lanes)
  var i = 0
  while i < Int(input.count) {
    let (first, end) = (Int(input.starts[i]), Int(input.starts[i &+ 1]))
    let position = Int(input.positions[i])
    let reach = reaches[position]
    var entry = first
    while entry < end {
      let row = Int(input.rows[entry])
      var sum = Lane.zero
      forEachReach(form, reach, of: position) { reached, offset in
        let (w, x) = (weights + (offset &+ row) &* lanes, deltas + reached &* lanes)
        var v = 0
        while v < lanes {
          sum += w[v] * x[v]
          v &+= 1
        }
      }
      out[entry] = horizontalSum(sum)
      entry &+= 1
    }
    i &+= 1
  }
}

/// Calls `body` with each output position that a listed position reaches, with what is added to an
/// entry's row to give its row of weights there, and with the place and number of the entries.
@inline(__always)
private func forEachReach(
  _ form: ConvolutionForm, _ reaches: UnsafePointer<ConvolutionReach>, _ input: MapListing,
  _ body: (_ position: Int, _ offset: Int, _ first: Int, _ entries: Int) -> Void
) {
  var i = 0
  while i < Int(input.count) {
    let first = Int(input.starts[i])
    let entries = Int(input.starts[i &+ 1]) &- first
    if entries > 0 {
      let position = Int(input.positions[i])
      forEachReach(form, reaches[position], of: position) { body($0, $1, first, entries) }
    }
    i &+= 1
  }
}

@inline(__always)
private func forEachReach(
  _ form: ConvolutionForm, _ reach: ConvolutionReach, of position: Int,
  _ body: (_ position: Int, _ offset: Int) -> Void
) {
  let (across, stride, tapRows) = (Int(form.across), Int(form.stride), Int(form.tapRows))
  var (top, topTap) = (Int(reach.position), Int(reach.tap))
  var y = 0
  while y < Int(reach.rows) {
    var (reached, tap) = (top, topTap)
    var x = 0
    while x < Int(reach.columns) {
      body(reached, (tap &- position) &* tapRows)
      reached &+= 1
      tap &-= stride
      x &+= 1
    }
    top &+= across
    topTap &-= stride &* Int(form.kernel)
    y &+= 1
  }
}

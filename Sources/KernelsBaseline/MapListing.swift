// SPDX-License-Identifier: MIT

internal import CLanes

/// Lists what the touched positions of a map send on: max(0, sum) minus the background's, for every
/// unit that fires there or in the background.
///
/// - Parameters:
///   - sums: shape `[P, V]`, before the ReLU.
///   - units: C, of a position; `lanes` hold them.
///   - background: shape `[V]`, max(0, ·) of what an untouched position has.
///   - backgroundMasks: shape `[V]` bytes, the units that fire there.
///   - positions: those touched.
///   - fired: shape `[V]` bytes; bits are set where a unit fires at any of them.
///   - scratch: shape `[V]`.
///   - starts: shape `[count + 1]`; overwritten, as are `rows` and `values`.
package func listRectified(
  sums: UnsafePointer<Lane>, lanes: Int, units: Int, background: UnsafePointer<Lane>,
  backgroundMasks: UnsafePointer<UInt8>, positions: UnsafePointer<UInt16>, count: Int,
  fired: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutablePointer<Lane>,
  starts: UnsafeMutablePointer<Int32>, rows: UnsafeMutablePointer<UInt16>,
  values: UnsafeMutablePointer<Float>
) {
  let floats = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Float.self)
  var number = 0
  var i = 0
  while i < count {
    starts[i] = Int32(truncatingIfNeeded: number)
    let position = Int(positions[i])
    let here = sums + position &* lanes
    var v = 0
    while v < lanes {
      let mask = rallybook_positive_mask(here[v])
      fired[v] |= mask
      scratch[v] = rectified(here[v]) - background[v]
      var bits = mask | backgroundMasks[v]
      while bits != 0 {
        let channel = v &* 8 &+ bits.trailingZeroBitCount
        rows[number] = UInt16(truncatingIfNeeded: position &* units &+ channel)
        values[number] = floats[channel]
        number &+= 1
        bits &= bits &- 1
      }
      v &+= 1
    }
    i &+= 1
  }
  starts[count] = Int32(truncatingIfNeeded: number)
}

/// How listed values change: the tangent where a unit fires, minus the background's.
///
/// - Parameters:
///   - sums, tangents: shape `[P, V]`.
///   - background: shape `[V]`, how max(0, ·) of the background changes.
///   - out: shape of the list; overwritten.
package func listTangents(
  sums: UnsafePointer<Lane>, tangents: UnsafePointer<Lane>, lanes: Int, units: Int,
  background: UnsafePointer<Lane>, listing: MapListing, scratch: UnsafeMutablePointer<Lane>,
  out: UnsafeMutablePointer<Float>
) {
  let floats = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Float.self)
  var i = 0
  while i < Int(listing.count) {
    let position = Int(listing.positions[i])
    let (z, change) = (sums + position &* lanes, tangents + position &* lanes)
    var v = 0
    while v < lanes {
      scratch[v] = change[v].replacing(with: 0, where: z[v] .<= 0) - background[v]
      v &+= 1
    }
    var entry = Int(listing.starts[i])
    while entry < Int(listing.starts[i &+ 1]) {
      out[entry] = floats[Int(listing.rows[entry]) &- position &* units]
      entry &+= 1
    }
    i &+= 1
  }
}

/// Brings the gradients of listed values back to the sums that they came from.
///
/// - Parameters:
///   - gradients: ∂J/∂value, in the order of the list.
///   - background: shape `[V]`, max(0, ·) of what an untouched position has.
///   - deltas: shape `[P, V]`; overwritten by ∂J/∂sum at every listed position.
///   - totals: shape `[V]`; Σ deltas is added.
///   - shares: shape `[V]`; of the units that fire in the background, Σ gradients is added.
package func spreadListed(
  gradients: UnsafePointer<Float>, listing: MapListing, sums: UnsafePointer<Lane>, lanes: Int,
  units: Int, background: UnsafePointer<Lane>, deltas: UnsafeMutablePointer<Lane>,
  totals: UnsafeMutablePointer<Lane>, shares: UnsafeMutablePointer<Lane>
) {
  var i = 0
  while i < Int(listing.count) {
    let position = Int(listing.positions[i])
    let (z, delta) = (sums + position &* lanes, deltas + position &* lanes)
    var v = 0
    while v < lanes {
      delta[v] = .zero
      v &+= 1
    }
    let floats = UnsafeMutableRawPointer(delta).assumingMemoryBound(to: Float.self)
    var entry = Int(listing.starts[i])
    while entry < Int(listing.starts[i &+ 1]) {
      floats[Int(listing.rows[entry]) &- position &* units] = gradients[entry]
      entry &+= 1
    }
    v = 0
    while v < lanes {
      shares[v] += delta[v].replacing(with: 0, where: background[v] .<= 0)
      delta[v] = delta[v].replacing(with: 0, where: z[v] .<= 0)
      totals[v] += delta[v]
      v &+= 1
    }
    i &+= 1
  }
}

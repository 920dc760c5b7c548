// SPDX-License-Identifier: MIT

import CLanes
package import KernelLoops

extension Loops {
  package static func listRectified(
    sums: UnsafePointer<Lane>, lanes: Int, units: Int, background: UnsafePointer<Lane>,
    backgroundMasks: UnsafePointer<UInt8>, positions: UnsafePointer<UInt16>, count: Int,
    fired: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutablePointer<Lane>,
    starts: UnsafeMutablePointer<Int32>, rows: UnsafeMutablePointer<UInt16>,
    values: UnsafeMutablePointer<Float>
  ) {
    let floats = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Float.self)
    var number = 0
    for i in 0..<count {
      starts[i] = Int32(truncatingIfNeeded: number)
      let position = Int(positions[i])
      let here = sums + position &* lanes
      for v in 0..<lanes {
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
      }
    }
    starts[count] = Int32(truncatingIfNeeded: number)
  }

  package static func listTangents(
    sums: UnsafePointer<Lane>, tangents: UnsafePointer<Lane>, lanes: Int, units: Int,
    background: UnsafePointer<Lane>, listing: MapListing, scratch: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Float>
  ) {
    let floats = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Float.self)
    for i in 0..<Int(listing.count) {
      let position = Int(listing.positions[i])
      let (z, change) = (sums + position &* lanes, tangents + position &* lanes)
      for v in 0..<lanes {
        scratch[v] = change[v].replacing(with: 0, where: z[v] .<= 0) - background[v]
      }
      var entry = Int(listing.starts[i])
      while entry < Int(listing.starts[i &+ 1]) {
        out[entry] = floats[Int(listing.rows[entry]) &- position &* units]
        entry &+= 1
      }
    }
  }

  package static func spreadListed(
    gradients: UnsafePointer<Float>, listing: MapListing, sums: UnsafePointer<Lane>, lanes: Int,
    units: Int, background: UnsafePointer<Lane>, deltas: UnsafeMutablePointer<Lane>,
    totals: UnsafeMutablePointer<Lane>, shares: UnsafeMutablePointer<Lane>
  ) {
    for i in 0..<Int(listing.count) {
      let position = Int(listing.positions[i])
      let (z, delta) = (sums + position &* lanes, deltas + position &* lanes)
      for v in 0..<lanes { delta[v] = .zero }
      let floats = UnsafeMutableRawPointer(delta).assumingMemoryBound(to: Float.self)
      var entry = Int(listing.starts[i])
      while entry < Int(listing.starts[i &+ 1]) {
        floats[Int(listing.rows[entry]) &- position &* units] = gradients[entry]
        entry &+= 1
      }
      for v in 0..<lanes {
        shares[v] += delta[v].replacing(with: 0, where: background[v] .<= 0)
        delta[v] = delta[v].replacing(with: 0, where: z[v] .<= 0)
        totals[v] += delta[v]
      }
    }
  }
}

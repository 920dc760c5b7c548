// SPDX-License-Identifier: MIT

/// `out = Σ_i block[indices[i]]`, whole rows.
package func sumRows(
  block: UnsafePointer<Lane>, lanes: Int, indices: UnsafePointer<UInt16>, count: Int,
  out: UnsafeMutablePointer<Lane>
) {
  var v = 0
  while v < lanes {
    var sum = Lane.zero
    var i = 0
    while i < count {
      sum += block[Int(indices[i]) &* lanes &+ v]
      i &+= 1
    }
    out[v] = sum
    v &+= 1
  }
}

/// `block[indices[i]] += row` for every i; `row` is cleared.
package func spreadRow(
  row: UnsafeMutablePointer<Lane>, lanes: Int, indices: UnsafePointer<UInt16>, count: Int,
  block: UnsafeMutablePointer<Lane>
) {
  var v = 0
  while v < lanes {
    let value = row[v]
    if value != .zero {
      var i = 0
      while i < count {
        block[Int(indices[i]) &* lanes &+ v] += value
        i &+= 1
      }
      row[v] = .zero
    }
    v &+= 1
  }
}

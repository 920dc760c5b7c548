// SPDX-License-Identifier: MIT

/// `y ← y + scale·x`; with the sum of the new y's squares, rows of 64 lanes summed in Float and
/// the rows in Double.
package func addScaled(
  _ y: UnsafeMutablePointer<Lane>, _ x: UnsafePointer<Lane>, scale: Float, lanes: Int
) -> Double {
  var total = 0.0
  var start = 0
  while start < lanes {
    let end = min(start &+ 64, lanes)
    var squares = Lane.zero
    var v = start
    while v < end {
      let sum = y[v] + x[v] * scale
      y[v] = sum
      squares += sum * sum
      v &+= 1
    }
    total += Double(horizontalSum(squares))
    start = end
  }
  return total
}

/// `Σ x·y`, rows of 64 lanes summed in Float and the rows in Double.
package func dotProduct(_ x: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, lanes: Int) -> Double {
  var total = 0.0
  var start = 0
  while start < lanes {
    let end = min(start &+ 64, lanes)
    var sum = Lane.zero
    var v = start
    while v < end {
      sum += x[v] * y[v]
      v &+= 1
    }
    total += Double(horizontalSum(sum))
    start = end
  }
  return total
}

/// `x ← scale·x`.
package func multiply(_ x: UnsafeMutablePointer<Lane>, by scale: Float, lanes: Int) {
  var v = 0
  while v < lanes {
    x[v] *= scale
    v &+= 1
  }
}

/// `x ← y + scale·x`.
package func scaleAndAdd(
  _ x: UnsafeMutablePointer<Lane>, scale: Float, _ y: UnsafePointer<Lane>, lanes: Int
) {
  var v = 0
  while v < lanes {
    x[v] = y[v] + x[v] * scale
    v &+= 1
  }
}

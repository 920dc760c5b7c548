// SPDX-License-Identifier: MIT

/// `out[h] += Σ_d x[d] · weights[d, h]`, rows whose x is 0 skipped.
///
/// - Parameters:
///   - weights: shape `[D, V]` lanes.
///   - x: shape `[D]`.
///   - out: shape `[V]`; accumulated into.
package func addScaledRows(
  weights: UnsafePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
  out: UnsafeMutablePointer<Lane>
) {
  var d = 0
  while d < count {
    let scale = x[d]
    if scale != 0 {
      let row = weights + d &* lanes
      var v = 0
      while v < lanes {
        out[v] += row[v] * scale
        v &+= 1
      }
    }
    d &+= 1
  }
}

/// `sums[d, h] += x[d] · vector[h]`, rows whose x is 0 skipped.
package func addOuterProduct(
  sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
  vector: UnsafePointer<Lane>
) {
  var d = 0
  while d < count {
    let scale = x[d]
    if scale != 0 {
      let row = sums + d &* lanes
      var v = 0
      while v < lanes {
        row[v] += vector[v] * scale
        v &+= 1
      }
    }
    d &+= 1
  }
}

/// `out[d] = Σ_h weights[d, h] · vector[h]`; lanes summed in a fixed order.
package func rowDots(
  weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>, count: Int,
  out: UnsafeMutablePointer<Float>
) {
  var d = 0
  while d < count {
    let row = weights + d &* lanes
    var sum = Lane.zero
    var v = 0
    while v < lanes {
      sum += row[v] * vector[v]
      v &+= 1
    }
    out[d] = horizontalSum(sum)
    d &+= 1
  }
}

/// `x ← max(0, x)`.
package func rectify(_ x: UnsafeMutablePointer<Lane>, lanes: Int) {
  var v = 0
  while v < lanes {
    x[v] = rectified(x[v])
    v &+= 1
  }
}

/// `x[h] ← 0` where `gate[h] ≤ 0`.
package func gate(_ x: UnsafeMutablePointer<Lane>, by gate: UnsafePointer<Lane>, lanes: Int) {
  var v = 0
  while v < lanes {
    x[v] = x[v].replacing(with: 0, where: gate[v] .<= 0)
    v &+= 1
  }
}

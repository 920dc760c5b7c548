// SPDX-License-Identifier: MIT

/// Spreads one coefficient over the units that fired: `out[h] = mask[h] ? coefficient : 0`.
///
/// - Parameters:
///   - mask: shape `[V]`, as `rectifiedDot` left it.
///   - out: shape `[V]`; overwritten.
package func expandMask(
  _ mask: UnsafePointer<UInt8>, coefficient: Float, lanes: Int, out: UnsafeMutablePointer<Lane>
) {
  let bits = SIMD8<Int32>(1, 2, 4, 8, 16, 32, 64, 128)
  let value = Lane(repeating: coefficient)
  var v = 0
  while v < lanes {
    let on = (SIMD8<Int32>(repeating: Int32(mask[v])) & bits) .== bits
    out[v] = Lane.zero.replacing(with: value, where: on)
    v &+= 1
  }
}

/// Turns the sums `Σ_t g_t · mask_t[h] · x_t[d]` into the gradient of both layers.
///
/// With logit = Σ_h w2[h] · max(0, Σ_d w1[d, h] · x[d]) the gradient of w1[d, h] is
/// `w2[h] · sums[d, h]`, and that of w2[h] is `Σ_d w1[d, h] · sums[d, h]`, so the hidden
/// activations need not be kept.
///
/// - Parameters:
///   - sums: shape `[D, V]`; overwritten by the gradient of w1.
///   - w1: shape `[D, V]`.
///   - w2: shape `[V]`.
///   - outputGradient: shape `[V]`; overwritten by the gradient of w2.
package func finishGradient(
  sums: UnsafeMutablePointer<Lane>, w1: UnsafePointer<Lane>, w2: UnsafePointer<Lane>, rows: Int,
  lanes: Int, outputGradient: UnsafeMutablePointer<Lane>
) {
  var v = 0
  while v < lanes {
    outputGradient[v] = .zero
    v &+= 1
  }
  var row = 0
  while row < rows {
    let s = sums + row &* lanes
    let w = w1 + row &* lanes
    v = 0
    while v < lanes {
      let x = s[v]
      outputGradient[v] += x * w[v]
      s[v] = x * w2[v]
      v &+= 1
    }
    row &+= 1
  }
}

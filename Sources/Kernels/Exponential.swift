// SPDX-License-Identifier: MIT

/// eˣ, to within 1 ulp where the result is a normal number.
///
/// Ours and not the C library's: its last bit differs between CPUs, and a trial's bits must not.
/// Reduction by ln 2 in two parts (Cody and Waite 1980), then the Taylor series to degree 13 on
/// |r| ≤ 0.35, where the first term left out is below 5·10⁻¹⁸.
package func exponential(_ x: Double) -> Double {
  guard x > -708 else { return x.isNaN ? x : 0 }
  guard x < 709 else { return .infinity }
  let shift = 0x1.8p52
  let k = (x * 1.4426950408889634 + shift) - shift
  let r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33
  let r2 = r * r
  let r4 = r2 * r2
  let a = (1 + r) + r2 * (0.5 + r * 0x1.5555555555555p-3)
  let b =
    (0x1.5555555555555p-5 + r * 0x1.1111111111111p-7)
    + r2 * (0x1.6c16c16c16c17p-10 + r * 0x1.a01a01a01a01ap-13)
  let c =
    (0x1.a01a01a01a01ap-16 + r * 0x1.71de3a556c734p-19)
    + r2 * (0x1.27e4fb7789f5cp-22 + r * 0x1.ae64567f544e4p-26)
  let d = 0x1.1eed8eff8d898p-29 + r * 0x1.6124613a86d09p-33
  let series = a + r4 * (b + r4 * (c + r4 * d))
  return series * Double(bitPattern: UInt64(Int64(k) &+ 1023) << 52)
}

/// The natural logarithm of a positive normal number, to within 2 ulp.
///
/// x = m·2ᵉ with m in [√½, √2); ln m = 2 artanh((m − 1)/(m + 1)) as its series to degree 21.
package func logarithm(_ x: Double) -> Double {
  guard x > 0 else { return x == 0 ? -.infinity : .nan }
  guard x.isFinite else { return x }
  // By bits, as the library's functions are calls.
  var m = Double(bitPattern: x.bitPattern & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
  var e = Double(Int(truncatingIfNeeded: x.bitPattern >> 52) &- 1023)
  if m > 1.4142135623730951 {
    m *= 0.5
    e += 1
  }
  let s = (m - 1) / (m + 1)
  let q = s * s
  var series = 0.0
  series = (series + 1.0 / 21) * q
  series = (series + 1.0 / 19) * q
  series = (series + 1.0 / 17) * q
  series = (series + 1.0 / 15) * q
  series = (series + 1.0 / 13) * q
  series = (series + 1.0 / 11) * q
  series = (series + 1.0 / 9) * q
  series = (series + 1.0 / 7) * q
  series = (series + 1.0 / 5) * q
  series = (series + 1.0 / 3) * q
  return e * 0x1.62e42feep-1 + (2 * s + (2 * s * series + e * 0x1.a39ef35793c76p-33))
}

/// σ(z) = 1 / (1 + e⁻ᶻ), without overflow at either end.
package func sigmoid(_ z: Double) -> Double {
  if z >= 0 { return 1 / (1 + exponential(-z)) }
  let e = exponential(z)
  return e / (1 + e)
}

/// Whether `u` is below σ(z), for a u in [0, 1) and a z that is no NaN.
///
/// σ rises, so that its values at two points around z decide for nearly every u.
@inline(__always)
package func isBelowSigmoid(_ u: Double, _ z: Float) -> Bool {
  let place = Int(max(-8, min(8, z)) * 16) &+ 128
  if u < sigmoidBounds[place].low { return true }
  return u < sigmoidBounds[place].high && u < sigmoid(Double(z))
}

/// Bounds of σ by z in sixteenths, rounded towards 0, from −8 to 8 and beyond.
private let sigmoidBounds: [(low: Double, high: Double)] = (-128...128).map { place in
  let from = Double(place <= 0 ? place - 1 : place) / 16
  let to = Double(place >= 0 ? place + 1 : place) / 16
  // What is computed is true to a few units of the last place.
  return (
    low: place == -128 ? 0 : sigmoid(from) - 1e-12, high: place == 128 ? 1 : sigmoid(to) + 1e-12
  )
}

/// ln(1 + eᶻ), without overflow; log σ(z) = −softplus(−z).
package func softplus(_ z: Double) -> Double {
  let e = exponential(-abs(z))
  // ln(1 + e) where 1 + e would round e away: log1p by Kahan's correction.
  let u = 1 + e
  let tail = u == 1 ? e : logarithm(u) * (e / (u - 1))
  return max(z, 0) + tail
}

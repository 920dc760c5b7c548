// SPDX-License-Identifier: MIT

import Diagnostics
import Testing

@Suite struct NumbersTests {
  @Test(
    "Significant digits: a proper minus, no zero for what is not zero",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (-20.53, "−20.5"), (9.3, "9.3"), (1_200, "1,200"),
      (12_345, "12,345"), (999_999.4, "999,999"), (999_999.6, "1 M"), (2_500_000, "2.5 M"),
      (3e9, "3 bn"), (2e-5, "2×10⁻⁵"), (1e-5, "10⁻⁵"), (-1e-4, "−10⁻⁴"), (0.0123, "0.0123"),
      (99.96, "100"), (9.999e-5, "10⁻⁴"), (1.5e13, "1.5×10¹³"), (1e300, "10³⁰⁰"),
      (1e-300, "10⁻³⁰⁰"), (.leastNonzeroMagnitude, "4.94×10⁻³²⁴"),
      (.greatestFiniteMagnitude, "1.8×10³⁰⁸"),
      (.nan, "–"), (.infinity, "∞"), (-.infinity, "−∞"),
    ] as [(Double, String)])
  func text(value: Double, text: String) {
    #expect(Numbers.text(value) == text)
  }

  @Test("Fixed places group thousands, and a rounded zero has no sign")
  func fixed() {
    #expect(Numbers.fixed(1_234_567.891, decimals: 2) == "1,234,567.89")
    #expect(Numbers.fixed(-0.004, decimals: 2) == "0.00")
    #expect(Numbers.fixed(-3, decimals: 1) == "−3.0")
    #expect(Numbers.fixed(11.949999999999998, decimals: 1) == "12.0")
    #expect(Numbers.fixed(1e20, decimals: 1) == "10²⁰")
    #expect(Numbers.fixed(.nan, decimals: 1) == "–")
    #expect(Numbers.fixed(0.5, decimals: 40) == "0.500000000000")
  }

  @Test(
    "Whole numbers",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "−1,234,567"),
      (Int.max, "9,223,372,036,854,775,807"), (Int.min, "−9,223,372,036,854,775,808"),
    ])
  func whole(number: Int, text: String) {
    #expect(Numbers.whole(number) == text)
  }

  @Test(
    "Scores by themselves",
    arguments: [
      (373.72, "373.7"), (-14.25, "−14.3"), (-0.45, "−0.45"), (9.123, "9.1"), (1_203.4, "1,203"),
      (0, "0.0"), (-0.0, "0.0"), (-0.004, "−0.0040"), (0.031, "0.031"), (4.2e-5, "4.2×10⁻⁵"),
      (-1e300, "−10³⁰⁰"), (1e-300, "1.0×10⁻³⁰⁰"), (nil, "–"), (.nan, "–"), (.infinity, "∞"),
    ] as [(Double?, String)])
  func scores(value: Double?, text: String) {
    #expect(Numbers.score(value) == text)
  }

  @Test(
    "A value and both ends of its interval have the same places, as many as its width asks for",
    arguments: [
      (-14.21, -15.08, -13.31, "−14.2 [−15.1, −13.3]"),
      (-0.4512, -0.62, -0.28, "−0.45 [−0.62, −0.28]"),
      (72.8, 34.8, 110.4, "72.8 [34.8, 110.4]"), (5, -3, 13.2, "5.0 [−3.0, 13.2]"),
      (1_203, 1_100, 1_310, "1,203 [1,100, 1,310]"),
      (373.7, 373.69, 373.715, "373.700 [373.690, 373.715]"),
      (1e-9, 0.9e-9, 1.1e-9, "1.00×10⁻⁹ [0.90×10⁻⁹, 1.10×10⁻⁹]"),
      (0.4, -1_200, 1_300, "0.4 [−1,200.0, 1,300.0]"), (-3.1, -6.6, 0.0016, "−3.1 [−6.6, +0.0]"),
      (-3.1, -6.6, 0.04, "−3.10 [−6.60, 0.04]"), (2, -0.0004, 4, "2.0 [−0.0, 4.0]"),
      (1e-15, -3, 3, "0.0 [−3.0, 3.0]"),
      (0, 0, 0, "0.0 [0.0, 0.0]"), (7, 7, 7, "7.0 [7.0, 7.0]"),
      (1e300, -1e300, 1.5e300, "10³⁰⁰ [−10³⁰⁰, 1.5×10³⁰⁰]"),
      (.nan, .nan, .nan, "– [–, –]"), (1, -.infinity, .infinity, "1.0 [−∞, ∞]"),
    ])
  func estimates(value: Double, lower: Double, upper: Double, text: String) {
    #expect(Numbers.estimate(value, lower, upper) == text)
  }

  @Test("The numbers of one table have the same places")
  func table() {
    let values = [-14.21, -0.45, 3]
    let precision = Precision(values)
    #expect(values.map(precision.text) == ["−14.21", "−0.45", "3.00"])
    let rows = Precision([-14.2, -0.45, 12.3], widths: [1.8, 0.34, 0.0001])
    #expect(rows.text(-14.2) == "−14.20" && rows.text(-0.45) == "−0.45")
    #expect(Precision([373.7, 0.0012]).text(0.0012) == "+0.00")
    #expect(Precision([373.7, 0.0012]).text(373.7) == "373.70")
    #expect(Precision([]).text(nil as Double?) == "–")
  }

  @Test(
    "Shares are nothing or all only where they are",
    arguments: [
      (0.0, "0 %"), (1, "100 %"), (0.734, "73 %"), (0.001, "< 1 %"),
      (0.9999, "> 99 %"), (.nan, "–"), (-0.5, "−50 %"), (12, "1,200 %"),
    ] as [(Double, String)])
  func percents(share: Double, text: String) {
    #expect(Numbers.percent(share) == text)
  }

  @Test("Probabilities, speeds and bytes")
  func others() {
    #expect(Numbers.pValue(0.03125) == "p = 0.031")
    #expect(Numbers.pValue(1e-9) == "p < 0.001")
    #expect(Numbers.probability(1) == "1.000")
    #expect(
      [0.0, 950, 999.6, 12_340, 999_999, 1_214_000, 1e300].map { Numbers.rate($0) }
        == ["0", "950", "1,000", "12,300", "1 M", "1.21 M", "10³⁰⁰"])
    #expect(Numbers.rate(nil) == "–" && Numbers.rate(-1) == "–" && Numbers.rate(.nan) == "–")
    #expect(
      [0, 512, 1_000, 3_440_000, 99_960, 999_600, Int.max].map(Numbers.bytes)
        == ["0 B", "512 B", "1.0 kB", "3.4 MB", "100 kB", "1.0 MB", "9.2 EB"])
  }

  @Test("Counts of things")
  func counts() {
    #expect(Numbers.count(1, "seed") == "1 seed")
    #expect(Numbers.count(3_000, "episode") == "3,000 episodes")
    #expect(Numbers.count(2, "evaluation axis") == "2 evaluation axes")
    #expect(Numbers.count(0, "entry") == "0 entries")
    #expect(Numbers.count(2, "kind of trial", "kinds of trial") == "2 kinds of trial")
  }

  @Test(
    "Durations",
    arguments: [
      (0, "0 s"), (-0.0, "0 s"), (0.02, "0.02 s"), (0.98, "1.0 s"), (3, "3 s"), (4.24, "4.2 s"),
      (9.97, "10 s"), (42, "42 s"),
      (99.4, "99 s"), (100, "1 min 40 s"), (180, "3 min"), (3_599.6, "1 h"),
      (3_723, "1 h 2 min"), (172_799, "2 d"), (183_600, "2 d 3 h"), (1e12, "11,574,074 d 2 h"),
      (.nan, "–"), (.infinity, "–"), (1e300, "–"), (-1, "–"), (nil, "–"),
    ] as [(Double?, String)])
  func durations(seconds: Double?, text: String) {
    #expect(Durations.text(seconds) == text)
  }

  @Test("How long ago")
  func ago() {
    #expect(
      [-5, 0, 61, 7_200, 200_000, 1e300].map(Durations.ago)
        == ["0 s ago", "0 s ago", "1 min ago", "2 h ago", "2 d ago", "11,574,074,074 d ago"])
  }
}

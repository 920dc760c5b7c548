// SPDX-License-Identifier: MIT

import Plotting
import Testing

@Suite struct NumberTextTests {
  @Test(
    "Numbers are written shortly, with a proper minus",
    arguments: [
      (0.0, "0"), (-20.53, "−20.5"), (9.3, "9.3"), (1200, "1,200"), (9999, "9,999"),
      (12_345, "12.3k"), (999_499, "999k"), (2_500_000, "2.5 M"), (3e9, "3 bn"), (2e-5, "2×10⁻⁵"),
      (1e-5, "10⁻⁵"), (-1e-4, "−10⁻⁴"), (.nan, "–"), (-.infinity, "−∞"), (0.0123, "0.0123"),
      (99.96, "100"), (9.999e-5, "10⁻⁴"), (1.5e13, "1.5×10¹³"), (1e300, "10³⁰⁰"),
    ] as [(Double, String)])
  func shortly(_ value: Double, _ text: String) {
    #expect(shortNumber(value) == text)
  }

  @Test("Fixed places group thousands, and a rounded zero has no sign")
  func fixed() {
    #expect(fixedNumber(1_234_567.891, decimals: 2) == "1,234,567.89")
    #expect(fixedNumber(-0.004, decimals: 2) == "0.00")
    #expect(fixedNumber(-3, decimals: 1) == "−3.0")
    #expect(fixedNumber(1e20, decimals: 1) == "10²⁰")
  }

  @Test("Numbers on one scale have the same places")
  func scaled() {
    #expect(scaledNumber(-11, span: 42) == "−11.0")
    #expect(scaledNumber(8.26, span: 42) == "8.3")
    #expect(scaledNumber(487.3, span: 500) == "487")
    #expect(scaledNumber(.nan, span: 42) == "–")
    #expect(scaledNumber(3.25, span: 0) == "3.25")
  }
}

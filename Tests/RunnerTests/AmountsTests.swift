// SPDX-License-Identifier: MIT

import Runner
import Testing

@Suite struct AmountsTests {
  @Test(
    "Durations",
    arguments: [
      (0.0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (750, "12:30"), (3_723, "1:02:03"),
      (183_600, "2d 03h"), (.nan, "–"), (.infinity, "–"), (-1, "–"), (nil, "–"),
    ] as [(Double?, String)])
  func durations(seconds: Double?, text: String) {
    #expect(Amounts.duration(seconds) == text)
  }

  @Test(
    "Rates",
    arguments: [
      (0.0, "0"), (950, "950"), (999.6, "1.00k"), (9_996, "10.0k"), (12_340, "12.3k"),
      (1_214_000, "1.21M"), (123_400_000, "123M"), (.nan, "–"), (1e300, "1000000000T"),
    ] as [(Double, String)])
  func rates(perSecond: Double, text: String) {
    #expect(Amounts.rate(perSecond) == text)
  }

  @Test(
    "Means",
    arguments: [
      (-14.25, "-14.3"), (-0.04, "0.0"), (0.05, "0.1"), (21, "21.0"), (12_345.67, "12,345.7"),
      (-2.5e9, "-2.50G"), (nil, "–"), (.nan, "–"),
    ] as [(Double?, String)])
  func means(value: Double?, text: String) {
    #expect(Amounts.mean(value) == text)
  }

  @Test(
    "Counts", arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
  func counts(number: Int, text: String) {
    #expect(Amounts.count(number) == text)
  }
}

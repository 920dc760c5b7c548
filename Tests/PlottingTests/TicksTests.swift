// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

@Suite struct TicksTests {
  private func labels(_ low: Double, _ high: Double, _ count: Int) -> [String] {
    linearTicks(from: low, to: high, maximumCount: count).map(\.label)
  }

  @Test("Ticks are round numbers with one form of label")
  func round() {
    #expect(labels(-21, 21, 6) == ["−20", "−10", "0", "10", "20"])
    #expect(labels(0, 8000, 5) == ["0", "2,000", "4,000", "6,000", "8,000"])
    #expect(labels(0, 1500, 4) == ["0", "500", "1,000", "1,500"])
    #expect(labels(0, 1, 3) == ["0", "0.5", "1"])
    #expect(labels(0, 0.32, 5) == ["0", "0.1", "0.2", "0.3"])
    #expect(labels(0, 5e6, 6) == ["0", "1 M", "2 M", "3 M", "4 M", "5 M"])
    #expect(labels(2e6, 3e6, 3) == ["2 M", "2.5 M", "3 M"])
    #expect(labels(0, 4e-5, 5) == ["0", "10⁻⁵", "2×10⁻⁵", "3×10⁻⁵", "4×10⁻⁵"])
  }

  @Test("There are never more ticks than asked for, all within the range", arguments: 0..<300)
  func bounded(seed: Int) {
    var noise = Noise(seed: UInt64(seed))
    let low = noise.next() * pow(10, noise.next() * 8)
    let high = low + abs(noise.next()) * pow(10, noise.next() * 8) + 1e-9
    let count = 1 + seed % 12
    let ticks = linearTicks(from: low, to: high, maximumCount: count)
    #expect(ticks.count <= count)
    #expect(count < 4 || ticks.count >= 2, "\(low)...\(high), \(count): \(ticks)")
    // A tick may lie a rounding beyond an end.
    let slack = (high - low) * 1e-6 + max(abs(low), abs(high)) * 4e-16
    #expect(ticks.allSatisfy { $0.value >= low - slack && $0.value <= high + slack })
    #expect(Set(ticks.map(\.label)).count == ticks.count, "labels repeat: \(ticks.map(\.label))")
  }

  @Test("Ranges without length or number have no ticks")
  func none() {
    #expect(labels(1, 1, 5).isEmpty)
    #expect(labels(.nan, 1, 5).isEmpty)
    #expect(labels(0, .infinity, 5).isEmpty)
    #expect(logarithmicTicks(from: 0, to: 1, maximumCount: 5).isEmpty)
    #expect(durationTicks(from: 3, to: 3, maximumCount: 5).isEmpty)
  }

  @Test("Logarithmic ticks are powers of ten, with 2 and 5 in short ranges")
  func logarithmic() {
    #expect(
      logarithmicTicks(from: 1e-5, to: 1, maximumCount: 8).map(\.label)
        == ["10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1"])
    #expect(
      logarithmicTicks(from: 1, to: 20, maximumCount: 8).map(\.label)
        == ["1", "2", "5", "10", "20"])
    #expect(logarithmicTicks(from: 1e-12, to: 1e12, maximumCount: 6).count <= 6)
  }

  @Test("Durations have the units of clocks")
  func durations() {
    func labels(_ high: Double, _ count: Int) -> [String] {
      durationTicks(from: 0, to: high, maximumCount: count).map(\.label)
    }
    #expect(labels(2, 3) == ["0", "1 s", "2 s"])
    #expect(labels(120, 5) == ["0", "30 s", "60 s", "90 s", "120 s"])
    #expect(labels(3600, 5) == ["0", "15 min", "30 min", "45 min", "60 min"])
    #expect(labels(86_400, 5) == ["0", "6 h", "12 h", "18 h", "24 h"])
    #expect(labels(86_400 * 100, 5).last == "100 d")
  }

  @Test("Scales place their ends exactly and widen a single value")
  func scales() {
    let linear = Scale(domain: -21...21, from: 300, to: 100)
    #expect(linear.position(-21) == 300)
    #expect(linear.position(21) == 100)
    #expect(linear.position(0) == 200)
    let single = Scale(domain: 5...5, from: 0, to: 100)
    #expect(abs(single.position(5) - 50) < 1e-9)
    let log = Scale(.logarithmic, domain: 1...100, from: 0, to: 100)
    #expect(abs(log.position(10) - 50) < 1e-9)
    #expect(log.position(0).isNaN && log.position(-1).isNaN)
    #expect(extent(of: [.nan, 3, .infinity, -1]) == -1...3)
    #expect(extent(of: [] as [Double]) == 0...1)
    #expect(extent(of: [-1, 0, 2, 8], kind: .logarithmic) == 2...8)
  }
}

@Suite("Axes of a parameter's values") struct ValueAxisTests {
  @Test("Values of many sizes stand by powers of ten, zero a usual step before the least")
  func sizes() throws {
    let axis = ValueAxis(("l2", [0, 0.001, 0.1, 1, 0.1], .linear, nil))
    #expect(axis.kind == .logarithmic)
    #expect(axis.ticks?.map(\.label) == ["0", "0.001", "0.1", "1"])
    // Two steps from 0.001 to 1: each a factor of the square root of 1,000.
    #expect(abs(axis.place(0) - 0.001 / 1_000.0.squareRoot()) < 1e-12)
    #expect(axis.place(0.1) == 0.1 && axis.hasZero)
    let even = ValueAxis(("lambda", [0.95, 0.98, 1], .linear, nil))
    #expect(even.kind == .linear && even.place(0) == 0 && !even.hasZero)
    #expect(ValueAxis(("shift", [-1, 0.01, 10], .linear, nil)).kind == .linear)
  }

  @Test("Names stand side by side; of many values none is written by itself")
  func names() {
    let named = ValueAxis(("kind", [0, 1], .linear, ["adam", "sgd"]))
    #expect(named.ticks == [Tick(value: 0, label: "adam"), Tick(value: 1, label: "sgd")])
    #expect(ValueAxis(("rate", (1...40).map(Double.init), .linear, nil)).ticks == nil)
  }
}

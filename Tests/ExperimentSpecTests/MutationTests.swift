// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import Testing

@Suite("Damaged files")
struct MutationTests {
  /// Bytes that are likely to hurt.
  private static let spice: [[UInt8]] =
    [
      "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\n", "//", "null", "-", "1e999", "\\ud800",
      "NaN",
      "\"preset\": \"tuned\",", "0", "[[", "\u{0}", "é", "\u{202e}",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80]]

  private func mutated(_ text: String, _ random: inout TestRandom) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0...random.below(3) {
      let place = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(contentsOf: Self.spice[random.below(Self.spice.count)], at: place)
      case 2: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 3: bytes.removeSubrange(place..<min(place + random.below(40), bytes.count))
      default: bytes.removeSubrange(place...)
      }
      if bytes.isEmpty { return bytes }
    }
    return bytes
  }

  @Test(
    "Every mutation is read or has findings with a valid place", arguments: 0..<30 as Range<UInt64>)
  func mutations(seed: UInt64) {
    var random = TestRandom(seed: seed)
    for round in 0..<100 {
      let bytes = mutated(round % 2 == 0 ? fullExample : algebraExample, &random)
      let source = SourceText(name: "a.json", bytes: bytes)
      let loaded = loadExperiment(source: source, catalogue: testCatalogue)
      let replay = "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))"
      #expect((loaded.plan == nil) == loaded.findings.hasErrors, "\(replay)")
      let end = source.position(at: bytes.count)
      for finding in loaded.findings {
        guard let range = finding.range else { continue }
        #expect(range.start <= range.end && range.end <= end, "\(replay)")
        #expect(range.start.line >= 1 && range.start.column >= 1, "\(replay)")
        #expect(!finding.sentence.isEmpty, "\(replay)")
      }
      #expect(loaded.findings.isEmpty == loaded.renderedFindings().isEmpty)
    }
  }

  @Test(
    "Every beginning of a file is refused with a place", arguments: [fullExample, algebraExample])
  func prefixes(text: String) {
    let bytes = Array(text.utf8)
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let source = SourceText(name: "a.json", bytes: Array(bytes[..<count]))
      let loaded = loadExperiment(source: source, catalogue: testCatalogue)
      #expect(loaded.plan == nil)
      #expect(loaded.findings.contains { $0.range != nil }, "the first \(count) bytes")
    }
  }
}

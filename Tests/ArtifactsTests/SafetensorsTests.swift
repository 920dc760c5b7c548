// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Testing

@Suite("Safetensors files, ours and others'")
struct SafetensorsTests {
  private static let metadata = ["a": "quotes \" and \\ and\nlines", "b": "ü"]
  private static let tensors = [
    Tensor(name: "w1", shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 1e-30]),
    Tensor(name: "empty", shape: [0, 4], values: []),
    Tensor(name: "b1", shape: [2], values: [0.1, -0.1]),
  ]

  /// A file with this header, its length before it, and as many zero bytes as said.
  private static func file(_ header: String, data: Int) -> [UInt8] {
    let bytes = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
      + [UInt8](repeating: 0, count: data)
  }

  private static func problem(_ file: [UInt8]) -> String? {
    do throws(ArtifactError) {
      _ = try Checkpoint(safetensors: file, path: "memory")
      return nil
    } catch {
      return error.detail
    }
  }

  @Test("A file without a digest reads back; one with a digest must fit it")
  func roundTrip() throws {
    let written = Safetensors.encoded(metadata: Self.metadata, tensors: Self.tensors)
    let read = try Checkpoint(safetensors: written.bytes, path: "memory")
    #expect(read.metadata == Self.metadata)
    #expect(read.tensors.sorted { $0.name < $1.name } == Self.tensors.sorted { $0.name < $1.name })
    let signed = Checkpoint(metadata: Self.metadata, tensors: Self.tensors).encoded()
    #expect(try Checkpoint(safetensors: signed, path: "memory").metadata == Self.metadata)
    var damaged = signed
    damaged[damaged.count - 1] ^= 1
    #expect(Self.problem(damaged) == "its content does not fit its SHA-256")
  }

  @Test("What another program wrote is read: spaces, another order, no metadata")
  func others() throws {
    let header = """
      { "b": {"shape": [1], "data_offsets": [8, 12], "dtype": "F32"},
        "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]} }
      """
    let read = try Checkpoint(safetensors: Self.file(header, data: 12), path: "memory")
    #expect(read.metadata.isEmpty)
    #expect(read.tensors.map(\.name) == ["a", "b"] && read["a"]?.shape == [2, 1])
  }

  @Test("Whatever is described wrongly is refused, with what was found")
  func wrong() {
    func one(_ shape: String, _ offsets: String, dtype: String = "F32") -> String {
      "{\"x\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
    }
    let cases: [(String, Int, String)] = [
      (one("[2]", "[0,4]", dtype: "F16"), 4, "tensor x is F16; allowed: F32"),
      (one("[2]", "[0,4]"), 4, "tensor x is misdescribed"),
      (one("[1]", "[4,8]"), 8, "tensor x is misdescribed"),
      (one("[-1]", "[0,4]"), 4, "tensor x is misdescribed"),
      (one("[4611686018427387904,4]", "[0,0]"), 0, "tensor x is misdescribed"),
      (one("[1]", "[4,0]"), 4, "tensor x is misdescribed"),
      (one("[1]", "[0,4,8]"), 8, "tensor x is misdescribed"),
      (one("[1]", "[]"), 4, "tensor x is misdescribed"),
      (one("[1]", "[0,4]"), 6, "2 bytes that belong to no tensor"),
      (one("[2]", "[0,8]"), 4, "4 bytes of data; its header says 8"),
      (
        one("[2]", "[0,9223372036854775807]"), 4,
        "4 bytes of data; its header says 9223372036854775807"
      ),
      ("{\"x\":3}", 0, "the safetensors header cannot be read"),
      ("{\"__metadata__\":{\"a\":1}}", 0, "the safetensors header cannot be read"),
      ("[]", 0, "not a safetensors file"),
      ("", 0, "not a safetensors file"),
      (String(repeating: "{\"a\":", count: 5000), 0, "the safetensors header cannot be read"),
    ]
    for (header, data, expected) in cases {
      #expect(Self.problem(Self.file(header, data: data)) == expected, "\(header.prefix(80))")
    }
    #expect(Self.problem([]) == "0 bytes; a safetensors file has more")
    #expect(Self.problem([UInt8](repeating: 255, count: 100)) == "not a safetensors file")
    #expect(Self.problem([100, 0, 0, 0, 0, 0, 0, 0, 123]) == "cut short inside its header")
  }

  @Test("Ten thousand mutations end in a file or in an error, never in a trap")
  func mutations() {
    let whole = Safetensors.encoded(metadata: Self.metadata, tensors: Self.tensors).bytes
    var state: UInt64 = 7
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let tokens = ["-", "9", "99999999999999999999", "null", "[", "}", "\"", "1e9", "\\u0000", ":"]
    var (accepted, refused) = (0, 0)
    for _ in 0..<10_000 {
      var file = whole
      for _ in 0...draw(3) {
        let place = draw(file.count)
        switch draw(4) {
        case 0: file[place] = UInt8(draw(256))
        case 1: file.remove(at: place)
        case 2: file.insert(contentsOf: Array(tokens[draw(tokens.count)].utf8), at: place)
        default: file.removeLast(draw(20))
        }
      }
      if let problem = Self.problem(file) {
        refused += 1
        #expect(!problem.isEmpty)
      } else {
        accepted += 1
      }
    }
    // A changed number is no damage that a file without a digest could show.
    #expect(accepted > 100 && refused > 5000)
  }
}

// SPDX-License-Identifier: MIT

import Environments
import Foundation
import GymnasiumBridge
import Kernels
import ParameterSchema
import Randomness

/// Python with gymnasium and ale-py, and what is asked of it.
enum RealPython {
  static let fixtures = Bundle.module.resourceURL?.appendingPathComponent("Fixtures").path ?? ""
  /// Words that start Python where it finds the faulty environments.
  static let python = ["/usr/bin/env", "PYTHONPATH=\(fixtures)", PythonSetup.python]

  /// A configuration with everything filled in.
  static func configuration(
    _ id: String, kind: String = "difference", frameSkip: ConfigValue = nil,
    stickyActions: ConfigValue = nil, maxFrames: ConfigValue = nil, actions: ConfigValue = nil,
    kwargs: ConfigValue = [:], observation: [String: ConfigValue] = [:],
    environment: [String: ConfigValue] = [:]
  ) -> ConfigValue {
    let isRaw = kind == "raw"
    let seen: [String: ConfigValue] = [
      "kind": .string(kind), "crop": nil, "height": isRaw ? nil : 80, "width": isRaw ? nil : 80,
      "background": nil, "frames": 3, "channels": nil, "key": nil, "permutePixels": false,
    ]
    let played: [String: ConfigValue] = [
      "id": .string("gymnasium:" + id), "frameSkip": frameSkip, "stickyActions": stickyActions,
      "maxFrames": maxFrames, "actions": actions, "kwargs": kwargs, "wrappers": [],
      "rewardWeights": nil, "register": [], "module": nil,
    ]
    return [
      "environment": .object(played.merging(environment, uniquingKeysWith: { $1 })),
      "observation": .object(seen.merging(observation, uniquingKeysWith: { $1 })),
    ]
  }

  /// An empty file that is removed afterwards.
  static func withLog<Result>(_ body: (String) throws -> Result) rethrows -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("worker-\(UUID().uuidString).log").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// What a program prints; on both channels, where it fails.
  static func run(_ program: [UInt8]) throws -> String {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = Array(python.dropFirst()) + ["-"]
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: program)
    try input.fileHandleForWriting.close()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: printed, as: UTF8.self)
  }

  static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}

extension Environment {
  /// What the policy sees now, as one row of signs.
  func signs() -> [[Int]] {
    let batch = SparseSignBatch(width: form.count)
    batch.append { observe(&$0) }
    let entries = batch.entries(of: 0)
    return [entries.plus, entries.minus]
  }

  /// What the policy sees now, as numbers.
  func numbers() -> [Float] {
    var numbers: [Float] = []
    observe(into: &numbers)
    return numbers
  }
}

// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Imports

/// Files that the programs themselves wrote; which and how stands in `Fixtures/README.md`.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appending(path: "Fixtures").path

func bytes(_ name: String) throws -> [UInt8] { try readFileBytes("\(fixtures)/\(name)") }

/// The trials that patterns below the fixtures find.
func imported(
  _ patterns: String..., unit: StepUnit? = StepUnit(.decisions, frameSkip: 1),
  columns: String? = nil
) throws -> ImportPlan {
  try ImportPlan(request(patterns.map { "\(fixtures)/\($0)" }, unit: unit, columns: columns))
}

func request(
  _ patterns: [String], unit: StepUnit? = StepUnit(.decisions, frameSkip: 1),
  columns: String? = nil
) throws -> ImportRequest {
  try ImportRequest(
    name: "foreign", patterns: patterns.map { try PathPattern($0) },
    columns: columns.map { try CurveColumns($0) } ?? CurveColumns(), unit: unit, arguments: patterns
  )
}

/// The sentence of an error.
func sentence(of body: () throws -> some Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch let error as ImportError {
    return error.sentence
  } catch {
    return "\(error)"
  }
}

extension ImportPlan {
  func trial(_ label: String, _ seed: Int) throws -> ImportedTrial {
    guard let trial = trials.first(where: { $0.label == label && $0.seed == seed }) else {
      throw ImportError(
        "no \(label), seed \(seed) among \(trials.map { "\($0.label) \($0.seed)" })")
    }
    return trial
  }
}

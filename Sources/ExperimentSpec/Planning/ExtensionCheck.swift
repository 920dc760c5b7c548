// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension Assignment {
  /// A finding for the first variant that this length does not make longer.
  func tooShort(for variants: [Plan.Variant]) -> [Finding] {
    guard case .number(let target) = value else { return [] }
    for variant in variants {
      let lengths = ExperimentReader.lengths.compactMap { path -> (path: String, count: Double)? in
        guard case .number(let count)? = variant.configuration[path: path] else { return nil }
        return (path, count)
      }
      guard let length = lengths.first else { continue }
      if length.path != path {
        return [
          Finding(
            code: "not-extendable", at: place, path: path,
            problem: "\(length.path) says how long \"\(variant.label)\" trains",
            help: "write --extend \(length.path)=N")
        ]
      }
      if length.count >= target {
        return [
          Finding(
            code: "out-of-range", at: place, path: path,
            found: canonicalNumber(target),
            allowed: "more than \(canonicalNumber(length.count)), "
              + "which \"\(variant.label)\" trains for in any case")
        ]
      }
    }
    return []
  }
}

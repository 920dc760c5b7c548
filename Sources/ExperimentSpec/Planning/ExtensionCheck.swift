// SPDX-License-Identifier: MIT
import Diagnostics
import ParameterSchema

extension Assignment {
  /// A finding for the first variant that this length does not make longer.
  func tooShort(for variants: [Plan.Variant]) -> [Finding] {
    guard case .number(let target) = value else { return [] }
    for variant in variants {
      guard let length = variant.length else { continue }
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

extension Plan.Variant {
  /// How long it trains, and the path that says so.
  var length: (path: String, count: Double)? {
    for path in ExperimentReader.lengths {
      if case .number(let count)? = configuration[path: path] { return (path, count) }
    }
    return nil
  }
}

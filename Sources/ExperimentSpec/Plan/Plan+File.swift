// SPDX-License-Identifier: MIT
package import Diagnostics
import ParameterSchema

extension Plan {
  /// What `plan.json` lists with a line for each.
  private static let lists: Set = ["axes", "hypotheses", "trials", "variants"]

  /// The bytes of `plan.json`: keys sorted, a line for each axis, hypothesis, variant and trial, a
  /// line break at the end. The same plan gives the same bytes.
  package func encoded() -> [UInt8] {
    // A plan has nothing that the coder refuses.
    guard case .object(let members)? = try? ConfigValue(encoding: self) else { return [] }
    let lines = members.sorted { $0.key < $1.key }.map { key, value in
      guard Self.lists.contains(key), case .array(let elements) = value, !elements.isEmpty else {
        return "  \"\(key)\": \(canonicalJSON(value))"
      }
      let rows = elements.map { "    " + canonicalJSON($0) }
      return "  \"\(key)\": [\n\(rows.joined(separator: ",\n"))\n  ]"
    }
    return Array("{\n\(lines.joined(separator: ",\n"))\n}\n".utf8)
  }

  /// Reads what `encoded` wrote; the error says what keeps the plan from being used.
  package init(decoding bytes: [UInt8]) throws(PlanError) {
    let document = JSONReader.read(SourceText(name: "", bytes: bytes))
    guard let root = document.value?.plain, document.findings.isEmpty else {
      let finding = document.findings.first
      let place = finding?.range.map { " (\($0.start.line):\($0.start.column))" } ?? ""
      throw .damaged("\(finding?.sentence ?? "nothing can be read")\(place)")
    }
    let version = try Self.read(root, as: Version.self).formatVersion
    guard version == Plan.currentFormatVersion else { throw .foreign(version) }
    self = try Self.read(root, as: Plan.self)
    if let fault = inconsistency { throw .damaged(fault) }
  }

  private struct Version: Decodable { let formatVersion: Int }

  private static func read<Stored: Decodable>(
    _ root: ConfigValue, as type: Stored.Type
  ) throws(PlanError) -> Stored {
    do throws(ConfigMismatch) {
      return try root.decoded(as: type, name: "the plan")
    } catch {
      throw .damaged(error.problem)
    }
  }

  /// What a reader of the plan could stumble over.
  private var inconsistency: String? {
    for (i, variant) in variants.enumerated() {
      if variant.index != i { return "variant \(i) says that it is number \(variant.index)" }
      for (axis, level) in zip(axes, variant.levels) {
        if let level, !axis.values.indices.contains(level) {
          return "variant \(i) has no value on the axis \(axis.path)"
        }
      }
      if variant.levels.count != axes.count { return "variant \(i) does not lie on all axes" }
    }
    for trial in trials where !variants.indices.contains(trial.variant) {
      return "trial \(trial.id) is of variant \(trial.variant), and there are \(variants.count)"
    }
    for pair in hypotheses.flatMap(\.pairs)
    where pair.count != 2 || !pair.allSatisfy(variants.indices.contains) {
      return "a hypothesis compares variants \(pair), and there are \(variants.count)"
    }
    return nil
  }
}

/// Why a stored plan cannot be used.
package struct PlanError: Error, Sendable, Hashable {
  /// Kebab-case, as in `error[damaged-plan]`.
  package enum Code: String, Sendable { case damaged = "damaged-plan", foreign = "foreign-plan" }

  package let code: Code
  /// A sentence for people, without the file's name.
  package let message: String

  fileprivate static func damaged(_ reason: String) -> PlanError {
    PlanError(code: .damaged, message: "the stored plan is damaged: \(reason)")
  }

  fileprivate static func foreign(_ version: Int) -> PlanError {
    PlanError(
      code: .foreign,
      message: "the stored plan has format \(version); this program reads format "
        + "\(Plan.currentFormatVersion)")
  }

  /// The same as a finding about `file`.
  package func finding(file: String) -> Finding {
    Finding(code: code.rawValue, file: file, problem: message)
  }
}

// SPDX-License-Identifier: MIT
package import Diagnostics

/// Why a stored plan cannot be used.
package struct PlanError: Error, Sendable, Hashable {
  /// Kebab-case, as in `error[damaged-plan]`.
  package enum Code: String, Sendable { case damaged = "damaged-plan", foreign = "foreign-plan" }

  package let code: Code
  /// A sentence for people, without the file's name.
  package let message: String

  /// The same as a finding about `file`.
  package func finding(file: String) -> Finding {
    Finding(code: code.rawValue, file: file, problem: message)
  }
}

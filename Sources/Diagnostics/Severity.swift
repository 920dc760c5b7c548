// SPDX-License-Identifier: MIT

/// How much a finding weighs: a warning lets the work go on, an error does not.
package enum Severity: String, Sendable, Hashable, Codable {
  case warning, error
}

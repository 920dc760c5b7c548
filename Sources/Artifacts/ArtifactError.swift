// SPDX-License-Identifier: MIT

/// Why a stored file cannot be read, or read as what it should be.
package struct ArtifactError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case unreadable, unwritable, truncated, notThisFormat, damaged, wrongColumns, badField
    /// Another version's, which this one cannot read.
    case otherVersion
  }

  package let code: Code
  /// The file's path, or what stood in its place.
  package let path: String
  /// What was found and what is allowed, a sentence without the path.
  package let detail: String

  package init(_ code: Code, path: String, detail: String) {
    self.code = code
    self.path = path
    self.detail = detail
  }

  package var description: String { "\(path): \(detail)" }
}

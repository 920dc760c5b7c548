// SPDX-License-Identifier: MIT

/// Why something of a run's folder could not be read, written or used.
package struct RunStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case unreadable, unwritable, diskFull, damagedRecord, newerFormat, identityMismatch, locked
    case notEnoughSpace, notEnoughMemory, badName, notAFolder
  }

  package let code: Code
  /// The file or folder it is about.
  package let path: String
  /// What was found, in words; may be empty.
  package let found: String
  /// What is allowed or expected, in words; may be empty.
  package let allowed: String
  /// What a person can do about it, in words; may be empty.
  package let remedy: String
  /// The operating system's words for what failed, such as `No space left on device`.
  package let underlying: String?

  package init(
    _ code: Code, path: String, found: String = "", allowed: String = "", remedy: String = "",
    underlying: String? = nil
  ) {
    self.code = code
    self.path = path
    self.found = found
    self.allowed = allowed
    self.remedy = remedy
    self.underlying = underlying
  }

  /// The exit status of a command that ends with this error: 4 for refusals, 2 for names, else 1.
  package var exitStatus: Int32 {
    switch code {
    case .locked, .identityMismatch, .notEnoughSpace, .notEnoughMemory: 4
    case .badName, .notAFolder: 2
    case .unreadable, .unwritable, .diskFull, .damagedRecord, .newerFormat: 1
    }
  }

  /// Whether a file is not what was once written there; a newer version's is no such file.
  package var isDamage: Bool {
    switch code {
    case .damagedRecord, .identityMismatch, .unreadable: true
    case .unwritable, .diskFull, .newerFormat, .locked, .notEnoughSpace, .notEnoughMemory, .badName,
      .notAFolder:
      false
    }
  }

  /// `error[code]: …` with what was found, what is allowed and what to do, each on its line.
  package var description: String {
    (["error[\(kebab)]: \(path): \(trouble)"] + rest.map { "  \($0)" }).joined(separator: "\n")
  }

  /// The same in one line, as a trial's status keeps it.
  package var sentence: String {
    "\(path): \(trouble)" + rest.map { "; \($0)" }.joined()
  }

  private var trouble: String { headline + (underlying.map { ": \($0)" } ?? "") }

  private var rest: [String] {
    var lines: [String] = []
    if !found.isEmpty { lines.append("found: \(found)") }
    if !allowed.isEmpty { lines.append("allowed: \(allowed)") }
    if !remedy.isEmpty { lines.append(remedy) }
    return lines
  }

  private var kebab: String {
    code.rawValue.reduce(into: "") { text, character in
      text += character.isUppercase ? "-\(character.lowercased())" : String(character)
    }
  }

  private var headline: String {
    switch code {
    case .unreadable: "cannot be read"
    case .unwritable: "cannot be written"
    case .diskFull: "cannot be written, the disk is full"
    case .damagedRecord: "is damaged"
    case .newerFormat: "was written by a newer version of Rallybook"
    case .identityMismatch: "holds a configuration that does not match the folder's name"
    case .locked: "is in use by another run"
    case .notEnoughSpace: "there is not enough space"
    case .notEnoughMemory: "there is not enough of it"
    case .badName: "is not a name for a run"
    case .notAFolder: "is not a folder"
    }
  }
}

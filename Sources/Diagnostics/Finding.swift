// SPDX-License-Identifier: MIT

/// How much a finding weighs: a warning lets the work go on, an error does not.
package enum Severity: String, Sendable, Hashable, Codable {
  case warning, error
}

/// One thing that is wrong with what a person wrote: the facts, from which `sentence` is made.
package struct Finding: Error, Sendable, Hashable {
  package var severity: Severity
  /// Kebab-case, as in `error[unknown-key]`.
  package var code: String
  /// The name of the text that it is about; nil where there is none.
  package var file: String?
  /// nil where the whole file is meant.
  package var range: SourceRange?
  /// The dotted path of the value, such as `base.returns.discount`; empty where there is none.
  package var path: String
  /// What is wrong, where "found … allowed …" does not say it by itself.
  package var problem: String?
  /// What was found, such as `the string "0.99"`.
  package var found: String?
  /// What would have been right, such as `true or false`.
  package var allowed: String?
  /// The word that was probably meant.
  package var nearest: String?
  /// What to do.
  package var help: String?
  /// More that is good to know, a line each.
  package var notes: [String]

  package init(
    _ severity: Severity = .error, code: String, file: String? = nil, range: SourceRange? = nil,
    path: String = "", problem: String? = nil, found: String? = nil, allowed: String? = nil,
    nearest: String? = nil, help: String? = nil, notes: [String] = []
  ) {
    (self.severity, self.code, self.file, self.range) = (severity, code, file, range)
    (self.path, self.problem, self.found, self.allowed) = (path, problem, found, allowed)
    (self.nearest, self.help, self.notes) = (nearest, help, notes)
  }

  package var isError: Bool { severity == .error }

  /// The facts as one sentence, without place, severity and code.
  package var sentence: String {
    let parts: [String?] = [
      problem, found.map { "found \($0)" }, allowed.map { "allowed: \($0)" },
      nearest.map { "did you mean \"\($0)\"?" }, help,
    ]
    let facts = parts.compactMap { $0 }.joined(separator: "; ")
    return path.isEmpty ? facts : "\(path): \(facts)"
  }
}

extension [Finding] {
  /// Whether one of them keeps the work from starting.
  package var hasErrors: Bool { contains(where: \.isError) }

  /// By text, then by place; what has no place comes first.
  ///
  /// - Parameter files: the order of the texts; others follow as they first appear.
  package func sortedByPlace(files: [String] = []) -> [Finding] {
    var fileOrder: [String: Int] = [:]
    for file in files + map({ $0.file ?? "" }) where fileOrder[file] == nil {
      fileOrder[file] = fileOrder.count
    }
    let origin = SourcePosition(line: 0, column: 0)
    let keyed = enumerated().map { index, finding in
      (fileOrder[finding.file ?? ""] ?? 0, finding.range?.start ?? origin, index, finding)
    }
    return keyed.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
  }
}

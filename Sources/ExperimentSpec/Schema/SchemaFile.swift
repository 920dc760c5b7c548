// SPDX-License-Identifier: MIT
import Diagnostics

extension JSONDocument {
  /// Whether the text says of itself that it is a JSON Schema, as `init` writes one beside an
  /// experiment.
  var isSchema: Bool {
    guard let member = value?.members?.first(where: { $0.key == "$schema" }),
      case .string(let text) = member.value.content
    else { return false }
    return ["https://json-schema.org/", "http://json-schema.org/"].contains {
      text.utf8.starts(with: $0.utf8)
    }
  }
}

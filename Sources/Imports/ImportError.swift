// SPDX-License-Identifier: MIT

/// Why nothing was imported: a sentence with what was found, what is allowed and what to do.
package struct ImportError: Error, Hashable, Sendable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}

/// Ends a name that is none of those allowed: `; did you mean "return"?`.
func suggestion(_ nearest: String?) -> String {
  nearest.map { "; did you mean \"\($0)\"?" } ?? ""
}

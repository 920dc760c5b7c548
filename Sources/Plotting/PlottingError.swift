// SPDX-License-Identifier: MIT

/// Why a figure could not be made: what kind of trouble, and the facts as a sentence.
package struct PlottingError: Error, Equatable, CustomStringConvertible {
  /// The kinds of trouble.
  package enum Code: String, Sendable {
    /// The canvas is empty, not finite, or larger than any screen or printer needs.
    case canvas
    /// Cairo reports a failure.
    case cairo
    /// libpng reports a failure, or bytes are not a PNG.
    case png
    /// A text chunk's keyword breaks the rules of PNG.
    case keyword
  }

  /// The kind of trouble.
  package let code: Code
  /// The facts as a sentence.
  package let context: String

  /// An error with its facts.
  package init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  /// The error as the command line prints it.
  package var description: String { "error[\(code.rawValue)]: \(context)" }
}

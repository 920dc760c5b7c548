// SPDX-License-Identifier: MIT

/// Which program this is.
package enum Version {
  /// Semantic version of the program.
  package static let text = "0.1.0"

  /// The compiler that built it.
  package static var swift: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}

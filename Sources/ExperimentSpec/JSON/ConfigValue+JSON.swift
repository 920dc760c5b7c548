// SPDX-License-Identifier: MIT
import Diagnostics
package import ParameterSchema

extension ConfigValue {
  /// The value that a JSON text says, or nil where it says none without fault.
  package init?(json bytes: [UInt8]) {
    let document = JSONReader.read(SourceText(name: "", bytes: bytes))
    guard document.findings.isEmpty, let value = document.value else { return nil }
    self = value.plain
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
package import ParameterSchema

extension ConfigValue {
  /// The value of a stored JSON text; nil for anything that is not one.
  package init?(json text: String) {
    let document = JSONReader.read(SourceText(name: "", text: text))
    guard let value = document.value, document.isWhole, document.findings.isEmpty else {
      return nil
    }
    self = value.plain
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics
import Plotting

/// What is said about the filters of a convolution.
extension Wording {
  static func convolutionLead(
    _ layer: FirstConvolution, _ label: String, seed: Int, best: Bool
  ) -> String {
    let size = "\(layer.side)×\(layer.side)"
    let parts =
      layer.channels == 1
      ? "" : " in \(count(layer.channels)) frames, the oldest first"
    return
      "What the first layer looks for, the same at every place: each picture is a filter of \(size)"
      + " weights\(parts). From \(quoted(label)), seed \(seed)"
      + (best ? ", the first finished seed of the best variant." : ".")
  }

  static func convolutionCaption(_ layer: FirstConvolution) -> String {
    let white = Numbers.text(Double(layer.greatest))
    return
      "\(capitalized(stop(layer.episode))): one square a weight, one grey scale for all; white is"
      + " +\(white), black −\(white). Below: number of the filter."
  }

  static func convolutionAlternative(_ layer: FirstConvolution) -> String {
    "The \(count(layer.filterCount, "filter")) of the first convolution as grey pictures of"
      + " \(layer.side)×\(layer.side) weights, white positive and black negative."
  }
}

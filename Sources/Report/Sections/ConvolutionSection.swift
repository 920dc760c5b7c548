// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Plotting

/// The filters of a convolutional policy's first layer.
struct FirstConvolution {
  let filterCount: Int
  let channels: Int
  /// Pixels of a filter's side.
  let side: Int
  /// Training episodes behind the weights.
  let episode: Int
  /// Shape `[F, C, side, side]`.
  private let weights: [Float]

  /// - Returns: nil for a checkpoint of another policy.
  init?(_ checkpoint: Checkpoint, episode: Int) {
    guard let first = checkpoint["policy.w1"], first.shape.count == 4,
      first.shape[2] == first.shape[3], first.shape.allSatisfy({ $0 > 0 })
    else { return nil }
    (filterCount, channels, side) = (first.shape[0], first.shape[1], first.shape[2])
    self.episode = episode
    weights = first.values
  }

  /// The weight of a filter at (y, x) of a channel.
  func weight(_ filter: Int, _ channel: Int, _ y: Int, _ x: Int) -> Float {
    weights[((filter * channels + channel) * side + y) * side + x]
  }

  /// Width of `picture`, in weights.
  var pictureWidth: Int { channels * (side + 1) - 1 }

  /// A filter row by row, its channels side by side, the oldest frame first; between them a column
  /// of no weights.
  func picture(_ filter: Int) -> [Float] {
    (0..<side).flatMap { y in
      (0..<pictureWidth).map { x in
        let (channel, column) = (x / (side + 1), x % (side + 1))
        return column == side ? .nan : weight(filter, channel, y, column)
      }
    }
  }

  /// A row for each weight.
  fileprivate var table: CSVTable {
    var table = CSVTable(["filter", "channel", "row", "column", "weight"])
    for (index, weight) in weights.enumerated() {
      let (plane, place) = index.quotientAndRemainder(dividingBy: side * side)
      table.add([plane / channels, plane % channels, place / side, place % side, Double(weight)])
    }
    return table
  }

  /// The greatest magnitude among all weights that are finite.
  var greatest: Float { weights.lazy.filter(\.isFinite).map(abs).max() ?? 0 }
}

extension Section {
  /// The filters of a convolution in one trial's newest checkpoint; nil where its policy has none.
  static func convolution(
    _ source: ShownTrial, _ figures: FigureWriter
  ) throws -> Section? {
    guard let layer = source.trial.newest(FirstConvolution.init) else { return nil }
    let size = "\(layer.side)×\(layer.side)"
    let white = Numbers.text(Double(layer.greatest))
    let figure = try figures.figure(
      "filters",
      caption: "\(Wording.capitalized(Wording.stop(layer.episode))): one square a weight, one grey"
        + " scale for all; white is +\(white), black −\(white). Below: number of the filter.",
      table: layer.table, withoutVectors: true,
      Figure.filters(
        alternative:
          "The \(Numbers.count(layer.filterCount, "filter")) of the first convolution as grey pictures"
          + " of \(size) weights, white positive and black negative.",
        tiles: (0..<layer.filterCount).map(layer.picture), tileWidth: layer.pictureWidth,
        tileHeight: layer.side))
    let frames =
      layer.channels == 1
      ? "" : " in \(Numbers.whole(layer.channels)) frames, the oldest first"
    return Section(
      "filters", "Filters",
      """
      <p class="lead">What the first layer looks for, the same at every place: each picture is a \
      filter of \(size) weights\(frames). \(source.origin)</p>
      \(figure)
      """)
  }
}

// SPDX-License-Identifier: MIT

import Artifacts

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

  /// The greatest magnitude among all weights that are finite.
  var greatest: Float { weights.lazy.filter(\.isFinite).map(abs).max() ?? 0 }
}

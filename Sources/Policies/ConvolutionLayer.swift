// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops
import Kernels

/// One convolution of a network: its shape, where its weights stand in the network's block, and
/// which outputs each of its inputs reaches.
struct ConvolutionLayer {
  let shape: ConvolutionShape.Layer
  let form: ConvolutionForm
  /// Lanes of eight filters.
  let lanes: Int
  /// Where weights `[rows, lanes]` and biases `[lanes]` begin in a block, in lanes.
  let weights: Int
  let biases: Int
  /// Whether its input is the observation, whose entries are positions of one channel each.
  private let isFirst: Bool
  /// Of every input position.
  let reaches: [ConvolutionReach]

  /// - Parameter start: the lane at which its weights begin.
  init(_ shape: ConvolutionShape.Layer, isFirst: Bool, start: Int) {
    self.shape = shape
    self.isFirst = isFirst
    lanes = (shape.filters + 7) / 8
    weights = start
    biases = start + shape.inputs * lanes
    form = ConvolutionForm(
      across: Int32(shape.outputWidth), kernel: Int32(shape.kernel), stride: Int32(shape.stride),
      tapRows: Int32(isFirst ? 1 : shape.channels), lanes: Int32(lanes))
    var reaches: [ConvolutionReach] = []
    for channel in 0..<(isFirst ? shape.channels : 1) {
      for y in 0..<shape.height {
        let (top, rows) = shape.windows(over: y, of: shape.outputHeight)
        for x in 0..<shape.width {
          let (left, columns) = shape.windows(over: x, of: shape.outputWidth)
          let isSeen = rows > 0 && columns > 0
          let (ky, kx) = (y - top * shape.stride, x - left * shape.stride)
          let tap = (channel * shape.kernel + ky) * shape.kernel + kx
          reaches.append(
            ConvolutionReach(
              position: isSeen ? UInt16(top * shape.outputWidth + left) : 0,
              tap: isSeen ? UInt16(tap) : 0, rows: isSeen ? UInt8(rows) : 0,
              columns: isSeen ? UInt8(columns) : 0))
        }
      }
    }
    self.reaches = reaches
  }

  /// Behind its last lane.
  var end: Int { biases + lanes }

  /// Taps with rows of their own.
  var taps: Int { shape.kernel * shape.kernel * (isFirst ? shape.channels : 1) }
  /// Rows of weights that belong to a tap.
  var tapRows: Int { Int(form.tapRows) }

  /// The row of the weights of channel c at (y, x) of a kernel.
  func row(_ c: Int, _ y: Int, _ x: Int) -> Int {
    isFirst
      ? (c * shape.kernel + y) * shape.kernel + x : (y * shape.kernel + x) * shape.channels + c
  }
}

// SPDX-License-Identifier: MIT

/// A picture of at most 256 colours: an index into the colours for every pixel.
struct IndexedImage: Equatable {
  /// Width in pixels.
  let width: Int
  /// Height in pixels.
  let height: Int
  /// Three bytes a colour.
  let palette: [UInt8]
  /// `height · width` indices, row by row.
  let indices: [UInt8]
}

extension IndexedImage {
  /// The picture with its own colours, or nil where there are more than 256 and `isExact`; else
  /// close ones are merged, the commonest kept as they are.
  ///
  /// Line art has few colours that matter and thousands from soft edges; merging these makes the
  /// file a third as large and moves no channel visibly. Complexity: O(pixels).
  init?(_ image: PixelImage, isExact: Bool) {
    precondition(image.format == .rgb, "a palette is made of colours, not of grey")
    var histogram = Histogram(image.bytes)
    if histogram.colors.count > 256 {
      if isExact { return nil }
      histogram.merge(to: 256, keeping: 64)
    }
    width = image.width
    height = image.height
    palette = histogram.palette.flatMap {
      [UInt8($0 >> 16), UInt8($0 >> 8 & 255), UInt8($0 & 255)]
    }
    indices = histogram.pixels.map { UInt8(histogram.slots[Int($0)]) }
  }
}

/// Which colours occur how often, and where each went in the palette.
private struct Histogram {
  /// Distinct colours as 0xRRGGBB, in order of first occurrence.
  var colors: [UInt32] = []
  var counts: [Int] = []
  /// For each pixel the place of its colour in `colors`.
  var pixels: [UInt32] = []
  /// For each of `colors` its place in `palette`.
  var slots: [Int] = []
  var palette: [UInt32] = []

  init(_ bytes: [UInt8]) {
    var places: [UInt32: UInt32] = [:]
    var (last, place) = (UInt32.max, UInt32(0))
    pixels.reserveCapacity(bytes.count / 3)
    for at in stride(from: 0, to: bytes.count - 2, by: 3) {
      let color = UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
      // Neighbours are mostly equal, and a look-up is dear.
      if color != last {
        last = color
        if let known = places[color] {
          place = known
        } else {
          place = UInt32(colors.count)
          places[color] = place
          colors.append(color)
          counts.append(0)
        }
      }
      counts[Int(place)] += 1
      pixels.append(place)
    }
    palette = colors
    slots = Array(colors.indices)
  }

  /// Merges by median cut (Heckbert 1982), after setting the `keeping` commonest colours aside.
  mutating func merge(to size: Int, keeping: Int) {
    let order = colors.indices.sorted { (-counts[$0], $0) < (-counts[$1], $1) }
    palette = order.prefix(keeping).map { colors[$0] }
    for (slot, place) in order.prefix(keeping).enumerated() { slots[place] = slot }
    var boxes = [Box(Array(order.dropFirst(keeping)), colors, counts)]
    while boxes.count < size - keeping {
      let widest = boxes.indices.max { (boxes[$0].error, $1) < (boxes[$1].error, $0) }
      guard let widest, let halves = boxes[widest].split(colors, counts) else { break }
      boxes[widest] = halves.0
      boxes.append(halves.1)
    }
    for box in boxes {
      for place in box.members { slots[place] = palette.count }
      palette.append(box.mean)
    }
  }
}

/// Colours that will become one.
private struct Box {
  let members: [Int]
  /// The mean colour, weighted by how often each occurs.
  let mean: UInt32
  /// Squared distance from the mean along the channel that varies most, summed over pixels.
  let error: Double
  /// How far to shift a colour for the channel that varies most: 16, 8 or 0.
  private let shift: UInt32

  init(_ members: [Int], _ colors: [UInt32], _ counts: [Int]) {
    self.members = members
    var (mean, worst, shift) = (UInt32(0), -1.0, UInt32(0))
    for channel in [UInt32(16), 8, 0] {
      var (weight, sum, squares) = (0.0, 0.0, 0.0)
      for place in members {
        let value = Double(colors[place] >> channel & 255)
        // The root keeps rare colours of thin lines from being lost to common ones.
        let count = Double(counts[place]).squareRoot()
        weight += count
        sum += count * value
        squares += count * value * value
      }
      let middle = weight > 0 ? sum / weight : 0
      mean |= UInt32(middle.rounded()) << channel
      let error = squares - sum * middle
      if error > worst { (worst, shift) = (error, channel) }
    }
    self.mean = mean
    self.error = worst
    self.shift = shift
  }

  func split(_ colors: [UInt32], _ counts: [Int]) -> (Box, Box)? {
    let middle = mean >> shift & 255
    let low = members.filter { colors[$0] >> shift & 255 <= middle }
    let high = members.filter { colors[$0] >> shift & 255 > middle }
    if low.isEmpty || high.isEmpty { return nil }
    return (Box(low, colors, counts), Box(high, colors, counts))
  }
}

// SPDX-License-Identifier: MIT

/// Moves labels of equal height along one line as little as it takes for none to overlap.
///
/// - Parameters:
///   - wanted: the middles the labels would like to have, in points, in any order.
///   - height: what each label takes, in points.
///   - range: where labels must lie as a whole.
/// - Returns: a middle for each label, in the order given, or nil where they do not fit.
func spread(
  _ wanted: [Double], height: Double, within range: ClosedRange<Double>
) -> [Double]? {
  let room = range.upperBound - range.lowerBound
  if Double(wanted.count) * height > room + 1e-9 { return nil }
  // Blocks of touching labels, merged while they overlap: the pool-adjacent-violators way.
  struct Block {
    var first: Int
    var count: Int
    /// Sum of the tops that its first label would need for each label to lie where it wants.
    var sum: Double
    func top(_ height: Double, _ range: ClosedRange<Double>) -> Double {
      let free = sum / Double(count)
      return min(max(free, range.lowerBound), range.upperBound - Double(count) * height)
    }
  }
  let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
  var blocks: [Block] = []
  for (rank, index) in order.enumerated() {
    var block = Block(first: rank, count: 1, sum: wanted[index] - height / 2)
    while let above = blocks.last,
      above.top(height, range) + Double(above.count) * height > block.top(height, range) + 1e-9
    {
      blocks.removeLast()
      let shift = Double(above.count * block.count) * height
      block = Block(
        first: above.first, count: above.count + block.count, sum: above.sum + block.sum - shift)
    }
    blocks.append(block)
  }
  var placed = wanted
  for block in blocks {
    let top = block.top(height, range)
    for offset in 0..<block.count {
      placed[order[block.first + offset]] = top + (Double(offset) + 0.5) * height
    }
  }
  return placed
}

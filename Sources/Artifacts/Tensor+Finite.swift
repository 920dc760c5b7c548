// SPDX-License-Identifier: MIT

extension Tensor {
  /// `policy.w1 holds NaN at [3, 17]` for the first number that is NaN or infinite; nil where all are
  /// finite. Places are counted from 0.
  package var brokenNumber: String? {
    guard let first = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    var rest = first
    var place: [Int] = []
    for extent in shape.reversed() {
      place.insert(rest % extent, at: 0)
      rest /= extent
    }
    let number = values[first].isNaN ? "NaN" : "an infinite number"
    return "\(name) holds \(number) at \(place)"
  }
}

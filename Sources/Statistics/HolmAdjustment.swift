// SPDX-License-Identifier: MIT

/// The p-values adjusted for being a family (Holm 1979): with all adjusted values below α called
/// significant, the chance of any false call is at most α.
///
/// The i-th least of k is multiplied by k − i + 1, made no less than the one before, and at most 1.
///
/// - Parameter pValues: each in 0...1, in any order, which the result keeps.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  precondition(
    pValues.allSatisfy { (0...1).contains($0) }, "p-values lie in 0...1, found \(pValues)")
  var adjusted = pValues
  var floor = 0.0
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  for (place, index) in order.enumerated() {
    floor = max(floor, min(1, pValues[index] * Double(pValues.count - place)))
    adjusted[index] = floor
  }
  return adjusted
}

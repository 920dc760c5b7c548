// SPDX-License-Identifier: MIT

/// The quantile by linear interpolation at (n − 1)·q of the sorted values, which is type 7 of
/// Hyndman and Fan 1996 and NumPy's default; nil of nothing.
///
/// - Parameters:
///   - values: in any order, without NaN; infinities are allowed.
///   - q: from 0 (the least) to 1 (the greatest).
package func quantile(_ values: [Double], _ q: Double) -> Double? {
  guard !values.isEmpty else { return nil }
  var selection = Selection(values)
  return selection.quantile(q)
}

/// Values under partial sorting: each asked order statistic costs O(n), and each later one less,
/// since what was put in place stays so.
struct Selection {
  private var values: [Double]

  /// Precondition of every later question: `values` is not empty.
  init(_ values: [Double]) {
    self.values = values
  }

  /// Linear interpolation at (n − 1)·q.
  mutating func quantile(_ q: Double) -> Double {
    precondition(!values.isEmpty, "a quantile wants at least 1 value, found \(values.count)")
    precondition(q >= 0 && q <= 1, "a quantile's order lies in 0...1, found \(q)")
    let position = Double(values.count - 1) * q
    let below = Int(position)
    let share = position - Double(below)
    let lower = place(below)
    // Without this, 0 × ∞ would turn the quantile of a censored time into NaN.
    guard share > 0 else { return lower }
    let upper = leastAbove(below)
    if lower == upper { return lower }
    let distance = upper - lower
    return distance.isInfinite && lower.isFinite && upper.isFinite
      ? lower * (1 - share) + upper * share : lower + share * distance
  }

  /// The inverted cumulative distribution: the least value whose share of all reaches q; where a
  /// share meets q exactly, the mean of that value and the next (type 2 of Hyndman and Fan 1996).
  ///
  /// For distributions that are known whole, where nothing lies between two values.
  mutating func inverse(_ q: Double) -> Double {
    precondition(!values.isEmpty, "a quantile wants at least 1 value, found \(values.count)")
    precondition(q >= 0 && q <= 1, "a quantile's order lies in 0...1, found \(q)")
    let share = Double(values.count) * q
    let whole = share.rounded()
    // q is rounded itself: of 50,000 values, 0.025 is met by the 1,250th.
    if abs(share - whole) <= 1e-9 * max(1, share), whole >= 1, Int(whole) < values.count {
      let lower = place(Int(whole) - 1)
      return middle(lower, leastAbove(Int(whole) - 1))
    }
    return place(max(0, min(values.count, Int(share.rounded(.up))) - 1))
  }

  /// The value that `count` others follow in order: the greatest but for those.
  mutating func greatest(after count: Int) -> Double { place(values.count - 1 - count) }

  /// Puts the k-th least value at index k, no greater ones before it and no lesser ones behind it
  /// (Hoare 1961, with the median of three as pivot), and returns it.
  private mutating func place(_ k: Int) -> Double {
    var low = 0
    var high = values.count - 1
    while low < high {
      let pivot = medianOfThree(values[low], values[(low + high) / 2], values[high])
      var i = low
      var j = high
      while i <= j {
        while values[i] < pivot { i += 1 }
        while values[j] > pivot { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if k <= j {
        high = j
      } else if k >= i {
        low = i
      } else {
        break
      }
    }
    return values[k]
  }

  /// The next value in order, once `place(k)` has put all that are no less behind `k`.
  private func leastAbove(_ k: Int) -> Double {
    values[(k + 1)...].min() ?? values[k]
  }

  private func medianOfThree(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}

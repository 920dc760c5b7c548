// SPDX-License-Identifier: MIT

package import Kernels
import Randomness

/// A fixed shuffle of an observation's entries, for `observation.permutePixels`.
///
/// It follows from the experiment's `rootSeed` and the number of entries alone: all variants and
/// seeds of an experiment meet the same one. A fully connected policy with independent initial
/// weights learns alike under any permutation, so no more than one is needed, and filters and
/// policies of different seeds stay comparable.
package struct EntryPermutation: Hashable, Sendable {
  /// Where each entry goes.
  package let places: [Int32]

  /// - Parameters:
  ///   - count: entries of an observation.
  ///   - root: the experiment's `rootSeed`.
  package init(count: Int, root: UInt64) {
    var draws = RandomStreams(root: root, seed: 0)
      .generator(.entryPermutation, index: UInt64(count))
    var places = Array(0..<Int32(count))
    // Fisher and Yates.
    for i in stride(from: count - 1, to: 0, by: -1) {
      places.swapAt(i, Int(draws.next(below: UInt32(i + 1))))
    }
    self.places = places
  }
}

/// An environment seen through a permutation.
package final class PermutedEnvironment: WrappingEnvironment {
  package let inner: any Environment
  /// Without what the inner form knows of entries that belong together.
  package let form: ObservationForm
  package var rival: (any RemoteEnvironment)? {
    inner.rival.map { PermutedEnvironment($0, permutation) }
  }
  private let permutation: EntryPermutation
  private var scratch: [Float] = []

  /// - Parameter root: the experiment's `rootSeed`.
  package convenience init(_ inner: any Environment, root: UInt64) {
    self.init(inner, EntryPermutation(count: inner.form.count, root: root))
  }

  private init(_ inner: any Environment, _ permutation: EntryPermutation) {
    (self.inner, self.permutation) = (inner, permutation)
    var form = inner.form
    form.patterns = []
    self.form = form
  }

  package func observe(_ writer: inout SignWriter) {
    let start = writer.end
    inner.observe(&writer)
    var entry = start
    while entry < writer.end {
      entry.pointee = UInt16(truncatingIfNeeded: permutation.places[Int(entry.pointee)])
      entry += 1
    }
  }

  package func observe(into numbers: inout [Float]) {
    scratch.removeAll(keepingCapacity: true)
    inner.observe(into: &scratch)
    let start = numbers.count
    numbers.append(contentsOf: scratch)
    for i in scratch.indices { numbers[start + Int(permutation.places[i])] = scratch[i] }
  }
}

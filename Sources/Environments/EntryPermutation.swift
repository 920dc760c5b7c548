// SPDX-License-Identifier: MIT

import Kernels
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

/// An environment around another one, seen through a permutation.
class PermutedEnvironment: EnvironmentAround {
  let inner: any Environment
  /// Without what the inner form knows of entries that belong together.
  let form: ObservationForm
  var actions: [String] { inner.actions }
  private let permutation: EntryPermutation
  private var scratch: [Float] = []

  init(_ inner: any Environment, by permutation: EntryPermutation) {
    guard permutation.places.count == inner.form.count else {
      fatalError("a permutation of \(permutation.places.count) for \(inner.form.count) entries")
    }
    self.inner = inner
    self.permutation = permutation
    form = ObservationForm(
      inner.form.entries, channels: inner.form.channels, height: inner.form.height,
      width: inner.form.width)
  }

  func reset(draws: Xoshiro256) throws(EnvironmentError) { try inner.reset(draws: draws) }

  func step(_ action: Int) throws(EnvironmentError) -> Transition { try inner.step(action) }

  func observe(_ writer: inout SignWriter) {
    let start = writer.end
    inner.observe(&writer)
    var entry = start
    while entry < writer.end {
      entry.pointee = UInt16(truncatingIfNeeded: permutation.places[Int(entry.pointee)])
      entry += 1
    }
  }

  func observe(into numbers: inout [Float]) {
    scratch.removeAll(keepingCapacity: true)
    inner.observe(into: &scratch)
    let start = numbers.count
    numbers.append(contentsOf: scratch)
    for i in scratch.indices { numbers[start + Int(permutation.places[i])] = scratch[i] }
  }
}

/// The same around an environment whose steps are taken elsewhere.
final class PermutedRemoteEnvironment: PermutedEnvironment, RemoteEnvironment {
  private let remote: any RemoteEnvironment

  init(remote: any RemoteEnvironment, by permutation: EntryPermutation) {
    self.remote = remote
    super.init(remote, by: permutation)
  }

  func submit(_ action: Int) { remote.submit(action) }

  func collect() throws(EnvironmentError) -> Transition { try remote.collect() }
}

/// The environment, its observations' entries shuffled; a remote one stays remote.
package func permuted(
  _ environment: any Environment, by permutation: EntryPermutation
) -> any Environment {
  if let remote = environment as? any RemoteEnvironment {
    return PermutedRemoteEnvironment(remote: remote, by: permutation)
  }
  return PermutedEnvironment(environment, by: permutation)
}

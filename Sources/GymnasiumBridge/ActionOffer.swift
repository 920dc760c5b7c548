// SPDX-License-Identifier: MIT

import Environments
import ParameterSchema

/// The actions that an environment offers a policy, and their bytes for the worker.
struct ActionOffer {
  let space: ActionSpace
  /// Of a discrete space, what the environment calls each action, from 0.
  private let numbers: [Int]

  init(_ settings: Settings, _ facts: WorkerFacts) throws(EnvironmentError) {
    let id = settings.string("id")
    if facts.space.kind != .discrete, !settings.isNull("actions") {
      throw .refusal(
        id, "its actions have no names; environment.actions is set, allowed: null")
    }
    switch facts.space.kind {
    case .discrete:
      let all = facts.space.names ?? []
      if settings.isNull("actions") {
        numbers = facts.ownActions ?? Array(all.indices)
      } else {
        numbers = try settings.strings("actions").map { name throws(EnvironmentError) in
          guard let number = all.firstIndex(of: name) else {
            throw .refusal(
              id,
              """
              environment.actions: found "\(name)"; allowed: \(all.joined(separator: ", "))
              """)
          }
          return number
        }
      }
      space = .discrete(numbers.map { all[$0] })
    case .product:
      let counts = facts.space.counts ?? []
      guard counts.contains(where: { $0 > 1 }) else {
        throw .refusal(id, "it has one action, which is no choice; allowed: two or more")
      }
      (space, numbers) = (.product(counts), [])
    case .box:
      let ends = zip(facts.space.low ?? [], facts.space.high ?? [])
      let ranges = try ends.map { low, high throws(EnvironmentError) in
        let (low, high) = (low ?? -.infinity, high ?? .infinity)
        guard low <= high else {
          throw .refusal(id, "its actions go from \(low) to \(high); allowed: upwards")
        }
        return low...high
      }
      (space, numbers) = (.box(ranges), [])
    }
  }

  /// A policy's action as the environment counts them.
  func own(_ action: Action) -> Action {
    if case .number(let number) = action { .number(numbers[number]) } else { action }
  }

  /// The bytes of the environment's own action: for each entry a whole number of 32 bits, or of a box
  /// a 32-bit float.
  func append(_ action: Action, to bytes: inout [UInt8]) {
    switch action {
    case .number(let number): append(number, to: &bytes)
    case .entries(let entries):
      if case .box = space {
        for entry in entries { bytes.append(bytesOf: entry.bitPattern) }
      } else {
        for entry in entries { append(Int(entry), to: &bytes) }
      }
    }
  }

  private func append(_ number: Int, to bytes: inout [UInt8]) {
    bytes.append(bytesOf: UInt32(truncatingIfNeeded: number))
  }
}

// SPDX-License-Identifier: MIT

/// What a policy chooses from at each decision.
package enum ActionSpace: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// One of several actions: their names, in the order of their numbers.
  case discrete([String])
  /// A choice in each of several places, of so many each (at least 1).
  case product([Int])
  /// A number in each of several places, within its range, which may be infinite.
  case box([ClosedRange<Float>])

  package init(arrayLiteral names: String...) { self = .discrete(names) }

  /// Entries of an action.
  package var width: Int {
    switch self {
    case .discrete: 1
    case .product(let counts): counts.count
    case .box(let ranges): ranges.count
    }
  }

  /// The names of a discrete space's actions; none elsewhere.
  package var names: [String] { if case .discrete(let names) = self { names } else { [] } }
}

/// What a policy has chosen, as an environment takes it.
package enum Action: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// Of a discrete space, from 0.
  case number(Int)
  /// Of another space, an entry a place: the choice's number from 0, or a number within its range.
  case entries([Float])

  package init(integerLiteral number: Int) { self = .number(number) }

  /// The number of a discrete space's action.
  @inline(__always)
  package var number: Int {
    guard case .number(let number) = self else { preconditionFailure("\(self) has no number") }
    return number
  }
}

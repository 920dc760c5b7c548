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

extension ActionSpace: CustomStringConvertible {
  package var description: String {
    switch self {
    case .discrete(let names): names.joined(separator: ", ")
    case .product(let counts): "choices of \(counts.map(String.init).joined(separator: ", "))"
    case .box(let ranges):
      "numbers in \(ranges.map { "\($0.lowerBound)…\($0.upperBound)" }.joined(separator: ", "))"
    }
  }

  /// As files hold it: the kind, and an entry each, joined by commas.
  package var stored: (kind: String, entries: String) {
    switch self {
    case .discrete(let names): ("discrete", names.joined(separator: ","))
    case .product(let counts): ("product", counts.map(String.init).joined(separator: ","))
    case .box(let ranges):
      ("box", ranges.map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ","))
    }
  }

  /// Reads what `stored` gave; nil where it is no space with a choice.
  package init?(kind: String, entries: String) {
    let parts = entries.split(separator: ",").map(String.init)
    switch kind {
    case "discrete":
      guard parts.count >= 2 else { return nil }
      self = .discrete(parts)
    case "product":
      let counts = parts.compactMap { Int($0) }
      guard counts.count == parts.count, counts.allSatisfy({ (1...1 << 16).contains($0) }),
        counts.contains(where: { $0 > 1 })
      else { return nil }
      self = .product(counts)
    case "box":
      let ranges = parts.compactMap { part -> ClosedRange<Float>? in
        let ends = part.split(separator: ":").compactMap { Float($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
      }
      guard !ranges.isEmpty, ranges.count == parts.count else { return nil }
      self = .box(ranges)
    default: return nil
    }
  }
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

  /// The number of a discrete space's action; of another, the first entry's.
  package var first: Int {
    switch self {
    case .number(let number): number
    case .entries(let entries): Int(entries[0])
    }
  }
}

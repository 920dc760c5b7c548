// SPDX-License-Identifier: MIT
import Diagnostics
package import ParameterSchema

/// The short name of a path in tables: its last word, or for a selector that of its section.
func axisLabel(_ slot: CatalogueIndex.Slot) -> String {
  slot.isSelector && slot.section >= 0
    ? String(slot.path.prefix { $0 != "." }) : slot.name
}

/// `discount 0.99`; a selector's value stands by itself. The whole path is written where another
/// swept path ends with the same word.
func settingLabel(
  _ slot: CatalogueIndex.Slot, _ value: ConfigValue, ambiguousKeys: Set<String> = []
) -> String {
  if slot.isSelector { return shownValue(value) }
  return "\(settingName(slot, ambiguousKeys)) \(shownValue(value))"
}

/// The last word of a path, or all of it where another swept path ends with the same word.
func settingName(_ slot: CatalogueIndex.Slot, _ ambiguousKeys: Set<String>) -> String {
  ambiguousKeys.contains(slot.name) ? slot.path : slot.name
}

/// A label for each point: what it has on the axes on which not all points agree.
///
/// A point that lies on none of them is `base`. Labels are unique: equal ones are numbered.
func variantLabels(_ points: [SweepPoint], _ axes: [SweepAxis]) -> [String] {
  let levels = points.map { $0.levels(count: axes.count) }
  let differing = axes.indices.filter { axis in
    levels.count == 1 || levels.contains { $0[axis] != levels[0][axis] }
  }
  let labels = levels.map { levels in
    let parts = differing.compactMap { axis in levels[axis].map { axes[axis].labels[$0] } }
    return parts.isEmpty ? "base" : parts.joined(separator: " · ")
  }
  // What an author calls "a (2)" is not given to a second "a".
  var taken = Set(labels)
  var uses: [String: Int] = [:]
  return labels.map { label in
    var number = (uses[label] ?? 0) + 1
    defer { uses[label] = number }
    guard number > 1 else { return label }
    while !taken.insert("\(label) (\(number))").inserted { number += 1 }
    return "\(label) (\(number))"
  }
}

/// What the steps of a `zip` over so many paths are called: `pairs`, `triples`, `tuples`.
func tupleNoun(_ paths: Int, count: Int) -> String {
  let noun = paths == 2 ? "pair" : paths == 3 ? "triple" : "tuple"
  return count == 1 ? noun : Numbers.plural(noun)
}

/// What the values of an axis are called together, for a count: `discounts`, `normalizations`.
func countedNoun(_ slot: CatalogueIndex.Slot, count: Int) -> String {
  let key = slot.name
  if slot.isSelector {
    let section = axisLabel(slot)
    return count == 1 ? section : Numbers.plural(section)
  }
  let words = camelCaseWords(key)
  let irregular = ["normalize": "normalization", "hidden": "hidden layout"]
  if let noun = irregular[key] { return count == 1 ? noun : Numbers.plural(noun) }
  let isPhrase = words.contains { ["per", "at", "every", "to", "by"].contains($0) }
  let last = words.last ?? key
  let isAcronym = last.count > 1 && key.hasSuffix(last.uppercased())
  let isPlural = last.hasSuffix("s") && !last.hasSuffix("ss") && last != "bias"
  let isSymbol = last.contains { $0.isNumber }
  if isPhrase || isAcronym || isPlural || isSymbol {
    return count == 1 ? "\(key) value" : "\(key) values"
  }
  let noun = words.joined(separator: " ")
  return count == 1 ? noun : Numbers.plural(noun)
}

/// `learningRate` as `learning`, `rate`; `maxKL` as `max`, `kl`.
private func camelCaseWords(_ name: String) -> [String] {
  var words: [String] = []
  var previousWasUpper = true
  for character in name {
    if character.isUppercase, !previousWasUpper || words.isEmpty {
      words.append(character.lowercased())
    } else if words.isEmpty {
      words.append(String(character))
    } else {
      words[words.count - 1] += character.lowercased()
    }
    previousWasUpper = character.isUppercase
  }
  return words
}

/// A value as people read it in a label: `off`, `on`, `0.99`, `episode`, `2–4`, `[200, 100]`.
package func shownValue(_ value: ConfigValue) -> String {
  switch value {
  case .null, .bool(false): return "off"
  case .bool(true): return "on"
  case .number(let number): return canonicalNumber(number)
  case .string(let text): return text
  case .array(let elements): return "[" + elements.map(shownValue).joined(separator: ", ") + "]"
  case .object(let members):
    if let low = members["min"], let high = members["max"], members.count == 2 {
      return "\(shownValue(low))–\(shownValue(high))"
    }
    return canonicalJSON(value)
  }
}

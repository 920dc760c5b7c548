// SPDX-License-Identifier: MIT

import ExperimentSpec
import ParameterSchema

extension ConfigurationView {
  /// - Parameters:
  ///   - styles: of the variants' colours, by index.
  ///   - catalogue: for defaults, units and meanings; nil leaves them out.
  init(_ plan: Plan, styles: [Int], catalogue: Catalogue?) {
    let swept = Self.sweptPaths(plan)
    let differences =
      plan.variants.count < 2
      ? []
      : plan.variants.map { variant in
        Difference(
          label: variant.label, seriesClass: seriesClass(styles[variant.index]),
          values: swept.map { Self.text(variant.configuration[path: $0]) })
      }
    self.init(
      heading: "Configuration", lead: Wording.configurationLead(plan.variants.count),
      paths: swept, differences: differences, dropped: Self.dropped(plan),
      arithmetic: plan.arithmetic, hasDocs: catalogue != nil,
      parameters: Self.parameters(plan, catalogue: catalogue))
  }

  /// A value as its JSON; a dash where a variant does not have it.
  static func text(_ value: ConfigValue?) -> String { value.map { canonicalJSON($0) } ?? "–" }

  /// All paths whose values are not the same in all variants, sections in the order of `paths`.
  private static func sweptPaths(_ plan: Plan) -> [String] {
    paths(plan).filter { path in
      let values = plan.variants.map { $0.configuration[path: path] }
      return Set(values).count > 1
    }
  }

  /// All parameters of all variants: those of the catalogue's order by section, else by name.
  static func paths(_ plan: Plan) -> [String] {
    let order = [
      "environment", "observation", "policy", "returns", "reward", "algorithm", "optimizer",
      "training", "evaluation",
    ]
    var found: Set<String> = []
    for variant in plan.variants {
      guard case .object(let sections) = variant.configuration else { continue }
      for (section, value) in sections {
        guard case .object(let members) = value else {
          found.insert(section)
          continue
        }
        for key in members.keys { found.insert("\(section).\(key)") }
      }
    }
    func rank(_ path: String) -> (Int, Int, String) {
      let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
      let isSelector = parts.last == "id" || parts.last == "kind"
      return (order.firstIndex(of: parts[0]) ?? order.count, isSelector ? 0 : 1, path)
    }
    return found.sorted { rank($0) < rank($1) }
  }

  /// Notes on dropped keys, each once, with the variants that it is about.
  private static func dropped(_ plan: Plan) -> [String] {
    var order: [String] = []
    var labels: [String: [String]] = [:]
    for variant in plan.variants {
      for note in variant.dropped {
        if labels[note] == nil { order.append(note) }
        labels[note, default: []].append(variant.label)
      }
    }
    return order.map { note in
      let variants = labels[note] ?? []
      return variants.count == plan.variants.count
        ? note : "\(Wording.list(variants.map { Wording.quoted($0) })): \(note)"
    }
  }

  private static func parameters(_ plan: Plan, catalogue: Catalogue?) -> [Parameter] {
    paths(plan).map { path in
      let values = plan.variants.compactMap { $0.configuration[path: path] }
      let isSame = values.count == plan.variants.count && Set(values).count == 1
      let known = catalogue.flatMap { entry(path, in: $0, plan) }
      let standard = known?.standard
      return Parameter(
        path: path, value: isSame ? text(values.first) : "see above",
        standard: standard.map { text($0) } ?? "–", unit: known?.unit ?? "",
        doc: known?.doc ?? "", isChanged: standard != nil && values.contains { $0 != standard })
    }
  }

  private struct Entry {
    let standard: ConfigValue
    let unit: String
    let doc: String
  }

  /// What the catalogue says of a path; a parameter is looked up in the components in use first.
  private static func entry(_ path: String, in catalogue: Catalogue, _ plan: Plan) -> Entry? {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let section = catalogue.section(named: parts[0]) else { return nil }
    if parts[1] == section.selector {
      return Entry(
        standard: .string(section.components.first?.id ?? ""), unit: "", doc: section.doc)
    }
    let inUse = plan.variants.compactMap {
      section.component(in: $0.configuration[path: section.name])
    }
    for component in inUse + section.components {
      if let found = component.parameters.first(where: { $0.name == parts[1] }) {
        return Entry(standard: found.defaultValue, unit: found.unit ?? "", doc: found.doc)
      }
    }
    return nil
  }
}

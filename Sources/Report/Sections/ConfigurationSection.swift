// SPDX-License-Identifier: MIT

import Diagnostics
import ExperimentSpec
import ParameterSchema

extension Section {
  /// What differs per variant, then everything.
  ///
  /// - Parameters:
  ///   - styles: of the variants' colours, by index.
  ///   - catalogue: for defaults, units and meanings; nil leaves them out.
  static func configuration(_ plan: Plan, styles: [Int], catalogue: Catalogue?) -> Section {
    let docs: HTML =
      "<th scope=\"col\">Default</th><th scope=\"col\">Unit</th><th scope=\"col\">Meaning</th>"
    let all = scrolled(
      "Full configuration", caption: "Every parameter with its value", style: "settings",
      head: """
        <th scope="col">Parameter</th><th scope="col">Value</th>\(docs, if: catalogue != nil)
        """,
      body: plan.paths.html { parameter($0, of: plan, catalogue: catalogue) })
    let isOne = plan.variants.count < 2
    return Section(
      "configuration", "Configuration",
      """
      \(differences(plan, styles: styles), if: !isOne)\(HTML.list(dropped(plan), "support"))\
      <p class="fine">\(plan.arithmetic)</p>
      <details>
      <summary>The full configuration\(", of the variants in common", if: !isOne)</summary>
      \(all)</details>

      """)
  }

  /// Variants whose values stand on the page.
  private static let variantLimit = 200

  private static func differences(_ plan: Plan, styles: [Int]) -> HTML {
    let caption = "What differs between the variants"
    let swept = plan.paths.filter { path in
      Set(plan.variants.map { $0.configuration[path: path] }).count > 1
    }
    let table = scrolled(
      caption, caption: caption,
      head: """
        <th scope="col">Variant</th>\(swept.html { "<th scope=\"col\"><code>\($0)</code></th>" })
        """,
      body: plan.variants.prefix(variantLimit).html { variant in
        let values = swept.html {
          "<td><code>\(shownJSON(variant.configuration[path: $0]))</code></td>"
        }
        return "<tr \(seriesMark(styles[variant.index]))>\(rowHead(variant.label))\(values)</tr>\n"
      })
    let cut =
      plan.variants.count > variantLimit
      ? " Shown are the first \(variantLimit); the table of final scores names every one." : ""
    return """
      <p class="lead">What differs between the \(Numbers.count(plan.variants.count, "variant")).\(cut)</p>
      \(table)
      """
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

  private static func parameter(_ path: String, of plan: Plan, catalogue: Catalogue?) -> HTML {
    let values = plan.variants.compactMap { $0.configuration[path: path] }
    let isSame = values.count == plan.variants.count && Set(values).count == 1
    let known = catalogue.flatMap { entry(path, in: $0, plan) }
    let isChanged = known.map { entry in values.contains { $0 != entry.standard } } ?? false
    let docs: HTML = """
      <td><code>\(shownJSON(known?.standard))</code></td><td>\(known?.unit ?? "")</td>\
      <td class="doc">\(known?.doc ?? "")</td>
      """
    return """
      <tr\(" class=\"changed\"", if: isChanged)><th scope="row"><code>\(path)</code></th>\
      <td><code>\(isSame ? shownJSON(values.first) : "see above")</code></td>\
      \(docs, if: catalogue != nil)</tr>

      """
  }

  private typealias Entry = (standard: ConfigValue, unit: String, doc: String)

  /// What the catalogue says of a path; a parameter is looked up in the components in use first.
  private static func entry(_ path: String, in catalogue: Catalogue, _ plan: Plan) -> Entry? {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let section = catalogue.section(named: parts[0]) else { return nil }
    if parts[1] == section.selector {
      return (.string(section.components.first?.id ?? ""), "", section.doc)
    }
    let inUse = plan.variants.compactMap {
      section.component(in: $0.configuration[path: section.name])
    }
    for component in inUse + section.components {
      if let found = component.parameters.first(where: { $0.name == parts[1] }) {
        return (found.defaultValue, found.unit ?? "", found.doc)
      }
    }
    return nil
  }
}

/// A value as its JSON; a dash where a variant does not have it.
func shownJSON(_ value: ConfigValue?) -> String {
  value.map { canonicalJSON($0) } ?? Numbers.nothing
}

extension Plan {
  /// All parameters of all variants: those of the catalogue's order by section, else by name.
  var paths: [String] {
    let order = [
      "environment", "observation", "policy", "returns", "reward", "algorithm", "optimizer",
      "training", "evaluation",
    ]
    var found: Set<String> = []
    for variant in variants {
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
}

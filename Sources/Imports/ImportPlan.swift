// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Digest
package import ExperimentSpec
import ParameterSchema
package import RunStore

/// What is to be imported, as the command asks for it.
package struct ImportRequest: Sendable {
  package let name: String
  package let patterns: [PathPattern]
  package let columns: CurveColumns
  /// Nil where it was not said.
  package let unit: StepUnit?
  /// The words of the command, which the report shows.
  package let arguments: [String]

  package init(
    name: String, patterns: [PathPattern], columns: CurveColumns, unit: StepUnit?,
    arguments: [String]
  ) {
    (self.name, self.patterns, self.columns) = (name, patterns, columns)
    (self.unit, self.arguments) = (unit, arguments)
  }
}

/// One trial of an import, read in full.
package struct ImportedTrial: Sendable {
  package let id: String
  package let label: String
  package let seed: Int
  package let curve: TrialCurve
  package let record: ImportRecord
  /// Canonical JSON, whose digest is the id.
  let identity: String
}

/// The trials that patterns find, and the plan that they make.
package struct ImportPlan: Sendable {
  package let plan: Plan
  /// In the plan's order.
  package let trials: [ImportedTrial]
  /// What a person should know that is not of one trial.
  package let remarks: [String]

  /// Files that placeholders give to one trial.
  private struct Group {
    let variant: String?
    /// By the names of the placeholders.
    let settings: [String: ConfigValue]
    var seed: Int?
    var sources: [SourceFile] = []

    /// Several patterns may find the same file.
    mutating func add(_ source: SourceFile) throws(ImportError) {
      if sources.contains(where: { $0.path == source.path && $0.digest == source.digest }) {
        return
      }
      if let other = sources.first, other.isWholeRun || source.isWholeRun {
        throw ImportError(
          "\(other.path) and \(source.path) would be one trial, and a run of a store is one by"
            + " itself; a placeholder must tell them apart, such as one for the experiments of an"
            + " MLflow database: mlflow.db/{experiment}/{variant}")
      }
      sources.append(source)
    }
  }

  package init(_ request: ImportRequest) throws {
    var remarks: [String] = []
    var groups = try Self.groups(request, &remarks)
    try Self.fillSeeds(&groups, &remarks)
    // A variant is what the path says; parameters that a store has of it must agree over its seeds.
    var order: [String] = []
    var byVariant: [String: [Group]] = [:]
    let varying = Self.varying(groups)
    for group in groups {
      let label = Self.label(group, varying, of: request.name)
      if byVariant[label] == nil { order.append(label) }
      byVariant[label, default: []].append(group)
    }
    var variants: [Plan.Variant] = []
    var planned: [Plan.PlannedTrial] = []
    var trials: [ImportedTrial] = []
    for label in order {
      let members = (byVariant[label] ?? []).sorted { ($0.seed ?? 0) < ($1.seed ?? 0) }
      let configuration = Self.configuration(members, label, of: request.name, &remarks)
      var variant = Plan.Variant(
        index: variants.count, label: label, configuration: configuration)
      variant.differing = varying.compactMap { name in
        members[0].settings[name].map { .init(path: "hyperparameters.\(name)", value: $0) }
      }
      for group in members {
        let trial = try Self.trial(group, label, configuration, request)
        planned.append(
          .init(
            number: planned.count + 1, id: trial.id, variant: variant.index, seed: trial.seed))
        trials.append(trial)
      }
      variants.append(variant)
    }
    let seeds = Set(trials.map(\.seed)).sorted()
    let digests = trials.flatMap { $0.record.sources.map(\.sha256) }.joined(separator: "\n")
    var plan = Plan(
      name: request.name, experimentFile: "", experimentHash: SHA256.hex(Array(digests.utf8)),
      seeds: seeds, score: Plan.Score(), axes: [], variants: variants, trials: planned,
      arithmetic: "\(Numbers.count(variants.count, "variant")),"
        + " \(Numbers.count(trials.count, "trial"))")
    plan.imported = Plan.Imported(arguments: request.arguments)
    self.plan = plan
    self.trials = trials
    self.remarks = remarks
  }

  /// What the patterns find, by what their placeholders stand for, in the order of first finding. A seed
  /// that no path tells may be a parameter of a store's run.
  private static func groups(
    _ request: ImportRequest, _ remarks: inout [String]
  ) throws -> [Group] {
    var order: [[String: String]] = []
    var groups: [[String: String]: Group] = [:]
    for pattern in request.patterns {
      for found in try SourceFinder(pattern: pattern).find() {
        let source = try found.place.read(request.columns)
        // One that failed at its start, or holds nested ones.
        if source.isWholeRun && source.scalars.isEmpty {
          remarks += source.remarks + ["\(source.path): it has no metrics, and is left out"]
          continue
        }
        var fields = found.fields
        if fields["seed"] == nil, case .number(let seed)? = source.parameters["seed"] {
          fields["seed"] = Int(exactly: seed).map(String.init)
        }
        if groups[fields] == nil {
          order.append(fields)
          let seed = try fields["seed"].map { text in
            guard let seed = Int(text), seed <= 1 << 53 else {
              throw ImportError("\(source.path): \(text) is too great for a seed")
            }
            return seed
          }
          groups[fields] = Group(
            variant: fields["variant"],
            settings: fields.filter { !["variant", "seed"].contains($0.key) }
              .mapValues(parameter), seed: seed)
        }
        try groups[fields]?.add(source)
      }
    }
    guard !order.isEmpty else { throw ImportError(remarks.joined(separator: "\n")) }
    return order.compactMap { groups[$0] }
  }

  /// Gives a group without a seed 0, where its variant has no other.
  private static func fillSeeds(_ groups: inout [Group], _ remarks: inout [String]) throws {
    var known: [String: [String]] = [:]
    for place in groups.indices {
      let group = groups[place]
      let variant = "\(group.variant ?? "") \(canonicalJSON(.object(group.settings)))"
      let path = group.sources.first?.path ?? ""
      let isAlone =
        groups.count { $0.variant == group.variant && $0.settings == group.settings } == 1
      guard let seed = group.seed ?? (isAlone ? 0 : nil) else {
        throw ImportError(
          "\(path): its seed stands neither in the pattern ({seed}) nor in a store's parameters, and it"
            + " is not the only trial of its variant")
      }
      if group.seed == nil {
        remarks.append("\(path): no seed is known; it is called 0, the only one of its variant")
      }
      groups[place].seed = seed
      let key = "\(variant) \(seed)"
      known[key, default: []].append(path)
      if let paths = known[key], paths.count > 1 {
        throw ImportError(
          "\(paths[0]) and \(paths[1]) are of one variant and both of seed \(seed); a placeholder must"
            + " tell them apart")
      }
    }
  }

  /// The hyperparameters of the pattern that are not the same everywhere.
  private static func varying(_ groups: [Group]) -> [String] {
    let names = Set(groups.flatMap(\.settings.keys)).sorted()
    return names.filter { name in Set(groups.map { $0.settings[name] }).count > 1 }
  }

  private static func label(_ group: Group, _ varying: [String], of name: String) -> String {
    let settings = varying.compactMap { key in
      group.settings[key].map { "\(key) \(shownValue($0))" }
    }
    let parts = [group.variant].compactMap(\.self) + settings
    return parts.isEmpty ? name : parts.joined(separator: " · ")
  }

  private static func configuration(
    _ members: [Group], _ label: String, of name: String, _ remarks: inout [String]
  ) -> ConfigValue {
    var settings = members[0].settings
    let stored = members.map { group in
      group.sources.reduce(into: [:]) { all, source in
        all.merge(source.parameters) { known, _ in known }
      } as [String: ConfigValue]
    }
    for key in Set(stored.flatMap(\.keys)).subtracting(["seed"]).sorted()
    where settings[key] == nil {
      let values = Set(stored.map { $0[key] })
      guard values.count == 1, let value = values.first ?? nil else {
        remarks.append(
          "\(label): the parameter \(key) is not the same for all its seeds, and is left out")
        continue
      }
      // A path is read at its dots.
      settings[key.replacing(".", with: "_")] = value
    }
    return [
      "imported": ["run": .string(name), "variant": .string(label)],
      "hyperparameters": .object(settings),
    ]
  }

  private static func trial(
    _ group: Group, _ label: String, _ configuration: ConfigValue, _ request: ImportRequest
  ) throws -> ImportedTrial {
    let seed = group.seed ?? 0
    let curve = try TrialCurve(
      group.sources, columns: request.columns, unit: request.unit, name: "\(label), seed \(seed)")
    var identity = configuration
    identity[path: "seed"] = .number(Double(seed))
    let json = canonicalJSON(identity)
    let record = ImportRecord(
      rows: curve.isMeans ? .means : .episodes, environment: curve.environment,
      sources: group.sources.map {
        .init(path: $0.path, format: $0.format, bytes: $0.bytes, sha256: $0.digest)
      },
      remarks: curve.remarks)
    return ImportedTrial(
      id: String(SHA256.hex(Array(json.utf8)).prefix(TrialFolder.identifierLength)),
      label: label, seed: seed, curve: curve, record: record, identity: json)
  }
}

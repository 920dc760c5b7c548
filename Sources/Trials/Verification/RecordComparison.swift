// SPDX-License-Identifier: MIT

import Artifacts
import ExperimentSpec
import ParameterSchema
package import RunStore

/// The first number in which a trial that was trained again differs from the stored one.
package struct RecordDifference: Hashable, Sendable {
  /// Below the trial's folder, such as `episodes.csv`.
  package let file: String
  /// Where in it, in words: `line 37 (episode 36), return`.
  package let place: String
  package let stored: String
  package let again: String
}

/// How much was held against each other.
package struct VerifiedAmounts: Hashable, Sendable {
  package fileprivate(set) var episodes = 0
  package fileprivate(set) var updates = 0
  package fileprivate(set) var evaluations = 0
  package fileprivate(set) var checkpoints = 0
  package fileprivate(set) var replays = 0
  /// Single numbers, the weights and the optimizer's state among them.
  package fileprivate(set) var numbers = 0
  /// Stored files and columns that the new training has nothing to compare with.
  package fileprivate(set) var uncompared: [String] = []
}

/// Holds the records of a trial against those of the same trial trained again.
///
/// Time and machine stand in files of their own, `timing.csv` and `provenance.json`, which are not
/// looked at.
package struct RecordComparison {
  package private(set) var amounts = VerifiedAmounts()
  package private(set) var difference: RecordDifference?

  /// Compares all that both have, in the order in which it came to be: training, evaluation,
  /// checkpoints, replays.
  ///
  /// The new training may go further than the stored one, which may have been stopped.
  package init(stored: TrialFolder, again: TrialFolder) throws(RunStoreError) {
    let episodes = try compareRows(
      "episodes.csv", stored.episodesPath, again.episodesPath, key: ["episode"])
    amounts.episodes = episodes.compared
    let updates = try compareRows(
      "updates.csv", stored.updatesPath, again.updatesPath, key: ["update"])
    amounts.updates = updates.compared
    // Of a difference in both files the one that came first: an update stands after its episodes.
    difference =
      [episodes.found, updates.found].compactMap { $0 }
      .min { $0.episode < $1.episode }?.difference
    if difference != nil { return }

    // Evaluations come in any order, and not all have to be there.
    let evaluations = try compareRows(
      "evaluations.csv", stored.evaluationsPath, again.evaluationsPath,
      key: ["checkpoint", "episode"], inAnyOrder: true)
    (amounts.evaluations, difference) = (evaluations.compared, evaluations.found?.difference)
    if difference != nil { return }

    amounts.checkpoints = try compareFiles(
      "checkpoints", stored.checkpoints(), again.checkpoints(), Self.compareCheckpoints)
    if difference != nil { return }
    amounts.replays = try compareFiles(
      "replays", stored.replays(), again.replays(), Self.compareBytes)
  }

  private typealias Found = (episode: Int, difference: RecordDifference)

  /// Compares the columns that both files have.
  ///
  /// - Parameters:
  ///   - key: columns that name a row.
  ///   - inAnyOrder: whether rows are found by their names; those that are missing are only said.
  private mutating func compareRows(
    _ file: String, _ storedPath: String, _ againPath: String, key: [String],
    inAnyOrder: Bool = false
  ) throws(RunStoreError) -> (found: Found?, compared: Int) {
    let (a, b) = (try StoredTable(storedPath), try StoredTable(againPath))
    let shared = a.columns.filter(b.columns.contains)
    if !b.columns.isEmpty || !inAnyOrder {
      amounts.uncompared += a.columns.filter { !shared.contains($0) }
        .map { "\(file), column \($0)" }
    }
    func name(_ table: StoredTable, _ row: Int) -> String {
      let values = key.compactMap { table.value($0, in: row) }
      return values.count < key.count
        ? "a broken row" : zip(key, values).map { "\($0) \($1)" }.joined(separator: ", ")
    }
    let places = Dictionary(
      inAnyOrder ? b.rows.indices.map { (name(b, $0), $0) } : [], uniquingKeysWith: { $1 })
    var missing = 0
    for row in a.rows.indices {
      func found(_ what: String, _ x: some StringProtocol, _ y: some StringProtocol) -> Found {
        (
          a.integer("episode", in: row) ?? row + 1,
          RecordDifference(
            file: file, place: "line \(row + 2) (\(name(a, row))), \(what)", stored: String(x),
            again: String(y))
        )
      }
      guard a.rows[row].count == a.columns.count else {
        let fields = "\(a.rows[row].count) under \(a.columns.count) columns"
        return (found("its fields", fields, "\(b.columns.count)"), row - missing)
      }
      let other = inAnyOrder ? places[name(a, row)] : row < b.rows.count ? row : nil
      guard let other else {
        missing += 1
        if inAnyOrder { continue }
        return (found("the whole row", a.rows[row].joined(separator: ","), "nothing"), row)
      }
      for column in shared {
        let (x, y) = (a.value(column, in: row), b.value(column, in: other))
        // A training that an earlier version began does not know its passes.
        if column == "passes", x == "" { continue }
        if !Self.isSame(x, y) {
          return (found(column, x ?? "nothing", y ?? "nothing"), row - missing)
        }
      }
      amounts.numbers += shared.count
    }
    if missing > 0 { amounts.uncompared.append("\(file), \(missing) rows") }
    let last = a.rows.indices.last.flatMap { a.integer("episode", in: $0) } ?? 0
    let reach = max(last, amounts.episodes)
    let more = b.rows.indices.dropFirst(a.rows.count)
      .prefix { (b.integer("episode", in: $0) ?? .max) <= reach }
    if !inAnyOrder && !more.isEmpty {
      amounts.uncompared.append("\(file), \(more.count) rows that are not stored")
    }
    return (nil, a.rows.count - missing)
  }

  /// Whether two fields hold the same number, or are both empty; bit for bit.
  private static func isSame(_ a: Substring?, _ b: Substring?) -> Bool {
    if a == b { return true }
    guard let a, let b, let x = Double(a), let y = Double(b) else { return false }
    return x.bitPattern == y.bitPattern
  }

  // MARK: Checkpoints and replays

  private typealias FileComparison = (
    _ name: String, _ stored: String, _ again: String, _ numbers: inout Int
  ) throws(RunStoreError) -> RecordDifference?

  /// Compares the files that both have, by the episodes in their names.
  ///
  /// - Returns: how many were the same.
  private mutating func compareFiles(
    _ folder: String, _ stored: [(episodes: Int, path: String)],
    _ again: [(episodes: Int, path: String)], _ compare: FileComparison
  ) throws(RunStoreError) -> Int {
    var compared = 0
    for (episodes, path) in stored {
      let name = "\(folder)/" + (path.split(separator: "/").last ?? "")
      guard let other = again.last(where: { $0.episodes == episodes })?.path else {
        amounts.uncompared.append(name)
        continue
      }
      difference = try compare(name, path, other, &amounts.numbers)
      if difference != nil { break }
      compared += 1
    }
    return compared
  }

  /// Metadata, and tensors that both have: older checkpoints keep weights only.
  private static func compareCheckpoints(
    _ file: String, _ stored: String, _ again: String, _ numbers: inout Int
  ) throws(RunStoreError) -> RecordDifference? {
    func difference(_ place: String, _ x: Any, _ y: Any) -> RecordDifference {
      RecordDifference(file: file, place: place, stored: "\(x)", again: "\(y)")
    }
    let (a, b): (Checkpoint, Checkpoint)
    do throws(ArtifactError) {
      b = try Checkpoint(contentsOf: again)
    } catch {
      throw RunStoreError(.unreadable, path: again, found: error.detail)
    }
    do throws(ArtifactError) {
      a = try Checkpoint(contentsOf: stored)
    } catch {
      return difference("the file", error.detail, "a sound checkpoint")
    }
    // The trial's name, lengths of files, and how much an old checkpoint keeps were not learned.
    let ignored: Set = ["trial", "episodesBytes", "updatesBytes", "holds"]
    for (key, value) in a.metadata.sorted(by: { $0.key < $1.key }) where !ignored.contains(key) {
      if let other = b.metadata[key], !isSame(value, other) { return difference(key, value, other) }
    }
    for tensor in a.tensors {
      guard let other = b[tensor.name] else { continue }
      guard tensor.shape == other.shape else {
        return difference("the shape of \(tensor.name)", tensor.shape, other.shape)
      }
      let pairs = zip(tensor.values, other.values)
      if let (flat, pair) = pairs.enumerated()
        .first(where: { $1.0.bitPattern != $1.1.bitPattern })
      {
        return difference(
          "\(tensor.name)\(index(flat, in: tensor.shape))", pair.0, pair.1)
      }
      numbers += tensor.values.count
    }
    return nil
  }

  /// Whether a text of the metadata says what it said: a section of the configuration may have keys by
  /// now that the stored one lacks. They came with a later version, and the trial's name says that they
  /// hold the values that change nothing.
  private static func isSame(_ stored: String, _ again: String) -> Bool {
    if stored == again { return true }
    guard case .object(let old)? = ConfigValue(json: stored),
      case .object(let new)? = ConfigValue(json: again)
    else { return false }
    return old.allSatisfy { new[$0.key] == $0.value }
  }

  /// `[3, 17]` of a flat place in a row-major tensor.
  private static func index(_ flat: Int, in shape: [Int]) -> String {
    var (rest, parts) = (flat, [String]())
    for extent in shape.reversed() where extent > 0 {
      parts.append(String(rest % extent))
      rest /= extent
    }
    return "[\(parts.reversed().joined(separator: ", "))]"
  }

  private static func compareBytes(
    _ file: String, _ stored: String, _ again: String, _ numbers: inout Int
  ) throws(RunStoreError) -> RecordDifference? {
    let (a, b) = (try Disk.read(stored), try Disk.read(again))
    if a == b { return nil }
    let place = zip(a, b).enumerated().first { $1.0 != $1.1 }
    return RecordDifference(
      file: file, place: "byte \(place?.offset ?? min(a.count, b.count))",
      stored: place.map { "\($0.element.0)" } ?? "\(a.count) bytes",
      again: place.map { "\($0.element.1)" } ?? "\(b.count) bytes")
  }
}

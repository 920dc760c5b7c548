// SPDX-License-Identifier: MIT

import Artifacts
package import RunStore

/// Holds the records of a trial against those of the same trial trained again.
///
/// Time and machine stand in files of their own, `timing.csv` and `provenance.json`, which are not
/// looked at.
package struct RecordComparison {
  private let stored: TrialFolder
  private let again: TrialFolder
  package private(set) var amounts = VerifiedAmounts()
  package private(set) var difference: RecordDifference?

  /// Compares all that both have, in the order in which it came to be: training, evaluation,
  /// checkpoints, replays.
  ///
  /// The new training may go further than the stored one, which may have been stopped.
  package init(stored: TrialFolder, again: TrialFolder) throws(RunStoreError) {
    self.stored = stored
    self.again = again
    try compareTraining()
    if difference == nil { try compareEvaluations() }
    if difference == nil { try compareCheckpoints() }
    if difference == nil { try compareReplays() }
  }

  // MARK: Training

  /// Of a difference in both files, the one that came first: an update stands after its episodes.
  private mutating func compareTraining() throws(RunStoreError) {
    let episodes = try firstDifference(
      "episodes.csv", stored.episodesPath, again.episodesPath, key: "episode")
    amounts.episodes = episodes.compared
    let updates = try firstDifference(
      "updates.csv", stored.updatesPath, again.updatesPath, key: "update")
    amounts.updates = updates.compared
    switch (episodes.found, updates.found) {
    case (let episode?, let update?):
      difference = update.episode < episode.episode ? update.difference : episode.difference
    case (let found?, nil), (nil, let found?): difference = found.difference
    case (nil, nil): break
    }
  }

  private typealias Found = (episode: Int, difference: RecordDifference)

  private mutating func firstDifference(
    _ file: String, _ storedPath: String, _ againPath: String, key: String
  ) throws(RunStoreError) -> (found: Found?, compared: Int) {
    let a = try StoredTable(storedPath)
    let b = try StoredTable(againPath)
    let shared = a.columns.filter(b.columns.contains)
    for column in a.columns where !shared.contains(column) {
      amounts.uncompared.append("\(file), column \(column)")
    }
    for row in a.rows.indices {
      let episode = a.value("episode", in: row).flatMap { Int($0) } ?? row + 1
      func found(_ column: String, _ x: Substring?, _ y: Substring?) -> Found {
        let name = a.value(key, in: row).map { "\(key) \($0)" } ?? "a broken row"
        return (
          episode,
          RecordDifference(
            file: file, place: "line \(row + 2) (\(name)), \(column)",
            stored: x.map(String.init) ?? "nothing", again: y.map(String.init) ?? "nothing")
        )
      }
      guard a.isWhole(row) else {
        return (
          found(
            "its fields", "\(a.rows[row].count) under \(a.columns.count) columns",
            "\(b.columns.count)"), row
        )
      }
      guard row < b.rows.count else {
        return (found("the whole row", a.rows[row].joined(separator: ",")[...], nil), row)
      }
      for column in shared {
        let (x, y) = (a.value(column, in: row), b.value(column, in: row))
        if !StoredTable.isSame(x, y) { return (found(column, x, y), row) }
      }
      amounts.numbers += shared.count
    }
    let last = a.rows.indices.last.flatMap { a.value("episode", in: $0) }.flatMap { Int($0) } ?? 0
    let reach = max(last, amounts.episodes)
    let more = b.rows.indices.dropFirst(a.rows.count).prefix { row in
      (b.value("episode", in: row).flatMap { Int($0) } ?? .max) <= reach
    }
    if !more.isEmpty {
      amounts.uncompared.append("\(file), \(more.count) rows that are not stored")
    }
    return (nil, a.rows.count)
  }

  // MARK: Evaluation

  /// Row by row as their checkpoint and number name them: evaluations come in any order.
  private mutating func compareEvaluations() throws(RunStoreError) {
    let a = try StoredTable(stored.evaluationsPath)
    let b = try StoredTable(again.evaluationsPath)
    func name(_ table: StoredTable, _ row: Int) -> String {
      "checkpoint \(table.value("checkpoint", in: row) ?? "?"), "
        + "episode \(table.value("episode", in: row) ?? "?")"
    }
    let rows = Dictionary(b.rows.indices.map { (name(b, $0), $0) }, uniquingKeysWith: { $1 })
    let shared = a.columns.filter(b.columns.contains)
    var missing = 0
    for row in a.rows.indices {
      guard let other = rows[name(a, row)] else {
        missing += 1
        continue
      }
      for column in shared {
        let (x, y) = (a.value(column, in: row), b.value(column, in: other))
        guard !StoredTable.isSame(x, y) else { continue }
        difference = RecordDifference(
          file: "evaluations.csv", place: "line \(row + 2) (\(name(a, row))), \(column)",
          stored: x.map(String.init) ?? "nothing", again: y.map(String.init) ?? "nothing")
        return
      }
      amounts.evaluations += 1
      amounts.numbers += shared.count
    }
    if missing > 0 { amounts.uncompared.append("evaluations.csv, \(missing) rows") }
  }

  // MARK: Checkpoints

  private mutating func compareCheckpoints() throws(RunStoreError) {
    let others = Dictionary(
      try again.checkpoints().map { ($0.episodes, $0.path) }, uniquingKeysWith: { $1 })
    for (episodes, path) in try stored.checkpoints() {
      let name = "checkpoints/" + (path.split(separator: "/").last ?? "")
      guard let other = others[episodes] else {
        amounts.uncompared.append(name)
        continue
      }
      do throws(ArtifactError) {
        let b = try Checkpoint(contentsOf: other)
        do throws(ArtifactError) {
          difference = Self.difference(
            try Checkpoint(contentsOf: path), b, file: name, numbers: &amounts.numbers)
        } catch {
          difference = RecordDifference(
            file: name, place: "the file", stored: error.detail, again: "a sound checkpoint")
        }
      } catch {
        throw RunStoreError(.unreadable, path: other, found: error.detail)
      }
      if difference != nil { return }
      amounts.checkpoints += 1
    }
  }

  /// Tensors that both have: older checkpoints keep weights only.
  private static func difference(
    _ a: Checkpoint, _ b: Checkpoint, file: String, numbers: inout Int
  ) -> RecordDifference? {
    // The trial's name, lengths of files, and how much an old checkpoint keeps were not learned.
    let ignored: Set = ["trial", "episodesBytes", "updatesBytes", "holds"]
    for (key, value) in a.metadata.sorted(by: { $0.key < $1.key }) where !ignored.contains(key) {
      guard let other = b.metadata[key], other != value else { continue }
      return RecordDifference(file: file, place: key, stored: value, again: other)
    }
    for tensor in a.tensors {
      guard let other = b[tensor.name] else { continue }
      guard tensor.shape == other.shape else {
        return RecordDifference(
          file: file, place: "the shape of \(tensor.name)", stored: "\(tensor.shape)",
          again: "\(other.shape)")
      }
      let place = zip(tensor.values, other.values).enumerated().first {
        $0.element.0.bitPattern != $0.element.1.bitPattern
      }
      if let place {
        return RecordDifference(
          file: file, place: "\(tensor.name)\(index(place.offset, in: tensor.shape))",
          stored: "\(place.element.0)", again: "\(place.element.1)")
      }
      numbers += tensor.values.count
    }
    return nil
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

  // MARK: Replays

  private mutating func compareReplays() throws(RunStoreError) {
    let others = Dictionary(
      try again.replays().map { ($0.episodes, $0.path) }, uniquingKeysWith: { $1 })
    for (episodes, path) in try stored.replays() {
      let name = "replays/" + (path.split(separator: "/").last ?? "")
      guard let other = others[episodes] else {
        amounts.uncompared.append(name)
        continue
      }
      let (a, b) = (try Disk.read(path), try Disk.read(other))
      if a != b {
        let place = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }
        difference = RecordDifference(
          file: name, place: "byte \(place?.offset ?? min(a.count, b.count))",
          stored: place.map { "\($0.element.0)" } ?? "\(a.count) bytes",
          again: place.map { "\($0.element.1)" } ?? "\(b.count) bytes")
        return
      }
      amounts.replays += 1
    }
  }
}

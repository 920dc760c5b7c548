// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics

extension TrialFolder {
  /// What says that a trial's CSV files had more rows than they have: a checkpoint that is written
  /// behind them, or the status that a process left at its end. Nil where nothing does.
  ///
  /// A process at work is not held against them: it may be making those rows again.
  func lostRows(_ status: TrialStatus?) -> RunStoreError? {
    if status?.isAtWork() == true { return nil }
    var wanted = [(episodesPath, "episodes", status?.state == .running ? 0 : status?.episodes ?? 0)]
    for path in [(try? checkpoints())?.last?.path, resumePath] {
      guard let texts = path.flatMap({ try? Safetensors.metadata(at: $0) }) else { continue }
      for (path, word, key) in [
        (episodesPath, "episodes", "episode"), (updatesPath, "updates", "update"),
      ] {
        wanted.append((path, word, texts[key].flatMap { Int($0) } ?? 0))
      }
    }
    for (path, word, count) in wanted where count > 0 {
      guard let last = Self.lastNumber(of: path), last < count else { continue }
      return RunStoreError(
        .damagedRecord, path: path,
        found: "\(Numbers.whole(last)) of \(Numbers.whole(count)) \(word) that were recorded",
        remedy: "rows were lost, or two copies of the folder mixed")
    }
    return nil
  }

  /// The number that begins the last whole line of a CSV file; 0 of one without rows, nil where no
  /// number stands there.
  private static func lastNumber(of path: String) -> Int? {
    // No row is so long.
    let bytes = readLastBytes(4_096, of: path)
    let newline = UInt8(ascii: "\n")
    guard let end = bytes.lastIndex(of: newline) else { return 0 }
    let line = bytes[..<end].split(separator: newline, omittingEmptySubsequences: false).last ?? []
    let field = String(decoding: line.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)
    let isHeader = EpisodeRecord.columns[0] == field || UpdateRecord.columns[0] == field
    return line.isEmpty || isHeader ? 0 : Int(field)
  }
}

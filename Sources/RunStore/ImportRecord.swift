// SPDX-License-Identifier: MIT

/// Where an imported trial comes from: `imported.json`. A trial that has one was not trained here.
package struct ImportRecord: Codable, Hashable, Sendable {
  /// What a row of `episodes.csv` is.
  package enum Rows: String, Codable, Hashable, Sendable {
    /// One episode.
    case episodes
    /// A mean of several episodes as another program wrote it, which nothing averages again.
    case means
  }

  /// A file, or a run of a store.
  package struct Source: Codable, Hashable, Sendable {
    /// As it was given.
    package var path: String
    /// What wrote it, in words.
    package var format: String
    package var bytes: Int
    /// Of the file, or of what a store has of the run.
    package var sha256: String

    package init(path: String, format: String, bytes: Int, sha256: String) {
      (self.path, self.format, self.bytes, self.sha256) = (path, format, bytes, sha256)
    }
  }

  package var formatVersion = StoredRecord.newestFormat
  package var rows: Rows
  /// The environment's name, where a file has it.
  package var environment: String?
  package var sources: [Source]
  /// What was left out, a sentence each.
  package var remarks: [String]

  package init(rows: Rows, environment: String?, sources: [Source], remarks: [String]) {
    (self.rows, self.environment) = (rows, environment)
    (self.sources, self.remarks) = (sources, remarks)
  }

  /// What the sources are, each kind once.
  package var formats: [String] {
    sources.reduce(into: []) { names, source in
      if !names.contains(source.format) { names.append(source.format) }
    }
  }
}

extension TrialFolder {
  package var importPath: String { "\(path)/imported.json" }

  /// `imported.json`, or nil of a trial of our own.
  package func readImport() throws(RunStoreError) -> ImportRecord? {
    try StoredRecord.readIfPresent(ImportRecord.self, at: importPath)
  }

  /// Replaces `imported.json`.
  package func writeImport(_ record: ImportRecord) throws(RunStoreError) {
    try AtomicFile.write(StoredRecord.encoded(record, path: importPath), to: importPath)
  }
}

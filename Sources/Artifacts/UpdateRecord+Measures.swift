// SPDX-License-Identifier: MIT

extension UpdateRecord {
  /// The columns that hold what an update measured, in the file's order: all behind the counters.
  package static var measureColumns: [String] { Array(columns.suffix(measures.count)) }

  /// What was measured, beside `measureColumns`; nil where it was not.
  package var measured: [Double?] { Self.measures.map { self[keyPath: $0] } }
}

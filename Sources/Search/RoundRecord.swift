// SPDX-License-Identifier: MIT

package import ExperimentSpec
import FoundationEssentials

/// What was decided round after round about the trials of a run: by a search, or by looks at claims.
package protocol RoundRecord: Sendable {
  /// In the run's folder.
  static var fileName: String { get }
  /// What is asked for now, in words; nil when all is over.
  var next: String? { get }
  /// What was decided so far, a line each, in the order of the rounds; a line once said stays.
  var decisions: [String] { get }
  /// The end, in lines; empty before.
  var ended: [String] { get }
  /// Sorted keys, two spaces, a newline at the end. The same record gives the same bytes.
  func encoded() -> [UInt8]
}

extension RoundRecord {
  /// `round 2 of 4`, `look 2 of 11` or `confirmation`; nil when it is over.
  package var round: String? { next.map { text in String(text.prefix { $0 != ":" }) } }
}

/// The bytes of a record all of whose numbers are finite.
func encodedRecord(_ record: some Encodable) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  let data = (try? encoder.encode(record)) ?? Data()
  return [UInt8](data) + [UInt8(ascii: "\n")]
}

/// How far the trials of a run have come that are asked for round after round: found anew each time,
/// from the file and the results alone.
package protocol RoundProgress: Sendable {
  associatedtype Record: RoundRecord
  /// All trials asked for so far.
  var plan: Plan { get }
  var record: Record { get }
  /// Whether nothing is left to ask for.
  var isOver: Bool { get }
}

// SPDX-License-Identifier: MIT

/// The first number in which a trial that was trained again differs from the stored one.
package struct RecordDifference: Hashable, Sendable {
  /// Below the trial's folder, such as `episodes.csv`.
  package var file: String
  /// Where in it, in words: `line 37 (episode 36), return`.
  package var place: String
  package var stored: String
  package var again: String

  package init(file: String, place: String, stored: String, again: String) {
    self.file = file
    self.place = place
    self.stored = stored
    self.again = again
  }
}

/// How much was held against each other.
package struct VerifiedAmounts: Hashable, Sendable {
  package var episodes = 0
  package var updates = 0
  package var evaluations = 0
  package var checkpoints = 0
  package var replays = 0
  /// Single numbers, the weights and the optimizer's state among them.
  package var numbers = 0
  /// Stored files and columns that the new training has nothing to compare with.
  package var uncompared: [String] = []

  package init() {}
}

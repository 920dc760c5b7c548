// SPDX-License-Identifier: MIT

/// The form of what a policy sees: how many entries, in what shape, and of what kind.
package struct ObservationForm: Hashable, Sendable {
  /// What an entry can be.
  package enum Entries: String, Hashable, Sendable {
    /// −1, 0 or 1, nearly all of them 0.
    case signs
    /// Any real number.
    case numbers
  }

  package let entries: Entries
  /// Entry (c, y, x) has index `(c · height + y) · width + x`; what is no picture has one channel
  /// and one row.
  package let channels: Int
  package let height: Int
  package let width: Int
  /// Sets of entries that are lit together, such as a paddle at one place. A writer of signs may
  /// name a whole pattern instead of its entries: a policy keeps the sum of a pattern's weights.
  package var patterns: [[UInt16]] = []

  package init(_ entries: Entries, channels: Int = 1, height: Int = 1, width: Int) {
    self.entries = entries
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// D, the entries of one observation.
  package var count: Int { channels * height * width }
  /// Whether neighbouring entries are neighbours on a screen.
  package var isPicture: Bool { height > 1 && width > 1 }
}

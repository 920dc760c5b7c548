// SPDX-License-Identifier: MIT

extension Plan {
  /// What a file says of itself for people and for queries; it changes nothing that is trained.
  package struct About: Codable, Sendable, Hashable {
    /// Empty when the file names none.
    package var author: String
    package var tags: [String]
    /// Empty when the file has none.
    package var description: String

    package init(author: String = "", tags: [String] = [], description: String = "") {
      self.author = author
      self.tags = tags
      self.description = description
    }
  }
}

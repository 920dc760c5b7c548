// SPDX-License-Identifier: MIT

import RunStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A report that is being written: a folder beside its place, which takes the place at the end.
///
/// What stood there before stays whole until then, so that a render that fails loses nothing.
struct ReportFolder {
  /// The place, without a slash at the end.
  let destination: String
  private let aside: String

  init(destination: String) throws {
    var path = Substring(destination)
    while path.count > 1 && path.last == "/" { path = path.dropLast() }
    self.destination = String(path)
    let parent = Disk.parent(of: String(path)) ?? "."
    let name = path.split(separator: "/").last.map(String.init) ?? "report"
    aside = "\(parent)/.\(name).partial-\(getpid())"
    if Disk.isPresent(self.destination), !Disk.isFolder(self.destination) {
      throw ReportError(.notAFolder, path: self.destination, detail: "there is a file")
    }
    if Disk.isFolder(self.destination), !Self.isOurs(self.destination) {
      throw ReportError(
        .foreignFolder, path: self.destination,
        detail: "it is not empty and has no index.html by Rallybook; move it away")
    }
    try Disk.remove(aside)
    for folder in [aside, "\(aside)/figures", "\(aside)/data"] {
      try Disk.makeFolder(folder)
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try AtomicFile.write(bytes, to: "\(aside)/\(name)", durability: .renamed)
  }

  func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  /// Puts the new folder in the old one's place.
  func finish() throws {
    guard Disk.isPresent(destination) else {
      guard rename(aside, destination) == 0 else { throw Self.failure(destination) }
      return
    }
    let old = aside + "-old"
    try Disk.remove(old)
    guard rename(destination, old) == 0 else { throw Self.failure(destination) }
    guard rename(aside, destination) == 0 else {
      let error = Self.failure(destination)
      rename(old, destination)
      throw error
    }
    try Disk.remove(old)
  }

  /// Takes away what was written so far.
  func abandon() { try? Disk.remove(aside) }

  /// Empty, or with a page that says who made it.
  private static func isOurs(_ path: String) -> Bool {
    guard let names = try? Disk.names(in: path) else { return false }
    if names.isEmpty { return true }
    guard let page = try? Disk.readIfPresent("\(path)/index.html") else { return false }
    return Page.isOurs(page)
  }

  private static func failure(_ path: String) -> ReportError {
    ReportError(.unwritable, path: path, detail: String(cString: strerror(errno)))
  }
}

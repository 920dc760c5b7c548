// SPDX-License-Identifier: MIT

import Artifacts
import Glibc

/// The files of a folder, as they are, for a browser. What lies outside cannot be reached: no name
/// leads upwards, links in the folder are not followed, and hidden files are not there.
package struct StaticFolder: Sendable {
  private let path: String

  package init(_ path: String) { self.path = path }

  /// The file at a path below the folder, or `index.html` where the path ends in a slash.
  package func answer(_ path: [String]) -> Answer {
    guard let last = path.last else { return .nothing }
    let names = Array(path.dropLast()) + [last.isEmpty ? "index.html" : last]
    guard let file = open(names) else { return .nothing }
    defer { close(file) }
    var information = stat()
    guard fstat(file, &information) == 0 else { return .nothing }
    switch information.st_mode & S_IFMT {
    case S_IFDIR where !last.isEmpty: return .moved(to: "./\(Self.encoded(last))/")
    case S_IFREG: break
    default: return .nothing
    }
    guard let bytes = readBytes(ofOpen: file) else { return .nothing }
    let ending = names.last?.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return Answer(bytes, type: Self.types[ending] ?? "application/octet-stream")
  }

  /// Opens name after name, each in the folder opened before, so that nothing that changes meanwhile
  /// leads elsewhere; nil where there is nothing to read.
  private func open(_ names: [String]) -> Int32? {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    var place = Glibc.open(path, flags | O_DIRECTORY)
    for name in names where place >= 0 {
      let folder = place
      let isPlain =
        !name.isEmpty && !name.hasPrefix(".") && !name.utf8.contains { $0 == 0x2F || $0 == 0 }
      place = isPlain ? openat(folder, name, flags | O_NOFOLLOW) : -1
      close(folder)
    }
    return place >= 0 ? place : nil
  }

  /// A name as a part of an address.
  private static func encoded(_ name: String) -> String {
    name.utf8.map { byte in
      let character = Character(UnicodeScalar(byte))
      let isPlain =
        character.isASCII
        && (character.isLetter || character.isNumber || "-._~".contains(character))
      return isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8", "json": "application/json",
    "csv": "text/csv; charset=utf-8", "txt": "text/plain; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "apng": "image/apng", "gif": "image/gif",
    "mp4": "video/mp4", "webm": "video/webm", "pdf": "application/pdf",
  ]
}

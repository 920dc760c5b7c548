// SPDX-License-Identifier: MIT

import ArgumentParser
import Commands
import Foundation

/// A folder in memory where files are laid before a verb, and the verbs themselves, in this
/// process.
enum Scratch {
  static let folder: URL = {
    let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    let folder = URL(fileURLWithPath: "\(root)/rallybook-fuzz-\(getpid())")
    for name in ["experiments", "runs"] {
      try? FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    atexit { try? FileManager.default.removeItem(at: Scratch.folder) }
    return folder
  }()

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func write(_ bytes: [UInt8], to name: String) -> String {
    let place = folder.appendingPathComponent(name)
    do {
      try Data(bytes).write(to: place)
    } catch {
      fatalError("\(place.path): \(error)")
    }
    return place.path
  }

  /// Lays a copy of a run that was stored, and gives the files of it.
  static func copyRun(from source: String) -> [String] {
    let runs = folder.appendingPathComponent("runs")
    do {
      try FileManager.default.removeItem(at: runs)
      try FileManager.default.copyItem(at: URL(fileURLWithPath: source), to: runs)
      return try FileManager.default.subpathsOfDirectory(atPath: runs.path).sorted()
    } catch {
      fatalError("\(source): \(error)")
    }
  }

  @discardableResult
  static func run(_ words: String...) -> Bool { run(words) }

  /// Whether the verb ended with 0; every other end in words is fine.
  @discardableResult
  static func run(_ words: [String]) -> Bool {
    do {
      var command = try Rallybook.parseAsRoot(words)
      try command.run()
      return true
    } catch {
      return false
    }
  }
}

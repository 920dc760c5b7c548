// SPDX-License-Identifier: MIT

import ArgumentParser
import CFuzzer
import Commands
import Foundation
import Glibc
import Randomness

/// `RallybookFuzz TARGET [options of libFuzzer] [folder of the corpus]`: `make fuzz`.
@main
enum Fuzz {
  static func main() {
    let words = CommandLine.arguments
    guard words.count > 1, let target = Target.all.first(where: { $0.name == words[1] }) else {
      print("targets: " + Target.all.map(\.name).joined(separator: " "))
      exit(words.count > 1 ? 2 : 0)
    }
    Session.target = target
    // What is fuzzed writes on standard error too, which is closed for it.
    Session.output = dup(2)
    atexit { Session.tell() }
    var pointers = ([words[0]] + words[2...]).map { strdup($0) } + [nil]
    var count = CInt(pointers.count - 1)
    pointers.withUnsafeMutableBufferPointer { buffer in
      var first = buffer.baseAddress
      _ = LLVMFuzzerRunDriver(&count, &first) { data, size in
        Session.run(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      }
    }
  }
}

/// One target's run. libFuzzer calls from one thread.
enum Session {
  nonisolated(unsafe) static var target: Target?
  nonisolated(unsafe) static var output: Int32 = 2
  nonisolated(unsafe) private static var runs = 0
  nonisolated(unsafe) private static var accepted = 0

  static func run(_ input: [UInt8]) {
    runs += 1
    if target?.accepts(input) == true { accepted += 1 }
  }

  static func tell() {
    let share = runs > 0 ? 100 * accepted / runs : 0
    let line = "\(target?.name ?? ""): \(runs) inputs, \(accepted) accepted (\(share) %)\n"
    _ = line.withCString { write(output, $0, strlen($0)) }
  }
}

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  var draws = Draws(seed: UInt64(seed))
  let input = Array(UnsafeBufferPointer(start: data, count: size))
  guard !draws.happens(1, in: 10), let changed = Session.target?.mutated(input, &draws),
    !changed.isEmpty, changed.count <= limit
  else { return LLVMFuzzerMutate(data, size, limit) }
  for (i, byte) in changed.enumerated() { data[i] = byte }
  return changed.count
}

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

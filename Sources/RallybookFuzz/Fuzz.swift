// SPDX-License-Identifier: MIT

import CFuzzer
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
    Session.current = Session(target)
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
struct Session {
  nonisolated(unsafe) static var current: Session?
  nonisolated(unsafe) static var output: Int32 = 2

  private let target: Target
  private var runs = 0
  private var accepted = 0

  init(_ target: Target) { self.target = target }

  static func run(_ input: [UInt8]) {
    guard let isAccepted = current?.target.accepts(input) else { return }
    current?.runs += 1
    if isAccepted { current?.accepted += 1 }
  }

  static func tell() {
    guard let session = current else { return }
    let share = session.runs > 0 ? 100 * session.accepted / session.runs : 0
    let line =
      "\(session.target.name): \(session.runs) inputs, "
      + "\(session.accepted) accepted (\(share) %)\n"
    _ = line.withCString { write(output, $0, strlen($0)) }
  }

  /// Another input made from this one.
  static func mutated(_ input: [UInt8], _ draws: inout Draws) -> [UInt8]? {
    current?.target.mutated(input, &draws)
  }
}

@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  var draws = Draws(seed: UInt64(seed))
  let input = Array(UnsafeBufferPointer(start: data, count: size))
  guard !draws.happens(1, in: 10), let changed = Session.mutated(input, &draws),
    !changed.isEmpty, changed.count <= limit
  else { return LLVMFuzzerMutate(data, size, limit) }
  for (i, byte) in changed.enumerated() { data[i] = byte }
  return changed.count
}

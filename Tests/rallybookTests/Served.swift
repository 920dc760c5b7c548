// SPDX-License-Identifier: MIT

import Foundation
import TestSupport

/// `rallybook serve` at work, as a browser meets it.
struct Served {
  let child: Program.Child
  /// As it printed it.
  let address: String

  struct Failure: Error { let text: String }

  /// Starts it in the program's folder and waits until it answers.
  init(_ program: Program, _ arguments: String..., port: UInt16 = 0, wrapper: [String] = []) throws
  {
    let child = try program.start(["serve", "--port", "\(port)"] + arguments, wrapper: wrapper)
    guard comesTrue({ child.outputSoFar.hasSuffix("\n") || kill(child.pid, 0) != 0 }),
      child.outputSoFar.hasPrefix("http")
    else {
      kill(child.pid, SIGKILL)
      throw Failure(text: child.wait().error)
    }
    self.child = child
    address = child.outputSoFar.trimmingCharacters(in: .newlines)
  }

  var port: UInt16 {
    address.split(separator: ":").last.flatMap { UInt16($0.prefix(while: \.isNumber)) } ?? 0
  }

  /// Of every page: `/`, or the token between two.
  var prefix: String {
    "/" + address.split(separator: "/", maxSplits: 2)[2...].joined()
  }

  func get(_ path: String, _ method: String = "GET") throws -> HTTPExchange.Answer {
    try HTTPExchange.answer(prefix + path, method, port: port)
  }

  /// What changed since an earlier answer named `at`; everything for "".
  func changes(since at: String = "") throws -> Changes {
    try JSONDecoder().decode(Changes.self, from: get("live.json?\(at)").body)
  }

  struct Changes: Decodable {
    struct Trial: Decodable {
      let id: String
      let state: String
      let episodes: String
      let curve: [Double?]
    }
    struct Run: Decodable {
      let name: String
      let isWhole: Bool
      let state: String
      let summary: String
      let decisions: [String]
      let answer: String?
      let trials: [Trial]
    }
    let at: String
    let shown: [String]
    let runs: [Run]

    func run(_ name: String) -> Run? { runs.first { $0.name == name } }
  }

  /// Asks it to end; its exit status.
  @discardableResult
  func stop(_ signal: Int32 = SIGTERM) -> Int32 {
    kill(child.pid, signal)
    return child.wait().status
  }
}

// SPDX-License-Identifier: MIT

import Foundation

/// What is answered to a request.
package struct Answer: Sendable {
  package var status = 200
  /// As in the header `Content-Type`.
  package var type = "text/plain; charset=utf-8"
  package var body: [UInt8]
  /// Where else to look, with status 301.
  package var location: String?

  package init(_ body: [UInt8], type: String) { (self.body, self.type) = (body, type) }

  init(_ status: Int, _ sentence: String) {
    (self.status, body) = (status, Array((sentence + "\n").utf8))
  }

  /// What the status means, in the words of RFC 9110.
  var phrase: String {
    switch status {
    case 200: "OK"
    case 301: "Moved Permanently"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    default: "Method Not Allowed"
    }
  }

  package static let nothing = Answer(404, "nothing is here")

  package static func moved(to location: String) -> Answer {
    var answer = Answer(301, location)
    answer.location = location
    return answer
  }
}

/// Lets in who may read.
struct RequestHandler {
  /// The first part of every path; nil where none is wanted.
  let token: String?
  let site: WebServer.Site

  func answer(to request: HTTPRequest) async -> Answer {
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
    var path = parts.dropFirst()
    if let token {
      guard let given = path.popFirst(), Self.areEqual(given, token) else {
        return Answer(
          403, "the address that `rallybook serve` printed has a token, which is not here")
      }
      if path.isEmpty { return .moved(to: "/\(token)/") }
    } else if !Self.isForThisMachine(request.headers["host"]) {
      return Answer(403, "only addresses that begin with localhost or 127.0.0.1 are answered")
    }
    guard ["GET", "HEAD"].contains(request.method) else {
      return Answer(405, "only GET and HEAD are answered: nothing is changed here")
    }
    let decoded = path.map { $0.removingPercentEncoding }
    let names = decoded.compactMap(\.self)
    guard parts.first == "", names.count == decoded.count else { return .nothing }
    return await site(names, request.query)
  }

  /// Whether two texts are equal, in a time that does not tell how far they are.
  static func areEqual(_ given: some StringProtocol, _ wanted: String) -> Bool {
    let (given, wanted) = (Array(given.utf8), Array(wanted.utf8))
    var difference = UInt8(given.count == wanted.count ? 0 : 1)
    for (place, byte) in wanted.enumerated() {
      difference |= byte ^ (place < given.count ? given[place] : 0)
    }
    return difference == 0
  }

  /// Whether the header `Host` names this machine to itself, whatever the port: it may be forwarded.
  private static func isForThisMachine(_ host: String?) -> Bool {
    guard let host else { return false }
    return ["localhost", "127.0.0.1", "[::1]"].contains { name in
      host == name || host.hasPrefix("\(name):")
    }
  }
}

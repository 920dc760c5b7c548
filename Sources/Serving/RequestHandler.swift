// SPDX-License-Identifier: MIT

import FlyingFox
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

  package static let nothing = Answer(404, "nothing is here")

  package static func moved(to location: String) -> Answer {
    var answer = Answer(301, location)
    answer.location = location
    return answer
  }
}

/// Lets in who may read, and turns what the site answers into HTTP.
struct RequestHandler: HTTPHandler {
  /// The first part of every path; nil where none is wanted.
  let token: String?
  let site: WebServer.Site

  func handleRequest(_ request: HTTPRequest) async -> HTTPResponse {
    let answer = await answer(to: request)
    var headers: HTTPHeaders = [
      .contentType: answer.type, .cacheControl: "no-cache",
      HTTPHeader("X-Content-Type-Options"): "nosniff",
      HTTPHeader("Referrer-Policy"): "no-referrer",
    ]
    if let location = answer.location { headers[.location] = location }
    if answer.status == 405 { headers[HTTPHeader("Allow")] = "GET, HEAD" }
    if request.method == .HEAD { headers[.contentLength] = "\(answer.body.count)" }
    let phrases = [
      200: "OK", 301: "Moved Permanently", 403: "Forbidden", 404: "Not Found",
      405: "Method Not Allowed",
    ]
    let body = request.method == .HEAD ? Data() : Data(answer.body)
    return HTTPResponse(
      statusCode: HTTPStatusCode(answer.status, phrase: phrases[answer.status] ?? ""),
      headers: headers, body: HTTPBodySequence(data: body, suggestedBufferSize: 65_536))
  }

  private func answer(to request: HTTPRequest) async -> Answer {
    let parts = request.target.path().split(separator: "/", omittingEmptySubsequences: false)
    var path = parts.dropFirst()
    if let token {
      guard let given = path.popFirst(), Self.areEqual(given, token) else {
        return Answer(
          403, "the address that `rallybook serve` printed has a token, which is not here")
      }
      if path.isEmpty { return .moved(to: "/\(token)/") }
    } else if !Self.isForThisMachine(request.headers[.host]) {
      return Answer(403, "only addresses that begin with localhost or 127.0.0.1 are answered")
    }
    guard request.method == .GET || request.method == .HEAD else {
      return Answer(405, "only GET and HEAD are answered: nothing is changed here")
    }
    let decoded = path.map { $0.removingPercentEncoding }
    let names = decoded.compactMap(\.self)
    guard parts.first == "", names.count == decoded.count else { return .nothing }
    return await site(names, request.target.query())
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

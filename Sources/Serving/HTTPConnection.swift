// SPDX-License-Identifier: MIT

import FlyingSocks
import FoundationEssentials
import Glibc

/// A request that has no body.
struct HTTPRequest: Sendable {
  let method: String
  /// As it was sent, with its query.
  let target: String
  /// By names in small letters.
  let headers: [String: String]
  let isLatest: Bool

  /// A request's first line and headers, without the empty line behind them; nil where they are none.
  ///
  /// Source: RFC 9112, sections 3 and 5.
  init?(head: some Collection<UInt8>) {
    guard let text = String(validating: head, as: UTF8.self) else { return nil }
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst()?.split(separator: " "), first.count == 3,
      first[1].hasPrefix("/"), ["HTTP/1.0", "HTTP/1.1"].contains(first[2])
    else { return nil }
    (method, target, isLatest) = (String(first[0]), String(first[1]), first[2] == "HTTP/1.1")
    var headers: [String: String] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), line.first?.isWhitespace == false else {
        return nil
      }
      let name = line[..<colon].lowercased()
      // Said twice, a header could mean one thing here and another elsewhere.
      guard !name.isEmpty, !name.contains(" "), headers[name] == nil else { return nil }
      headers[name] = String(
        line[line.index(after: colon)...].trimmingPrefix(while: \.isWhitespace))
    }
    self.headers = headers
  }

  var path: Substring { target.prefix { $0 != "?" } }
  var query: String { String(target.dropFirst(path.count + 1)) }

  /// Whether another request may follow: none does behind a body, which is not read.
  var keepsOpen: Bool {
    let hasBody =
      headers["content-length", default: "0"] != "0" || headers["transfer-encoding"] != nil
    return isLatest && !hasBody && headers["connection"]?.lowercased() != "close"
  }
}

/// HTTP/1.1 on one connection: requests one after the other, as long as the client wants.
struct HTTPConnection {
  let socket: AsyncSocket
  let handler: RequestHandler

  /// Longest first line with headers, in bytes.
  private static let longestHead = 16_384
  private static let end = Array("\r\n\r\n".utf8)

  /// Answers until the client goes or the task is cancelled.
  func serve() async {
    var received: [UInt8] = []
    // An error is a client that is gone.
    while let head = try? await nextHead(&received) {
      let request = HTTPRequest(head: head)
      var answer = Answer(400, "this is no request of HTTP/1.1")
      if let request { answer = await handler.answer(to: request) }
      let isOpen = request?.keepsOpen ?? false
      guard (try? await write(answer, to: request, isOpen: isOpen)) != nil, isOpen else { break }
    }
    // Closed with bytes unread, the last answer could be lost on its way.
    _ = shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    for _ in 0..<16 where (try? await socket.read(atMost: 4_096)) == nil { break }
    try? socket.close()
  }

  /// The bytes before the next empty line; nil where the client has gone, or sends too many.
  private func nextHead(_ received: inout [UInt8]) async throws -> [UInt8]? {
    while true {
      if let found = received.firstRange(of: Self.end) {
        defer { received.removeSubrange(..<found.upperBound) }
        return Array(received[..<found.lowerBound])
      }
      guard received.count < Self.longestHead else { return nil }
      received += try await socket.read(atMost: 4_096)
    }
  }

  private func write(_ answer: Answer, to request: HTTPRequest?, isOpen: Bool) async throws {
    var head = "HTTP/1.1 \(answer.status) \(answer.phrase)\r\n"
    if let location = answer.location { head += "Location: \(location)\r\n" }
    if answer.status == 405 { head += "Allow: GET, HEAD\r\n" }
    head += """
      Content-Type: \(answer.type)\r
      Content-Length: \(answer.body.count)\r
      Cache-Control: no-cache\r
      X-Content-Type-Options: nosniff\r
      Referrer-Policy: no-referrer\r
      Connection: \(isOpen ? "keep-alive" : "close")\r
      \r

      """
    let body = request?.method == "HEAD" ? [] : answer.body
    try await socket.write(Data(head.utf8) + Data(body))
  }
}

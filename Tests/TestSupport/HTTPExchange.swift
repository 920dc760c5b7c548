// SPDX-License-Identifier: MIT

package import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Requests to servers of this machine, byte by byte as a test wants them; URLSession mends paths, and
/// on Linux fails on chromedriver's headers.
package enum HTTPExchange {
  package struct Answer: Sendable {
    package let status: Int
    /// With the status line; lower case.
    package let head: String
    package let body: Data

    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  package struct Failure: Error, CustomStringConvertible { package let description: String }

  /// An open connection; the caller closes it.
  package static func connection(port: UInt16) throws -> Int32 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Failure(description: "no socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(socket)
      throw Failure(description: "no connection to \(port)")
    }
    return socket
  }

  package static func send(_ bytes: [UInt8], to socket: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { throw Failure(description: "the server hung up") }
      rest = rest.dropFirst(sent)
    }
  }

  /// One request and its answer.
  ///
  /// - Parameter host: the header `Host`; nil for this machine and the port.
  package static func answer(
    _ path: String, _ method: String = "GET", _ body: [UInt8] = [], port: UInt16,
    host: String? = nil
  ) throws -> Answer {
    let socket = try connection(port: port)
    defer { close(socket) }
    let head =
      "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
    try send(Array(head.utf8) + body, to: socket)
    var answer = Data()
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let got = recv(socket, &block, block.count, 0)
      if got <= 0 { break }
      answer.append(contentsOf: block[..<got])
      if let end = answer.range(of: Data("\r\n\r\n".utf8)) {
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).lowercased()
        let length = head.components(separatedBy: "content-length:").dropFirst().first?
          .prefix { $0 != "\r\n" }.trimmingCharacters(in: .whitespaces)
        if let length, let count = Int(length), answer.count - end.upperBound >= count { break }
      }
    }
    guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else {
      throw Failure(description: "\(path): no answer")
    }
    let words = String(decoding: answer[..<end.lowerBound], as: UTF8.self).lowercased()
    return Answer(
      status: words.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, head: words,
      body: Data(answer[end.upperBound...]))
  }
}

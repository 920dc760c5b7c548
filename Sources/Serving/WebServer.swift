// SPDX-License-Identifier: MIT

import FlyingSocks
import Glibc

/// Why a server cannot listen where it is to.
package struct ServingError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case portTaken = "port-taken"
    case badAddress = "bad-address"
  }

  package let code: Code
  package let description: String
}

/// A web server that only reads: it answers GET and HEAD.
///
/// On this machine alone (loopback) it answers requests that are for this machine by name, so that no
/// page from elsewhere reads it under a name of its own that leads here. Listening anywhere else, it
/// wants a random token as the first part of every path.
package struct WebServer: Sendable {
  /// Takes the parts of a path, decoded, and the query as it was sent; the last part of a path that
  /// ends in a slash is empty.
  package typealias Site = @Sendable (_ path: [String], _ query: String) async -> Answer

  private let host: String
  private let port: UInt16
  /// Nil where none is wanted.
  private let token: String?
  private let address: any SocketAddress
  private let handler: RequestHandler

  /// - Parameters:
  ///   - host: an IPv4 or IPv6 address of this machine.
  ///   - port: 0 for any that is free.
  package init(
    host: String, port: UInt16, site: @escaping Site
  ) throws(ServingError) {
    if let four = try? sockaddr_in.inet(ip4: host, port: port) {
      address = four
    } else if let six = try? sockaddr_in6.inet6(ip6: host, port: port) {
      address = six
    } else {
      throw ServingError(
        code: .badAddress,
        description: "\"\(host)\" is no IP address; allowed is one of this machine's, such as "
          + "127.0.0.1, or 0.0.0.0 for all of them")
    }
    (self.host, self.port) = (host, port)
    token = host.hasPrefix("127.") || host == "::1" ? nil : Self.randomToken()
    handler = RequestHandler(token: token, site: site)
  }

  /// Answers requests until the task is cancelled.
  ///
  /// - Parameter ready: called with the address to open once requests are answered.
  package func run(ready: @escaping @Sendable (String) async -> Void) async throws {
    let listening = try listen()
    let shown = shownAddress(try? listening.sockname())
    let pool: some AsyncSocketPool = .ePoll()
    try await pool.prepare()
    let socket = try AsyncSocket(socket: listening, pool: pool)
    defer { try? socket.close() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pool.run() }
      group.addTask {
        try await withThrowingDiscardingTaskGroup { connections in
          while true {
            do {
              let client = try await socket.accept()
              connections.addTask { await HTTPConnection(socket: client, handler: handler).serve() }
            } catch is SocketError {
              // A client that is gone before it was taken, or more than this process may have open.
              try await Task.sleep(for: .milliseconds(20))
            }
          }
        }
      }
      await ready(shown)
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func listen() throws -> Socket {
    do {
      let socket = try Socket(domain: Int32(type(of: address).family))
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: address)
      try socket.listen()
      return socket
    } catch SocketError.failed(_, let number, let message) {
      throw number == EADDRINUSE
        ? ServingError(
          code: .portTaken,
          description: "port \(port) is taken by another program; give another by --port, or "
            + "--port 0 for any that is free")
        : ServingError(
          code: .badAddress, description: "cannot listen on \(host): \(message)")
    }
  }

  private func shownAddress(_ address: Socket.Address?) -> String {
    let (name, port): (String, UInt16) =
      switch address {
      case .ip4(let name, let port): (name, port)
      case .ip6(let name, let port): ("[\(name)]", port)
      case .unix, nil: (host, 0)
      }
    let isAny = name == "0.0.0.0" || name == "[::]"
    let place = "http://\(isAny ? Self.machine : name):\(port)/"
    return token.map { "\(place)\($0)/" } ?? place
  }

  /// The name by which others know this machine.
  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// 128 random bits, hexadecimal.
  private static func randomToken() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("Serve: what a browser may read, and nothing else")
struct ServeTests {
  /// A folder with a report, and things beside it that are nobody's business.
  private func program() throws -> Program {
    let program = try Program()
    let files = [
      "reports/a b/index.html": "<p>a report</p>", "reports/a b/figures/curve.svg": "<svg/>",
      "reports/a b/data/scores.csv": "a,b\n", "reports/a b/game.apng": "…",
      "reports/a b/.hidden": "no", "secret.txt": "secret", "reports/list/a.txt": "in a folder",
      "reports/index.html": "<p>all reports</p>",
    ]
    for (path, text) in files {
      let place = program.folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: place, atomically: true, encoding: .utf8)
    }
    for (link, target) in [("reports/file", "secret.txt"), ("reports/folder", ".")] {
      try FileManager.default.createSymbolicLink(
        at: program.folder.appendingPathComponent(link),
        withDestinationURL: program.folder.appendingPathComponent(target))
    }
    return program
  }

  @Test("Reports come as they are, with their types")
  func reports() throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    #expect(served.address.hasPrefix("http://127.0.0.1:"))
    let types = [
      "": "text/html", "reports/": "text/html", "reports/a%20b/": "text/html",
      "reports/a%20b/index.html": "text/html", "reports/a%20b/figures/curve.svg": "image/svg+xml",
      "reports/a%20b/data/scores.csv": "text/csv", "reports/a%20b/game.apng": "image/apng",
      "reports/list/a.txt": "text/plain", "live.json": "application/json",
    ]
    for (path, type) in types {
      let (got, head) = (try served.get(path), try served.get(path, "HEAD"))
      #expect(
        got.status == 200 && got.head.contains("content-type: \(type)"), "\(path): \(got.head)")
      #expect(got.head.contains("nosniff") && !got.body.isEmpty, "\(path)")
      #expect(head.head.contains("content-length: ") && head.body.isEmpty, "\(path)")
    }
    #expect(try served.get("reports/a%20b/figures/curve.svg").text == "<svg/>")
    for (path, target) in [("reports", "reports/"), ("reports/a%20b", "./a%20b/")] {
      let moved = try served.get(path)
      #expect(moved.status == 301 && moved.head.contains("location: \(target)\r"), "\(moved.head)")
    }
  }

  @Test(
    "Nothing outside the reports is reached: by dots, encoded or not, by links, by hidden names")
  func outside() throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    let paths = [
      "secret.txt", "reports/../secret.txt", "reports/%2e%2e/secret.txt", "reports/..%2fsecret.txt",
      "reports/%2e%2e%2fsecret.txt", "reports/a%20b/../../secret.txt", "reports//secret.txt",
      "reports/file", "reports/folder/secret.txt", "reports/folder/", "reports/list/",
      "reports/a%20b/.hidden", "reports/a%20b%00/index.html", "reports/%ff%fe", "runs/",
      "../secret.txt",
      "reports/" + program.folder.path + "/secret.txt", "reports/a%20b/index.html/",
      "reports/nothing",
    ]
    for path in paths {
      let answer = try served.get(path)
      #expect(answer.status == 404 && !answer.text.contains("secret"), "\(path): \(answer.head)")
    }
    let absolute = try HTTPExchange.answer("http://127.0.0.1/reports/", port: served.port)
    #expect(absolute.status == 400)
  }

  @Test("Only GET and HEAD are answered, and only for this machine's own names")
  func methods() throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "MKCOL"] {
      let answer = try HTTPExchange.answer(
        "/reports/", method, Array("{\"a\": 1}".utf8), port: served.port)
      #expect(answer.status == 405 && answer.head.contains("allow: get, head"), "\(method)")
    }
    for host in ["example.com", "localhost.example.com:80", "127.0.0.1.example.com", ""] {
      let answer = try HTTPExchange.answer("/reports/", port: served.port, host: host)
      #expect(answer.status == 403, "\(host)")
    }
    for host in ["localhost", "localhost:1", "127.0.0.1", "[::1]:9"] {
      #expect(try HTTPExchange.answer("/reports/", port: served.port, host: host).status == 200)
    }
  }

  @Test("Listening elsewhere it wants its token, which is another each time")
  func token() throws {
    let program = try program()
    defer { program.remove() }
    let (served, other) = (
      try Served(program, "--host", "0.0.0.0"), try Served(program, "--host", "0.0.0.0")
    )
    defer { for one in [served, other] { one.stop() } }
    let token = served.prefix.split(separator: "/").joined()
    #expect(token.utf8.count == 32 && served.prefix != other.prefix)
    #expect(try served.get("reports/", "GET").status == 200)
    #expect(try served.get("live.json").status == 200)
    let last = token.last == "0" ? "1" : "0"
    let wrong = [
      "/", "/reports/", "/live.json", other.prefix, "/\(token.dropLast())\(last)/",
      "/\(token.dropLast())/", "/\(token)0/", "/\(token.uppercased())x/", "/x/\(token)/",
      "/?\(token)",
    ]
    for path in wrong {
      for method in ["GET", "HEAD", "POST"] {
        #expect(
          try HTTPExchange.answer(path, method, port: served.port).status == 403,
          "\(method) \(path)")
      }
    }
  }

  @Test(
    "A port that is taken and an address that is not ours end it with status 2 and say what to do")
  func refusals() throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    let taken = try program.run("serve", "--port", "\(served.port)")
    #expect(taken.status == 2 && taken.output.isEmpty)
    #expect(
      taken.error
        == "error[port-taken]: port \(served.port) is taken by another program; give another by "
        + "--port, or --port 0 for any that is free\n")
    let named = try program.run("serve", "--host", "example.com")
    #expect(named.status == 2 && named.error.contains("\"example.com\" is no IP address"))
    let elsewhere = try program.run("serve", "--host", "192.0.2.1", "--port", "0")
    #expect(elsewhere.status == 2 && elsewhere.error.hasPrefix("error[bad-address]: cannot listen"))
  }

  @Test(
    "A connection answers request after request; what is no request of HTTP/1.1 is refused, and ends it",
    arguments: [
      (
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /live.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
        [200, 200]
      ),
      ("GET / HTTP/1.0\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n", [200]),
      ("GET /\r\n\r\n", [400]), ("GET / HTTP/2\r\nHost: localhost\r\n\r\n", [400]),
      ("GET elsewhere HTTP/1.1\r\nHost: localhost\r\n\r\n", [400]),
      ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n", [400]),
      ("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", [400]), ("\u{FF}\r\n\r\n", [400]),
      ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nGET / HTTP", [405]),
      (
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n",
        []
      ),
    ])
  func connections(sent: String, statuses: [Int]) throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program)
    defer { served.stop() }
    let socket = try HTTPExchange.connection(port: served.port)
    defer { close(socket) }
    // A head that is too long is not taken to its end.
    try? HTTPExchange.send(Array(sent.utf8), to: socket)
    _ = shutdown(socket, Int32(SHUT_WR))
    var (answer, block) = (Data(), [UInt8](repeating: 0, count: 65_536))
    while case let got = recv(socket, &block, block.count, 0), got > 0 {
      answer.append(contentsOf: block[..<got])
    }
    let lines = String(decoding: answer, as: UTF8.self).matches(of: #/HTTP\/1\.1 ([0-9]+) /#)
    #expect(lines.map { Int($0.1) } == statuses)
  }

  @Test("Clients that hang up in the middle leave the others their answers")
  func hangingUp() throws {
    let program = try program()
    defer { program.remove() }
    try String(repeating: "x", count: 30_000_000).write(
      to: program.folder.appendingPathComponent("reports/large.txt"), atomically: true,
      encoding: .utf8)
    let served = try Served(program)
    defer { served.stop() }
    let requests = [
      "", "GE", "GET /reports/ HTTP/1.1\r\nHost",
      "GET /reports/large.txt HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "no request at all\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc",
    ]
    for request in requests + requests {
      let socket = try HTTPExchange.connection(port: served.port)
      try HTTPExchange.send(Array(request.utf8), to: socket)
      usleep(20_000)
      close(socket)
    }
    #expect(try served.get("reports/").text.contains("all reports"))
    #expect(try served.get("reports/large.txt").body.count == 30_000_000)
  }

  @Test("More clients than it may have open wait, and are answered when others have gone")
  func tooMany() throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program, wrapper: ["bash", "-c", "ulimit -n 40; exec \"$@\"", "limit"])
    defer { served.stop() }
    let open = try (0..<80).map { _ in try HTTPExchange.connection(port: served.port) }
    usleep(100_000)
    for socket in open { close(socket) }
    #expect(try served.get("reports/").status == 200)
  }

  @Test(
    "Ctrl-C and SIGTERM end it within two seconds, whoever is connected",
    arguments: [SIGINT, SIGTERM])
  func stopping(signal: Int32) throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program)
    let open = try (0..<20).map { _ in try HTTPExchange.connection(port: served.port) }
    defer { for socket in open { close(socket) } }
    for socket in open {
      try HTTPExchange.send(Array("GET /reports/ HTTP/1.1\r\nHost: localhost\r\n".utf8), to: socket)
    }
    kill(served.child.pid, signal)
    #expect(comesTrue(within: 2) { processState(served.child.pid).map { $0 == "Z" } ?? true })
    #expect(served.child.wait().status == 0)
  }

  @Test("With --idle-after it ends by itself once nobody asks")
  func idle() throws {
    let program = try program()
    defer { program.remove() }
    let served = try Served(program, "--idle-after", "2")
    // Asked every half second, it goes on for longer than that.
    for _ in 0..<6 {
      #expect(try served.get("live.json").status == 200)
      usleep(500_000)
    }
    #expect(served.child.wait().status == 0)
  }
}

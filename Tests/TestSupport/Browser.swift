// SPDX-License-Identifier: MIT

import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Chromium without a window, through chromedriver's HTTP interface.
package final class Browser {
  private let driver = Process()
  private let port: UInt16
  private var session = ""

  package struct Failure: Error, CustomStringConvertible { package let description: String }

  package init() throws {
    let chromium = try Tools.path("chromium", "chromium-browser")
    let chromedriver = try Tools.path("chromedriver")
    let output = Pipe()
    driver.executableURL = URL(fileURLWithPath: chromedriver)
    driver.arguments = ["--port=0"]
    driver.standardOutput = output
    driver.standardError = FileHandle.nullDevice
    try driver.run()
    // "ChromeDriver was started successfully on port 12345."
    var text = ""
    while !text.contains("successfully on port") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw Failure(description: "chromedriver ended: \(text)") }
      text += String(decoding: data, as: UTF8.self)
    }
    let port = text.components(separatedBy: "successfully on port ").last?.prefix { $0.isNumber }
    self.port = port.flatMap { UInt16($0) } ?? 0
    let capabilities: [String: Any] = [
      "browserName": "chrome", "goog:loggingPrefs": ["browser": "ALL"],
      "timeouts": ["script": 600_000],
      "goog:chromeOptions": [
        "binary": chromium,
        "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      ],
    ]
    let answer = try call(
      "POST", "/session", ["capabilities": ["alwaysMatch": capabilities]])
    guard let id = (answer as? [String: Any])?["sessionId"] as? String else {
      throw Failure(description: "no session: \(answer)")
    }
    session = "/session/\(id)"
  }

  /// Ends the browser and its driver. It does not wait: `waitUntilExit` would run this thread's
  /// loop, which Swift's tests do not have.
  package func stop() {
    _ = try? call("DELETE", session, [:])
    driver.terminate()
  }

  package func open(_ url: String) throws {
    _ = try call("POST", session + "/url", ["url": url])
  }

  /// Runs a function's body, which may await, and returns what it returns.
  package func evaluate(_ body: String) throws -> Any {
    let script = """
      const done = arguments[arguments.length - 1];
      (async () => { \(body) })().then(done, (e) => done("threw " + e));
      """
    return try call(
      "POST", session + "/execute/async", ["script": script, "args": [String]()])
  }

  package func emulate(media: String) throws {
    try command("Emulation.setEmulatedMedia", ["media": media])
  }

  package func emulate(width: Int, scheme: String) throws {
    try command(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false])
    try command(
      "Emulation.setEmulatedMedia",
      ["media": "screen", "features": [["name": "prefers-color-scheme", "value": scheme]]])
  }

  package func consoleMessages() throws -> [String] {
    let log = try call("POST", session + "/se/log", ["type": "browser"])
    return (log as? [[String: Any]] ?? []).map { "\($0["level"] ?? ""): \($0["message"] ?? "")" }
  }

  /// Prints the page to PDF on A4.
  ///
  /// - Returns: the width of each sheet, in points.
  package func printedPages() throws -> [Double] {
    let answer = try call(
      "POST", session + "/goog/cdp/execute",
      [
        "cmd": "Page.printToPDF",
        "params": ["paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true],
      ])
    guard let text = (answer as? [String: Any])?["data"] as? String,
      let data = Data(base64Encoded: text)
    else { throw Failure(description: "no PDF: \(answer)") }
    return String(decoding: data, as: UTF8.self).components(separatedBy: "/MediaBox [0 0 ")
      .dropFirst().compactMap { Double($0.prefix { $0 != " " }) }
  }

  private func command(_ name: String, _ parameters: [String: Any]) throws {
    _ = try call(
      "POST", session + "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }

  private func call(_ method: String, _ path: String, _ body: [String: Any]) throws -> Any {
    let data = try JSONSerialization.data(withJSONObject: body)
    let answer = try JSONSerialization.jsonObject(
      with: try exchange(method, path, [UInt8](data), port: port), options: .fragmentsAllowed)
    let value = (answer as? [String: Any])?["value"] ?? NSNull()
    if let problem = value as? [String: Any], let error = problem["error"] {
      throw Failure(description: "\(path): \(error) \(problem["message"] ?? "")")
    }
    return value
  }
}

/// One request to this machine and the body of its answer; URLSession on Linux fails on
/// chromedriver's headers.
private func exchange(
  _ method: String, _ path: String, _ body: [UInt8], port: UInt16
) throws -> Data {
  let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  guard socket >= 0 else { throw Browser.Failure(description: "no socket") }
  defer { close(socket) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  let connected = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard connected == 0 else { throw Browser.Failure(description: "no connection to \(port)") }
  let head =
    "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
  var rest = ArraySlice(Array(head.utf8) + body)
  while !rest.isEmpty {
    let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, 0) }
    guard sent > 0 else { throw Browser.Failure(description: "the driver hung up") }
    rest = rest.dropFirst(sent)
  }
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
    throw Browser.Failure(description: "\(path): no answer")
  }
  return answer[end.upperBound...]
}

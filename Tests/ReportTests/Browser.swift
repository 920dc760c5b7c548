// SPDX-License-Identifier: MIT

import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Chromium without a window, through chromedriver's HTTP interface.
final class Browser {
  private let driver = Process()
  private let base: String
  private var session = ""

  private static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  private static let chromedriver = ["/usr/bin/chromedriver"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isInstalled: Bool { chromium != nil && chromedriver != nil }

  struct Failure: Error, CustomStringConvertible { let description: String }

  init() async throws {
    guard let chromium = Self.chromium, let chromedriver = Self.chromedriver else {
      throw Failure(description: "chromium or chromedriver is missing")
    }
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
    base = "http://127.0.0.1:\(port ?? "0")"
    let capabilities: [String: Any] = [
      "browserName": "chrome", "goog:loggingPrefs": ["browser": "ALL"],
      "goog:chromeOptions": [
        "binary": chromium,
        "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      ],
    ]
    let answer = try await call(
      "POST", "/session", ["capabilities": ["alwaysMatch": capabilities]])
    guard let id = (answer as? [String: Any])?["sessionId"] as? String else {
      throw Failure(description: "no session: \(answer)")
    }
    session = "/session/\(id)"
  }

  /// Ends the driver, which takes its browser along.
  func stop() {
    driver.terminate()
    driver.waitUntilExit()
  }

  func open(_ url: String) async throws {
    _ = try await call("POST", session + "/url", ["url": url])
  }

  /// Runs a function's body, which may await, and returns what it returns.
  func evaluate(_ body: String) async throws -> Any {
    let script = """
      const done = arguments[arguments.length - 1];
      (async () => { \(body) })().then(done, (e) => done("threw " + e));
      """
    return try await call(
      "POST", session + "/execute/async", ["script": script, "args": [String]()])
  }

  func emulate(width: Int, scheme: String) async throws {
    try await command(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false])
    try await command(
      "Emulation.setEmulatedMedia",
      ["media": "screen", "features": [["name": "prefers-color-scheme", "value": scheme]]])
  }

  func consoleMessages() async throws -> [String] {
    let log = try await call("POST", session + "/se/log", ["type": "browser"])
    return (log as? [[String: Any]] ?? []).map { "\($0["level"] ?? ""): \($0["message"] ?? "")" }
  }

  private func command(_ name: String, _ parameters: [String: Any]) async throws {
    _ = try await call(
      "POST", session + "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }

  private func call(_ method: String, _ path: String, _ body: [String: Any]) async throws -> Any {
    guard let url = URL(string: base + path) else { throw Failure(description: base + path) }
    var request = URLRequest(url: url, timeoutInterval: 60)
    request.httpMethod = method
    request.httpBody = try JSONSerialization.data(withJSONObject: body)
    let (data, _) = try await URLSession.shared.data(for: request)
    let answer = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
    let value = (answer as? [String: Any])?["value"] ?? NSNull()
    if let problem = value as? [String: Any], let error = problem["error"] {
      throw Failure(description: "\(path): \(error) \(problem["message"] ?? "")")
    }
    return value
  }
}

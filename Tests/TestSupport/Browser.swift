// SPDX-License-Identifier: MIT

import Foundation

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
      with: try HTTPExchange.answer(path, method, [UInt8](data), port: port).body,
      options: .fragmentsAllowed)
    let value = (answer as? [String: Any])?["value"] ?? NSNull()
    if let problem = value as? [String: Any], let error = problem["error"] {
      throw Failure(description: "\(path): \(error) \(problem["message"] ?? "")")
    }
    return value
  }
}

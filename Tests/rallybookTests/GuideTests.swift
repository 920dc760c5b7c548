// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

/// The pages of docs/guide as a reader would follow them: one after the other, in one folder.
///
/// A fenced block whose first line names a path is a file. Of a `console` block the lines behind `$` are
/// commands for a shell, what stands below each is what it prints; a line `…` is any lines, `…` within a
/// line any text.
@Suite("The guide")
struct GuideTests {
  private struct Command {
    let page: String
    let words: String
    let expected: [String]
  }

  private enum Step {
    case file(path: String, content: String)
    case command(Command)
  }

  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/guide")

  private static func pages() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".md") }.sorted()
  }

  private static func steps(of page: String) throws -> [Step] {
    let text = try String(contentsOf: folder.appendingPathComponent(page), encoding: .utf8)
    var steps: [Step] = []
    for block in text.matches(of: /(?m)^```(\S+)(?: (\S+))?\n((?:.*\n)*?)```$/) {
      let body = String(block.output.3)
      if let path = block.output.2 {
        steps.append(.file(path: String(path), content: body))
      } else if block.output.1 == "console" {
        for part in ("\n" + body).components(separatedBy: "\n$ ").dropFirst() {
          let lines = part.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
          let shown = part.hasSuffix("\n") ? lines.dropLast() : lines[...]
          steps.append(
            .command(Command(page: page, words: shown[0], expected: Array(shown.dropFirst()))))
        }
      }
    }
    return steps
  }

  /// Whether lines are what a page shows.
  private static func fits(_ lines: ArraySlice<String>, _ shown: ArraySlice<String>) -> Bool {
    guard let first = shown.first else { return lines.isEmpty }
    if first == "…" {
      return (lines.startIndex...lines.endIndex).contains { fits(lines[$0...], shown.dropFirst()) }
    }
    guard let line = lines.first else { return false }
    let pattern = first.components(separatedBy: "…")
      .map(NSRegularExpression.escapedPattern(for:)).joined(separator: ".*")
    return line.range(of: "^\(pattern)$", options: .regularExpression) != nil
      && fits(lines.dropFirst(), shown.dropFirst())
  }

  @Test(
    "Every command of the guide succeeds and prints what the page shows", .timeLimit(.minutes(15)))
  func commands() throws {
    let program = try Program()
    defer { program.remove() }
    let path = Program.executable.deletingLastPathComponent().path
    var count = 0
    for step in try Self.pages().flatMap(Self.steps) {
      switch step {
      case .file(let path, let content):
        try content.write(
          to: program.folder.appendingPathComponent(path), atomically: true, encoding: .utf8)
      case .command(let command):
        let result = try program.start(
          ["-c", "PATH=\(path):$PATH; { \(command.words); } 2>&1"], executable: nil,
          wrapper: ["bash"]
        ).wait()
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
          .map(String.init)
        let printed = result.output.hasSuffix("\n") ? lines.dropLast() : lines[...]
        let place = "\(command.page): \(command.words)\n\(result.output)"
        #expect(result.status == 0, "\(place)")
        #expect(Self.fits(result.output.isEmpty ? [] : printed, command.expected[...]), "\(place)")
        count += 1
      }
    }
    #expect(count > 30)
  }

  @Test(
    "Every page has a picture, every picture has a page and a place in the script that makes it")
  func pictures() throws {
    let folder = Self.folder.appendingPathComponent("pictures").path
    let script = try String(
      contentsOf: Self.folder.appendingPathComponent("pictures.py"), encoding: .utf8)
    var shown: Set<String> = []
    for page in try Self.pages() {
      let text = try String(contentsOf: Self.folder.appendingPathComponent(page), encoding: .utf8)
      let names = text.matches(of: /!\[[^\]]+\]\(pictures\/(\S+)\.png\)/).map {
        String($0.output.1)
      }
      #expect(!names.isEmpty, "\(page)")
      shown.formUnion(names)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(files) == Set(shown.map { "\($0).png" }))
    for name in shown { #expect(script.contains("\"\(name)\""), "\(name)") }
    let sizes = try files.map {
      try FileManager.default.attributesOfItem(atPath: "\(folder)/\($0)")[.size] as? Int ?? .max
    }
    #expect(sizes.reduce(0, +) < 1_500_000)
  }

  @Test("Every page leads to the next, and every picture and page that it links is there")
  func links() throws {
    let pages = try Self.pages()
    for (page, next) in zip(pages, pages.dropFirst()) {
      let text = try String(
        contentsOf: Self.folder.appendingPathComponent(page), encoding: .utf8)
      #expect(text.contains("](\(next))"), "\(page)")
    }
    for page in pages {
      let text = try String(
        contentsOf: Self.folder.appendingPathComponent(page), encoding: .utf8)
      for link in text.matches(of: /\]\(([^)#:]+)\)/) {
        let target = Self.folder.appendingPathComponent(String(link.output.1))
        #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link.output.1)")
      }
    }
  }
}

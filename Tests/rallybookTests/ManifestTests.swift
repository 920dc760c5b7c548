// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// What Package.swift and CONTRIBUTING.md say of the sources, held against the sources.
@Suite("The manifest and CONTRIBUTING say what is true") struct ManifestTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func sources(of module: String) throws -> [String] {
    let folder = root.appending(path: "Sources/\(module)").resolvingSymlinksInPath().path
    return try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") }
      .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
  }

  @Test("A module's row names the modules that it imports, and no others")
  func edges() throws {
    let manifest = try Self.text("Package.swift")
    let row = /module\(\s*"(?<name>\w+)"(?:,\s*\[(?<uses>[^\]]*)\])?/
    let names = /"(\w+)"/
    let rows = manifest.matches(of: row).map { match in
      (
        name: String(match.output.name),
        uses: Set((match.output.uses ?? "").matches(of: names).map { String($0.output.1) })
      )
    }
    let libraries = manifest.matches(of: /library\("(\w+)"\)/).map { String($0.output.1) }
    let modules = Set(rows.map(\.name) + libraries)
    #expect(modules.count > 20)
    for (name, uses) in rows {
      let imports = try Self.sources(of: name).flatMap { source in
        source.matches(of: /(?m)^(?:@\w+ )?(?:package |public |private )?import (\w+)/)
          .map { String($0.output.1) }
      }
      #expect(Set(imports).intersection(modules) == uses, "\(name)")
    }
  }

  @Test("Every module has a paragraph, and what it names is there")
  func landingPages() throws {
    let rows = try Self.text("Package.swift").matches(of: /module\(\s*"(\w+)"/)
    // The programs have nothing that a module may use, and two are sources of a third.
    let modules = rows.map { String($0.output.1) }.filter {
      !["KernelsAVX2", "KernelsAVX512"].contains($0) && !$0.lowercased().hasPrefix("rallybook")
    }
    let parts = try Self.text("docs/reference/modules.md").components(separatedBy: "\n## ")
    let paragraphs = parts.dropFirst().map { $0.split(separator: "\n", maxSplits: 1) }
    #expect(paragraphs.map { String($0[0]) } == modules)
    for paragraph in paragraphs {
      let sources = try Self.sources(of: String(paragraph[0])).joined()
      for symbol in paragraph[1].matches(of: /``(\w+)``/) {
        let declaration = "(?:package|public) [a-z ]*(?:struct|class|enum|protocol|actor|typealias)"
        let found = sources.range(
          of: "\(declaration) \(symbol.output.1)\\b", options: .regularExpression)
        #expect(found != nil, "\(paragraph[0]): \(symbol.output.1)")
      }
    }
  }

  @Test("Every file and function on the way of a reward stands where CONTRIBUTING says")
  func path() throws {
    let page = try Self.text("CONTRIBUTING.md")
    let steps = page.matches(of: /(?m)^\d\. `(?<function>[\w.]+)`, `(?<file>Sources\/[\w\/+.]+)`/)
    #expect((5...9).contains(steps.count))
    for step in steps {
      let source = try Self.text(String(step.output.file))
      let function = step.output.function.split(separator: ".").last ?? ""
      #expect(
        source.contains("func \(function)(") || source.contains("\(function)("),
        "\(step.output.function) is not in \(step.output.file)")
    }
  }
}

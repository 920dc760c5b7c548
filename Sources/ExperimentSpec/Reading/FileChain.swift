// SPDX-License-Identifier: MIT
import Diagnostics

/// An experiment file and those that it starts from: `"extends": "other.json"`, the path seen from
/// the file that says so.
struct FileChain {
  /// Files that start from one another beyond this are a mistake.
  private static let limit = 32

  /// The file that starts from none comes first, the one that was asked for last.
  private(set) var files: [(source: SourceText, document: JSONDocument)]
  /// What keeps a file from being followed, at the place that names it.
  private(set) var findings: [Finding] = []

  init(_ source: SourceText) {
    files = [(source, JSONReader.read(source, allowsComments: true))]
    var seen = [ExperimentFile.resolved(source.name)]
    while let first = files.first, let member = Self.extends(first.document),
      case .string(let text) = member.value.content
    {
      let place = Place(source: first.source, range: member.value.range)
      let path = Self.path(text, from: first.source.name)
      guard !seen.contains(ExperimentFile.resolved(path)), seen.count < Self.limit else {
        report(
          "circular-extends", place,
          seen.count < Self.limit
            ? "\(path) starts from this file again" : "more than \(Self.limit) files in a row",
          help: "let one of them stand by itself")
        return
      }
      do throws(Finding) {
        let source = try ExperimentFile.read(path)
        seen.append(ExperimentFile.resolved(path))
        files.insert((source, JSONReader.read(source, allowsComments: true)), at: 0)
      } catch {
        report(
          error.code, place, "\(path): \(error.problem ?? "")", nearest: error.nearest,
          help: error.nearest == nil ? "the path is seen from this file's folder" : nil)
        return
      }
    }
  }

  private static func extends(_ document: JSONDocument) -> PositionedValue.Member? {
    document.value?.members?.first { $0.key == "extends" }
  }

  static func path(_ text: String, from file: String) -> String {
    guard !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return text }
    return file[...slash] + text
  }

  private mutating func report(
    _ code: String, _ place: Place, _ problem: String, nearest: String? = nil, help: String?
  ) {
    findings.append(
      Finding(
        code: code, at: place, path: "extends", problem: problem, nearest: nearest, help: help))
  }
}

// SPDX-License-Identifier: MIT
import Diagnostics
import FoundationEssentials

/// An experiment file on disk.
enum ExperimentFile {
  /// The bytes of the file; the finding says why there are none.
  ///
  /// - Parameter limit: bytes that it may have.
  static func read(
    _ path: String, limit: Int = JSONReader.sizeLimit
  ) throws(Finding) -> SourceText {
    func failure(
      _ code: String, _ problem: String, nearest: String? = nil, help: String? = nil
    ) -> Finding {
      Finding(code: code, file: path, problem: problem, nearest: nearest, help: help)
    }
    let manager = FileManager.default
    var isDirectory = false
    guard manager.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw failure(
        "missing-file", "there is no such file", nearest: nearestFile(path),
        help: nearestFile(path) == nil ? "rallybook init NAME writes one to start from" : nil)
    }
    if isDirectory {
      throw failure(
        "not-a-file", "it is a directory", help: "name a file in it, such as \(firstFile(path))")
    }
    let attributes = (try? manager.attributesOfItem(atPath: resolved(path))) ?? [:]
    if let type = attributes[.type] as? FileAttributeType, type != .typeRegular {
      throw failure("not-a-file", "it is not a regular file")
    }
    let size = attributes[.size] as? Int ?? 0
    if size > limit {
      throw failure(
        "too-large", "it has \(Numbers.whole(size)) bytes",
        help: "allowed are at most \(Numbers.whole(limit))")
    }
    do {
      let data = try Data(contentsOf: URL(filePath: path))
      return SourceText(name: path, bytes: [UInt8](data))
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw failure("unreadable-file", "there is no permission to read it", help: "see ls -l")
    } catch {
      throw failure("unreadable-file", "it cannot be read: \(error)")
    }
  }

  /// `kl-line-search` of `experiments/kl-line-search.json`.
  static func baseName(_ path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.hasSuffix(".json") ? String(last.dropLast(5)) : last
  }

  /// Where a symbolic link leads, so that its own few bytes are not taken for the file's.
  static func resolved(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().path
  }

  private static func nearestFile(_ path: String) -> String? {
    let split = path.lastIndex(of: "/")
    let folder = split.map { String(path[...$0]) } ?? ""
    let name = split.map { String(path[path.index(after: $0)...]) } ?? path
    func files(_ folder: String) -> [String] {
      let all = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
      return (all ?? []).filter(isExperiment).sorted()
    }
    if let nearest = NearestMatch.find(name, in: files(folder)) { return folder + nearest }
    // A name alone, or without its ending, most likely means experiments/NAME.json.
    let full = name.hasSuffix(".json") ? name : name + ".json"
    if name != full, files(folder).contains(full) { return folder + full }
    let shipped = files("experiments")
    guard folder.isEmpty else { return nil }
    if shipped.contains(full) { return "experiments/\(full)" }
    return NearestMatch.find(full, in: shipped).map { "experiments/\($0)" }
  }

  private static func firstFile(_ folder: String) -> String {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let name = all.filter(isExperiment).sorted().first ?? "NAME.json"
    return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// By its name: a JSON file, but no schema.
  private static func isExperiment(_ name: String) -> Bool {
    name.hasSuffix(".json") && !name.hasSuffix(".schema.json")
  }
}

// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import RunStore

/// The files and runs of stores that a pattern finds.
struct SourceFinder {
  /// Something found, and what the placeholders stand for.
  struct Found {
    let place: Place
    let fields: [String: String]
  }

  enum Place {
    case file(String)
    case files(RunFiles)
    case run(RunDatabase, RunDatabase.Run)
  }

  let pattern: PathPattern

  /// All of it, in the order of the names.
  ///
  /// - Throws: where nothing is found, with the part of the pattern at which it ends.
  func find() throws -> [Found] {
    var open: [(path: String, fields: [String: String])] = [
      (pattern.isAbsolute ? "/" : "", [:])
    ]
    var found: [Found] = []
    for (place, tokens) in pattern.parts.enumerated() {
      var next: [(path: String, fields: [String: String])] = []
      var seen: [String] = []
      for (folder, known) in open {
        if !folder.isEmpty, !Disk.isFolder(folder) {
          // Of a database's runs, or of those of its experiments.
          let names = pattern.parts[place...]
          guard names.count <= 2 else { continue }
          let database = try RunDatabase(path: folder)
          for run in database.runs {
            let own = names.count == 1 ? [run.name] : [run.experiment ?? "", run.name]
            seen.append(own.joined(separator: "/"))
            let fields = zip(names, own).reduce(known as [String: String]?) { fields, part in
              fields.flatMap { PathPattern.match(part.0, part.1, known: $0) }
            }
            if let fields { found.append(Found(place: .run(database, run), fields: fields)) }
          }
          continue
        }
        for (name, path) in try Self.children(of: folder, asked: tokens) {
          seen.append(name)
          guard let fields = PathPattern.match(tokens, name, known: known) else { continue }
          next.append((path, fields))
        }
      }
      if next.isEmpty && found.isEmpty { throw nothing(at: place, open.map(\.path), seen) }
      open = next
    }
    for (path, fields) in open {
      found += try Self.sources(at: path).map { Found(place: $0, fields: fields) }
    }
    return found
  }

  /// The names in a folder that may be meant, with their paths; a run of MLflow's files goes by the
  /// name that it was given.
  private static func children(
    of folder: String, asked: [PathPattern.Token]
  ) throws(RunStoreError) -> [(name: String, path: String)] {
    let start = folder.isEmpty || folder == "/" ? folder : folder + "/"
    let plain = asked.compactMap { if case .text(let character) = $0 { character } else { nil } }
    if plain.count == asked.count {
      let name = String(plain)
      return Disk.isPresent(start + name) ? [(name, start + name)] : []
    }
    return try Disk.names(in: folder.isEmpty ? "." : folder)
      .filter { !$0.hasPrefix(".") || plain.first == "." }
      .compactMap { name in
        let run = RunFiles(path: start + name)
        return run?.isDeleted == true ? nil : (run?.name ?? name, start + name)
      }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }

  /// The sources at a path that a pattern ends with: a file, or those of a folder that are known by
  /// their names.
  private static func sources(at path: String) throws -> [Place] {
    guard Disk.isFolder(path) else {
      guard try !RunDatabase.isDatabase(Disk.read(path)) else {
        let names = try RunDatabase(path: path).runs.map(\.name)
        let shown = names.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
        throw ImportError(
          "\(path) holds \(Numbers.count(names.count, "run")), as a folder does files; write which:"
            + " \(path)/{variant}-{seed} or alike; their names are \(shown)"
            + (names.count > 3 ? " …" : ""))
      }
      return [.file(path)]
    }
    if let run = RunFiles(path: path) { return [.files(run)] }
    return try Disk.names(in: path)
      .filter { name in
        name.hasSuffix(".monitor.csv") || name == "evaluations.npz" || name == "progress.csv"
          || name.hasPrefix("events.out.tfevents")
      }
      .map { .file("\(path)/\($0)") }
  }

  private func nothing(at place: Int, _ folders: [String], _ names: [String]) -> ImportError {
    let part = pattern.text.split(separator: "/")[place]
    let whereIn = folders.prefix(2).map { $0.isEmpty ? "this folder" : $0 }
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    return ImportError(
      "\(pattern.text): nothing fits \"\(part)\" in \(whereIn.joined(separator: ", "))"
        + (folders.count > 2 ? " and \(folders.count - 2) more" : "")
        + (names.isEmpty ? "" : "; there are: \(shown)"))
  }
}

extension SourceFinder.Place {
  /// Reads what was found.
  func read(_ columns: CurveColumns) throws -> SourceFile {
    switch self {
    case .files(let run): return try run.source()
    case .run(let database, let run): return try database.source(run)
    case .file(let path): return try SourceFile(path: path, contents: Disk.read(path), columns)
    }
  }
}

extension SourceFile {
  /// Reads a file by its name and its first bytes.
  package init(
    path: String, contents: [UInt8], _ columns: CurveColumns = CurveColumns()
  ) throws(ArtifactError) {
    let name = path.split(separator: "/").last ?? ""
    if name.hasSuffix(".npz") {
      try self.init(evaluations: contents, path: path)
    } else if name.contains("tfevents") {
      try self.init(tensorBoard: contents, path: path)
    } else if name.hasSuffix(".monitor.csv") || contents.starts(with: Array("#{".utf8)) {
      try self.init(monitor: contents, path: path)
    } else if name.hasSuffix(".csv") {
      try self.init(
        table: contents, path: path, step: columns.names[.step], seconds: columns.names[.seconds])
    } else {
      throw .init(
        .notThisFormat, path: path,
        detail: "a file of no known kind; allowed: *.monitor.csv, evaluations.npz, *.csv,"
          + " events.out.tfevents.*, databases of MLflow and trackio, runs of MLflow's files")
    }
  }
}

// SPDX-License-Identifier: MIT

import Environments
import Foundation
import GymnasiumBridge
import Testing

/// Where `MODULE:ID` is looked for, and what is missing where it fails.
@Suite(
  "The user's modules")
struct ModuleTests {
  /// Makes the environment of an id in a folder with these files; what it says, or nil.
  private func complaint(_ id: String, files: [String: String]) throws -> String? {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("modules-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    defer {
      // Nothing is left beside the user's files.
      let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      #expect(Set(left) == Set(files.keys.map { $0.split(separator: "/").first.map(String.init) }))
    }
    do throws(EnvironmentError) {
      _ = try GymnasiumWorker(id: id, logPath: "/dev/null", folder: folder.path)
      return nil
    } catch {
      return error.description.replacing(folder.path, with: "FOLDER")
    }
  }

  private static let good = """
    import gymnasium
    from gymnasium.envs.classic_control import CartPoleEnv
    gymnasium.register("Mine-v0", CartPoleEnv)
    """

  @Test("A module of the folder comes before one of Python's that has its name")
  func first() throws {
    #expect(try complaint("test:Mine-v0", files: ["test.py": Self.good]) == nil)
    #expect(
      try complaint(
        "pack.inner:Mine-v0", files: ["pack/__init__.py": "", "pack/inner.py": Self.good]) == nil)
    #expect(
      try complaint("json:Mine-v0", files: ["json.py": Self.good]) == """
        gymnasium:json:Mine-v0: json.py has the name of a module that Python or gymnasium has \
        loaded already; give it another name
        """)
  }

  @Test("A missing module is told as that module, with the line that needs it")
  func missing() throws {
    #expect(
      try complaint(
        "broken:Mine-v0",
        files: ["broken.py": "import helper\n", "helper.py": "\nimport no_such_thing.part\n"])
          == """
          gymnasium:broken:Mine-v0: the module 'broken' needs 'no_such_thing' (helper.py, line 2), \
          which is not installed
          """)
    #expect(
      try complaint("absent:Mine-v0", files: [:]) == """
        gymnasium:absent:Mine-v0: there is no module 'absent', neither in FOLDER nor installed
        """)
  }
}

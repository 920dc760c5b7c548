// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test("A file is replaced as a whole and nothing else is left", arguments: [0, 1, 100_000])
  func replaces(count: Int) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/record"
    try AtomicFile.write(Array("old and longer than one byte".utf8), to: path)
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    try AtomicFile.write(bytes, to: path)
    #expect(try Disk.read(path) == bytes)
    #expect(try Disk.names(in: folder.path) == ["record"])
  }

  @Test("What an interrupted write left is neither read nor in the way, and its owner clears it")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let left = ".record.partial-\(getpid())-0"
    try folder.write("half", to: left)
    try AtomicFile.write([1, 2, 3], to: "\(folder.path)/record")
    #expect(try Disk.names(in: folder.path) == [left, "record"])
    #expect(AtomicFile.isTemporary(left))
    #expect(!AtomicFile.isTemporary("record"))
    try AtomicFile.removeTemporaries(in: folder.path)
    #expect(try Disk.names(in: folder.path) == ["record"])
  }

  @Test("A full disk is told as such")
  func fullDisk() throws {
    let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let error = #expect(throws: RunStoreError.self) {
      try AtomicFile.write([1], into: descriptor, path: "runs/a/status.json")
    }
    #expect(
      error?.description == """
        error[disk-full]: runs/a/status.json: cannot be written, the disk is full
          free some space; what was stored before is intact
        """)
    #expect(error?.exitStatus == 1)
  }

  @Test("A write that fails leaves the old file and no temporary one")
  func failureKeepsOld() throws {
    let folder = try TemporaryFolder()
    // A folder cannot be replaced by a file: the rename fails after everything was written.
    try Disk.makeFolder("\(folder.path)/record/inside")
    let error = #expect(throws: RunStoreError.self) {
      try AtomicFile.write([1], to: "\(folder.path)/record")
    }
    #expect(error?.code == .unwritable)
    #expect(error?.underlying == "Is a directory")
    #expect(try Disk.names(in: folder.path) == ["record"])
  }

  @Test("Folders are made with those above them, and a file in the way is named")
  func folders() throws {
    let folder = try TemporaryFolder()
    try Disk.makeFolder("\(folder.path)/a/b/c")
    try Disk.makeFolder("\(folder.path)/a/b/c")
    #expect(Disk.isFolder("\(folder.path)/a/b/c"))
    try folder.write("", to: "file")
    let error = #expect(throws: RunStoreError.self) {
      try Disk.makeFolder("\(folder.path)/file/b")
    }
    #expect(error?.path == "\(folder.path)/file")
  }

  @Test(
    "The folder above a path",
    arguments: [("a/b", "a"), ("/a", "/"), ("a/b/", "a"), ("/", nil), ("a", nil)])
  func parents(path: String, parent: String?) {
    #expect(Disk.parent(of: path) == parent)
  }
}

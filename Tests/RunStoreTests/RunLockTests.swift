// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import TestSupport
import Testing

@Suite struct RunLockTests {
  @Test("A second lock is refused by the name of the holder, until the first goes")
  func exclusive() throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(path: temporary.path)
    #expect(FolderLock.holder(of: folder) == nil)
    var first: FolderLock? = try FolderLock(folder)
    #expect(first != nil)
    #expect(FolderLock.holder(of: folder)?.process == .current)
    let error = #expect(throws: RunStoreError.self) { try FolderLock(folder) }
    #expect(error?.exitStatus == 4)
    #expect(
      error?.description == """
        error[locked]: \(temporary.path): is in use by another run
          found: process \(getpid()) on \(MachineFacts.hostName)
          wait for it to end, or stop it; it checkpoints and can be resumed
        """)
    first = nil
    _ = try FolderLock(folder)
  }

  @Test("The lock of another process is respected, and gone when that process is killed")
  func otherProcess() throws {
    let temporary = try TemporaryFolder()
    let folder = RunFolder(path: temporary.path)
    let other = Process()
    let (input, output) = (Pipe(), Pipe())
    other.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    other.arguments = ["--no-fork", folder.lockPath, "/bin/sh", "-c", "echo locked; read line"]
    other.standardInput = input
    other.standardOutput = output
    try other.run()
    #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
    let error = #expect(throws: RunStoreError.self) { try FolderLock(folder) }
    #expect(error?.found == "a process that has not yet written its number")
    kill(other.processIdentifier, SIGKILL)
    other.waitUntilExit()
    _ = try FolderLock(folder)
  }
}

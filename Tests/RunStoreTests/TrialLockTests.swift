// SPDX-License-Identifier: MIT

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import RunStore

@Suite("Who may write a trial, and who still lives") struct TrialLockTests {
  private func status(
    host: String?, updatedAt: String, process: ProcessIdentity = .current
  ) -> TrialStatus {
    TrialStatus(
      state: .running, episodes: 1, targetEpisodes: 2, decisions: 3, smoothedMean: nil,
      evaluated: 0,
      process: process, host: host, startedAt: updatedAt, updatedAt: updatedAt)
  }

  @Test("One process has a trial's lock; it is free again when that lets go")
  func lock() throws {
    let folder = try TemporaryFolder()
    let trial = TrialFolder(path: "\(folder.path)/0123456789ab")
    try trial.create()
    var first: FolderLock? = try FolderLock(trial)
    let error = #expect(throws: RunStoreError.self) { try FolderLock(trial) }
    #expect(error?.code == .locked && error?.exitStatus == 4)
    withExtendedLifetime(first) {}
    first = nil
    #expect(throws: Never.self) { try FolderLock(trial) }
  }

  @Test("A lock that is refused closes its own file once, and no other thread's")
  func refusedAmongThreads() throws {
    let folder = try TemporaryFolder()
    let trial = TrialFolder(path: "\(folder.path)/0123456789ab")
    try trial.create()
    let held = try FolderLock(trial)
    let isOver = Atomic<Bool>(false)
    let lost = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 2) { part in
      if part == 0 {
        for _ in 0..<20_000 { _ = try? FolderLock(trial) }
        isOver.store(true, ordering: .relaxed)
      }
      while part == 1 && !isOver.load(ordering: .relaxed) {
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        for _ in 0..<20 where fcntl(file, F_GETFD) < 0 { lost.add(1, ordering: .relaxed) }
        close(file)
      }
    }
    #expect(lost.load(ordering: .relaxed) == 0)
    withExtendedLifetime(held) {}
  }

  @Test(
    "Here the kernel is asked, and no clock: a heartbeat of the future or the past is no matter")
  func here() {
    for time in ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "rubbish"] {
      for host in [nil, MachineFacts.hostName] {
        #expect(status(host: host, updatedAt: time).isAtWork())
        let old = ProcessIdentity(
          pid: getpid(), startTicks: 1, bootId: ProcessIdentity.current.bootId)
        #expect(!status(host: host, updatedAt: time, process: old).isAtWork())
        let otherBoot = ProcessIdentity(
          pid: getpid(), startTicks: ProcessIdentity.current.startTicks, bootId: "x")
        #expect(!status(host: host, updatedAt: time, process: otherBoot).isAtWork())
      }
    }
  }

  @Test("Of another machine the heartbeat tells")
  func elsewhere() throws {
    let time = "2026-11-24T10:00:00Z"
    let now = try #require(Timestamp.seconds(time))
    let status = status(host: "another", updatedAt: time)
    #expect(status.isAtWork(host: "this", now: now + 119))
    #expect(!status.isAtWork(host: "this", now: now + 121))
    // A clock that went back makes it look fresh, never dead.
    #expect(status.isAtWork(host: "this", now: now - 1e6))
    #expect(status.heartbeatAge(now: now - 1e6) == 0)
  }

  @Test("Times are read as they are written", arguments: [0, 1_795_502_340, 951_782_400, 4e9])
  func times(seconds: Double) {
    #expect(Timestamp.seconds(Timestamp.text(secondsSince1970: seconds)) == seconds)
  }
}

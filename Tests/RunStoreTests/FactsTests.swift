// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@testable import RunStore

@Suite struct FactsTests {
  @Test(
    "Points in time are ISO 8601 in UTC",
    arguments: [
      (0.0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (1_795_502_340.9, "2026-11-24T06:39:00Z"), (-1, "1969-12-31T23:59:59Z"),
    ])
  func timestamps(seconds: Double, text: String) {
    #expect(Timestamp.text(secondsSince1970: seconds) == text)
  }

  @Test("Processor, distribution and cores are read from what Linux tells")
  func machine() {
    let cpuinfo = "processor\t: 0\nmodel name\t: Zen 9 @ 3.0 GHz: fast\nflags\t\t: fpu avx avx2\n"
    #expect(MachineFacts.cpuModel(inCpuinfo: cpuinfo) == "Zen 9 @ 3.0 GHz: fast")
    #expect(MachineFacts.vectorExtension(inCpuinfo: cpuinfo) == "avx2")
    #expect(MachineFacts.cpuModel(inCpuinfo: "") == "unknown")
    #expect(MachineFacts.vectorExtension(inCpuinfo: "Features : fp asimd") == "asimd")
    #expect(MachineFacts.vectorExtension(inCpuinfo: "") == "none")
    #expect(MachineFacts.osName(inRelease: "ID=x\nPRETTY_NAME=\"A B\"\n") == "A B")
    #expect(MachineFacts.usableCores(inStatus: "Cpus_allowed:\tff,00000003\n") == 10)
    #expect(MachineFacts.usableCores(inStatus: "Cpus_allowed:\t0\n") == nil)
    #expect(MachineFacts.current().cores >= 1)
    #expect(MachineFacts.current().kernel.hasPrefix("Linux "))
  }

  @Test("Used memory and processor time are positive")
  func resources() {
    let use = ResourceUse.current
    #expect(use.peakMemoryBytes > 1_000_000)
    #expect(use.cpuSeconds > 0)
  }

  @Test("The commit and whether the tree is dirty are read from git's own words")
  func git() throws {
    let clean = try #require(
      GitState(porcelain: "# branch.oid 0a1b2c\n# branch.head main\n# branch.ab +0 -0\n"))
    #expect(clean == GitState(commit: "0a1b2c", dirty: false))
    let dirty = GitState(porcelain: "# branch.oid 0a1b2c\n1 .M N... 100644 a\n")
    #expect(dirty == GitState(commit: "0a1b2c", dirty: true))
    #expect(GitState(porcelain: "# branch.oid (initial)\n")?.commit == "")
    #expect(GitState(porcelain: "") == nil)
    #expect(GitState.around(try TemporaryFolder().path) == nil)
  }

  @Test("Too little space is refused")
  func space() throws {
    let temporary = try TemporaryFolder()
    let missing = "\(temporary.path)/not/there/yet"
    #expect(try DiskSpace.free(at: missing) > 0)
    try DiskSpace.require(1, at: missing)
    let error = #expect(throws: RunStoreError.self) { try DiskSpace.require(.max, at: missing) }
    #expect(error?.code == .notEnoughSpace)
    #expect(error?.exitStatus == 4)
  }
}

// SPDX-License-Identifier: MIT

import Foundation
import RunStore
import Testing

@Suite struct ProcessIdentityTests {
  @Test("This process lives; one of its number with another start or boot does not")
  func lives() {
    let current = ProcessIdentity.current
    #expect(current.pid == getpid())
    #expect(current.isAlive)
    var other = current
    other.startTicks += 1
    #expect(!other.isAlive)
    other = current
    other.bootId = "00000000-0000-0000-0000-000000000000"
    #expect(!other.isAlive)
  }

  @Test("A process that has ended and is not yet collected counts as dead")
  func zombie() throws {
    var pid: pid_t = 0
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
    defer { free(words[0]) }
    try #require(posix_spawn(&pid, "/bin/true", nil, nil, words, environ) == 0)
    var information = siginfo_t()
    // Waits for the end and leaves the zombie in place.
    try #require(waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == 0)
    #expect(ProcessIdentity.of(pid: pid) == nil)
    waitpid(pid, nil, 0)
    #expect(ProcessIdentity.of(pid: pid) == nil)
  }

  @Test("The start time is read also where the program's name holds spaces and parentheses")
  func hostileName() throws {
    let rest = (4...52).map { $0 == 22 ? "987654" : "\($0)" }.joined(separator: " ")
    let fields = try #require(ProcessIdentity.fields(ofStat: "12 (a) b (c)) S \(rest)"))
    #expect(fields.state == "S")
    #expect(fields.startTicks == 987_654)
    #expect(ProcessIdentity.fields(ofStat: "12 (a) S 1 2") == nil)
    #expect(ProcessIdentity.fields(ofStat: "") == nil)
  }
}

// SPDX-License-Identifier: MIT

import Runner
import Testing

@testable import RunStore

@Suite struct AttemptEndTests {
  private func status(_ state: TrialStatus.State, message: String? = nil) -> TrialStatus {
    TrialStatus(
      state: state, episodes: 1, targetEpisodes: 1, decisions: 1, smoothedMean: nil, evaluated: 0,
      message: message, process: .current, startedAt: "", updatedAt: "")
  }

  @Test("How an attempt ended follows from the exit status and the trial's own record")
  func ends() {
    func end(_ termination: AttemptEnd.Termination, _ status: TrialStatus?, _ tail: String = "")
      -> AttemptEnd
    {
      AttemptEnd(termination, status: status, errorTail: tail)
    }
    #expect(end(.exited(0), status(.finished)) == .finished)
    #expect(end(.exited(5), status(.stopped)) == .stopped)
    #expect(end(.exited(1), status(.failed, message: "NaN")) == .failed("NaN"))
    #expect(
      end(.exited(0), status(.running))
        == .crashed(
          signal: nil, "its process ended with status 0, but status.json says \"running\""))
    #expect(
      end(.exited(0), nil)
        == .crashed(signal: nil, "its process ended with status 0, but status.json says nothing"))
    #expect(
      end(.exited(70), nil, "a\nb")
        == .crashed(signal: nil, "its process ended with status 70; last line on stderr: b"))
    #expect(
      end(.signalled(9), status(.running))
        == .crashed(signal: 9, "its process was ended by signal 9 (killed)"))
    #expect(end(.notStarted("x"), nil) == .notStarted("x"))
  }
}

// SPDX-License-Identifier: MIT

import Runner
import Testing

@Suite struct QueueStateTests {
  private static let crash = AttemptEnd.crashed(signal: 11, "segmentation fault")

  private func queue(
    _ count: Int, jobs: Int = 2, onError: QueueState.OnError = .continue, limit: Int? = nil,
    attempts: Int = 1, held: Set<Int> = []
  ) -> QueueState {
    QueueState(
      count: count, held: held,
      rules: .init(jobs: jobs, onError: onError, limit: limit, attempts: attempts))
  }

  @Test("As many start as there are places, and each end makes room for the next")
  func order() {
    var state = queue(3)
    #expect(state.handle(.begin) == [.start(0), .start(1)])
    #expect(state.end(1, .finished).actions == [.start(2)])
    #expect(state.end(0, .failed("NaN")).actions == [])
    #expect(!state.isDone)
    #expect(state.end(2, .stopped).actions == [])
    #expect(state.isDone)
    #expect(state.jobs == [.failed("NaN"), .finished, .stopped])
  }

  @Test("With nothing to do it is done at once")
  func empty() {
    var state = queue(0)
    #expect(!state.isDone)
    #expect(state.handle(.begin) == [])
    #expect(state.isDone)
  }

  @Test("The first signal asks, the second kills, and who ends by them counts as stopped")
  func signals() {
    var state = queue(4)
    _ = state.handle(.begin)
    #expect(state.handle(.stopRequested(signal: 2)) == [.ask(0), .ask(1), .startGrace])
    #expect(state.end(0, .stopped).actions == [])
    #expect(state.handle(.stopRequested(signal: 15)) == [.kill(1)])
    #expect(state.handle(.stopRequested(signal: 15)) == [])
    #expect(!state.isDone)
    #expect(state.end(1, .crashed(signal: 9, "killed")).actions == [])
    #expect(state.isDone)
    #expect(state.jobs == [.stopped, .stopped, .waiting, .waiting])
    #expect(state.signals == [2, 15, 15])
  }

  @Test("A trial that crashes on its own while it stops has failed")
  func crashWhileStopping() {
    var state = queue(1)
    _ = state.handle(.begin)
    _ = state.handle(.stopRequested(signal: 2))
    _ = state.end(0, Self.crash)
    #expect(state.jobs == [.failed("segmentation fault")])
  }

  @Test("Those who do not stop in their time are killed")
  func grace() {
    var state = queue(2)
    _ = state.handle(.begin)
    #expect(state.handle(.graceExpired) == [])
    _ = state.handle(.stopRequested(signal: 15))
    _ = state.end(0, .stopped)
    #expect(state.handle(.graceExpired) == [.kill(1)])
  }

  @Test("With on-error stop the first failure asks the others to stop and starts no more")
  func onErrorStop() {
    var state = queue(4, onError: .stop)
    _ = state.handle(.begin)
    #expect(state.end(0, Self.crash).actions == [.ask(1), .startGrace])
    #expect(state.end(1, .stopped).actions == [])
    #expect(state.isDone)
    #expect(state.signals.isEmpty)
  }

  @Test("A program that cannot be started is not tried for every trial")
  func hopeless() {
    var state = queue(100, jobs: 1)
    _ = state.handle(.begin)
    #expect(state.end(0, .notStarted("no such file")).actions == [])
    #expect(state.isDone)
    #expect(state.jobs.filter { $0 == .waiting }.count == 99)
  }

  @Test("The limit counts trials, not attempts")
  func limit() {
    var state = queue(5, limit: 2, attempts: 3)
    #expect(state.handle(.begin) == [.start(0), .start(1)])
    #expect(state.end(0, Self.crash).actions == [.start(0)])
    #expect(state.end(0, Self.crash).actions == [.start(0)])
    #expect(state.end(0, Self.crash).actions == [])
    #expect(state.jobs[0] == .failed("segmentation fault"))
    #expect(state.end(1, .finished).actions == [])
    #expect(state.isDone)
  }

  @Test("A failure that the trial itself reports is not tried again")
  func failuresAreFinal() {
    var state = queue(1, attempts: 3)
    _ = state.handle(.begin)
    #expect(state.end(0, .failed("NaN")).actions == [])
    #expect(state.isDone)
  }

  @Test("A held trial is waited for, then started or taken as finished")
  func held() {
    var state = queue(3, held: [0, 2])
    #expect(state.handle(.begin) == [.start(1)])
    #expect(state.handle(.released(0, isComplete: false)) == [.start(0)])
    _ = state.end(0, .finished)
    _ = state.end(1, .finished)
    #expect(!state.isDone)
    #expect(state.handle(.released(2, isComplete: true)) == [])
    #expect(state.isDone)
    #expect(state.jobs == [.finished, .finished, .finished])
  }

  @Test("A held trial that the limit forbids is not waited for for ever")
  func heldBeyondLimit() {
    var state = queue(2, limit: 1, held: [1])
    _ = state.handle(.begin)
    _ = state.end(0, .finished)
    #expect(state.handle(.released(1, isComplete: false)) == [])
    #expect(state.isDone)
  }

  @Test(
    "Whatever happens: never too many at once, nothing lost, always an end",
    arguments: 0..<300 as Range<UInt64>)
  func law(seed: UInt64) {
    var random = SplitMix64(state: seed)
    func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    let (count, places) = (draw(0..<12), draw(1..<5))
    let held = Set((0..<count).filter { _ in draw(0..<6) == 0 })
    let limit = draw(0..<3) == 0 ? draw(0..<8) : nil
    var state = queue(
      count, jobs: places, onError: draw(0..<2) == 0 ? .continue : .stop, limit: limit,
      attempts: draw(1..<4), held: held)
    var alive: Set<Int> = []
    var started: Set<Int> = []
    var stillHeld = held
    var hasAsked = false
    var actions = state.handle(.begin)
    for step in 0..<10_000 {
      for action in actions {
        switch action {
        case .start(let job):
          #expect(!hasAsked, "started after a stop")
          #expect(alive.insert(job).inserted)
          started.insert(job)
        case .ask(let job), .kill(let job):
          hasAsked = true
          #expect(alive.contains(job))
        case .startGrace:
          hasAsked = true
        case .startJobGrace:
          Issue.record("nobody was late")
        }
      }
      #expect(alive.count <= places)
      #expect(started.count <= limit ?? count)
      #expect(Set(state.running) == alive)
      if state.isDone { break }
      #expect(step < 9_999, "no end")
      // Nothing runs, nothing is held, and it is not done: it would wait for ever.
      #expect(!alive.isEmpty || !stillHeld.isEmpty)
      let kind = draw(0..<20)
      if kind == 0 {
        actions = state.handle(.stopRequested(signal: 2))
        hasAsked = true
      } else if kind == 1 {
        actions = state.handle(.graceExpired)
      } else if kind < 5, let job = stillHeld.sorted().first {
        stillHeld.remove(job)
        actions = state.handle(.released(job, isComplete: kind == 2))
      } else if let job = alive.sorted().first {
        alive.remove(job)
        let ends: [AttemptEnd] = [.finished, .finished, .stopped, .failed("x"), Self.crash]
        actions = state.end(job, ends[draw(0..<ends.count)]).actions
      } else if let job = stillHeld.sorted().first {
        stillHeld.remove(job)
        actions = state.handle(.released(job, isComplete: false))
      } else {
        actions = []
      }
    }
    #expect(alive.isEmpty)
    for (job, outcome) in state.jobs.enumerated() {
      switch outcome {
      case .running: Issue.record("job \(job) is left running")
      case .waiting:
        #expect(hasAsked || limit != nil || !state.signals.isEmpty || state.phase != .running)
      case .held: #expect(state.phase != .running)
      case .finished, .stopped, .failed: break
      }
    }
  }
}

/// Steele, Lea and Flood 2014; good enough to choose events.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

// SPDX-License-Identifier: MIT

import Testing

@testable import Runner

@Suite("Trials on a cluster") struct SlurmStateTests {

  /// A state with `count` trials in submission 1, a task each.
  private func flying(
    _ count: Int, _ rules: Cluster.Rules = .init(graceSeconds: 10)
  ) -> Cluster {
    var state = Cluster(count: count, rules: rules)
    #expect(
      state.look(at: 0, trials: trials(count), queues: [:])
        == [.submit((0..<count).map { [$0] }, concurrency: rules.concurrency)])
    state.add(submission: 1, tasks: (0..<count).map { [($0, 0, "")] })
    return state
  }

  private func trials(_ count: Int) -> [SlurmState.Trial] {
    Array(repeating: SlurmState.Trial(), count: count)
  }

  private func trial(
    complete: Bool = false, failure: String? = nil, atWork: Bool = false, progress: Int = 0,
    mark: String = "a"
  ) -> SlurmState.Trial {
    var trial = SlurmState.Trial()
    trial.isComplete = complete
    trial.failure = failure
    trial.isAtWork = atWork
    trial.progress = progress
    trial.mark = mark
    return trial
  }

  private func queue(_ states: [Int: String], reason: String = "None") -> [Int: SlurmQueue] {
    [1: .tasks(states.mapValues { SlurmTask(state: $0, reason: reason) })]
  }

  @Test("A complete trial is done whatever Slurm says of its task")
  func filesDecide() {
    for state in ["RUNNING", "FAILED", "PENDING", "TIMEOUT"] {
      var cluster = flying(1)
      let actions = cluster.look(
        at: 1, trials: [trial(complete: true)], queues: queue([0: state]))
      #expect(actions == [.ended(0, .finished), .close(1)])
      #expect(cluster.queue.isDone)
    }
    var cluster = flying(1)
    _ = cluster.look(at: 1, trials: [trial(complete: true)], queues: [1: .unknown("silence")])
    #expect(cluster.queue.isDone)
  }

  @Test("Silence of the controller is waited out, however long")
  func silence() {
    var cluster = flying(2)
    for second in 1...1_000 {
      let actions = cluster.look(
        at: Double(second), trials: trials(2), queues: [1: .unknown("Unable to contact")])
      #expect(actions == [])
    }
    #expect(cluster.queue.running == [0, 1])
  }

  @Test(
    "A task that ended without a result is waited for, then tried again, at most three times",
    arguments: ["COMPLETED", "FAILED", "NODE_FAIL", "vanished", "gone"])
  func attempts(state: String) {
    let shown: [Int: SlurmQueue] =
      switch state {
      case "vanished": [1: .tasks([:])]
      case "gone": [1: .gone]
      default: queue([0: state])
      }
    var cluster = flying(1)
    var queues = shown
    for attempt in 1...3 {
      let start = Double(attempt * 100)
      #expect(cluster.look(at: start, trials: trials(1), queues: queues) == [])
      #expect(cluster.look(at: start + 9, trials: trials(1), queues: queues) == [])
      let actions = cluster.look(at: start + 10, trials: trials(1), queues: queues)
      guard attempt < 3 else {
        guard case .ended(0, .failed(_)) = actions[0] else { Issue.record("\(actions)"); return }
        #expect(actions.count == 2 && actions[1] == .close(attempt))
        #expect(cluster.queue.isDone)
        return
      }
      guard case .ended(0, .again(_)) = actions[0] else { Issue.record("\(actions)"); return }
      #expect(actions.dropFirst() == [.close(attempt), .submit([[0]], concurrency: nil)])
      cluster.add(submission: attempt + 1, tasks: [[(0, 0, "")]])
      queues = [attempt + 1: shown[1] ?? .gone]
    }
  }

  @Test("A trial that a time limit cut is gone on with as long as it gets on")
  func timeLimits() {
    var cluster = flying(1)
    var progress = 0
    for submission in 1...20 {
      progress += 100
      let trials = [trial(progress: progress, mark: "\(submission)")]
      let queues = [submission: SlurmQueue.tasks([0: SlurmTask(state: "TIMEOUT")])]
      let start = Double(submission) * 100
      _ = cluster.look(at: start, trials: trials, queues: queues)
      let actions = cluster.look(at: start + 10, trials: trials, queues: queues)
      #expect(actions.last == .submit([[0]], concurrency: nil))
      cluster.add(submission: submission + 1, tasks: [[(0, progress, "\(submission)")]])
    }
  }

  @Test("A trial's own failure is final, but one from before the submission is not its failure")
  func failures() {
    var cluster = Cluster(count: 1, rules: .init(graceSeconds: 10))
    let old = trial(failure: "NaN", mark: "old")
    _ = cluster.look(at: 0, trials: [old], queues: [:])
    cluster.add(submission: 1, tasks: [[(0, 0, "old")]])
    #expect(cluster.look(at: 1, trials: [old], queues: queue([0: "RUNNING"])) == [])
    let new = trial(failure: "NaN again", mark: "new")
    #expect(
      cluster.look(at: 2, trials: [new], queues: queue([0: "RUNNING"]))
        == [.ended(0, .failed(reason: "NaN again")), .close(1)])
  }

  @Test("A task that was asked to end is told as that, though Slurm calls its status a failure")
  func askedToEnd() {
    var cluster = flying(1)
    let working = [trial(atWork: true)]
    #expect(cluster.look(at: 1, trials: working, queues: queue([0: "RUNNING"])) == [.started(0)])
    var stopped = trial(progress: 5, mark: "new")
    stopped.isStopped = true
    #expect(cluster.look(at: 2, trials: [stopped], queues: queue([0: "FAILED"])) == [])
    #expect(
      cluster.look(at: 12, trials: [stopped], queues: queue([0: "FAILED"]))
        == [
          .ended(
            0,
            .later(reason: "its task was asked to end, and it checkpointed; it is submitted again")),
          .close(1), .submit([[0]], concurrency: nil),
        ])
    // One that stopped in an earlier task says nothing of this one.
    cluster.add(submission: 2, tasks: [[(0, 5, "new")]])
    _ = cluster.look(
      at: 20, trials: [stopped], queues: [2: .tasks([0: SlurmTask(state: "FAILED")])])
    let actions = cluster.look(
      at: 40, trials: [stopped], queues: [2: .tasks([0: SlurmTask(state: "FAILED")])])
    guard case .ended(0, .again(_)) = actions[0] else { Issue.record("\(actions)"); return }
  }

  @Test("A requeued task is told once and starts again by itself")
  func requeue() {
    var cluster = flying(1)
    let working = [trial(atWork: true)]
    #expect(cluster.look(at: 1, trials: working, queues: queue([0: "RUNNING"])) == [.started(0)])
    let idle = [trial()]
    let actions = cluster.look(
      at: 2, trials: idle, queues: queue([0: "PENDING"], reason: "BeginTime"))
    guard actions.count == 1, case .ended(0, .later(_)) = actions[0] else {
      Issue.record("\(actions)"); return
    }
    #expect(
      cluster.look(at: 3, trials: idle, queues: queue([0: "PENDING"], reason: "BeginTime")) == [])
    #expect(cluster.look(at: 4, trials: working, queues: queue([0: "RUNNING"])) == [.started(0)])
    #expect(cluster.queue.running == [0])
  }

  @Test("What will never run fails with Slurm's reason and is taken out of the queue")
  func hopeless() {
    var cluster = flying(2)
    let actions = cluster.look(
      at: 1, trials: trials(2),
      queues: queue([0: "PENDING", 1: "PENDING"], reason: "PartitionConfig"))
    #expect(actions.count == 4)
    #expect(actions.suffix(2) == [.cancel(1), .close(1)])
    #expect(cluster.queue.isDone)
    guard case .failed(let reason) = cluster.queue.jobs[0] else {
      Issue.record("not failed"); return
    }
    #expect(reason.contains("PartitionConfig"))
  }

  @Test("Someone else's scancel is no failure and is not tried again")
  func cancelled() {
    var cluster = flying(1)
    _ = cluster.look(at: 1, trials: trials(1), queues: queue([0: "CANCELLED"]))
    let actions = cluster.look(at: 11, trials: trials(1), queues: queue([0: "CANCELLED"]))
    #expect(actions == [.ended(0, .stopped), .close(1)])
    #expect(cluster.queue.isDone)
  }

  @Test("Stopping cancels, waits until nothing is left, and starts nothing")
  func stop() {
    var cluster = flying(3)
    #expect(cluster.stop() == [.cancel(1)])
    #expect(cluster.queue.handle(.timeIsUp) == [])
    #expect(
      cluster.look(
        at: 1, trials: [trial(atWork: true), trial(complete: true), trial()],
        queues: queue([0: "COMPLETING"])) == [
          .started(0), .ended(1, .finished), .ended(2, .stopped),
        ])
    #expect(!cluster.queue.isDone)
    #expect(
      cluster.look(at: 2, trials: [trial(), trial(complete: true), trial()], queues: queue([:]))
        == [.ended(0, .stopped), .close(1)])
    #expect(cluster.queue.isDone)
  }

  @Test("The first failure stops the others with on-error stop")
  func onErrorStop() {
    var cluster = flying(2, .init(graceSeconds: 10, onError: .stop))
    let trials = [trial(failure: "NaN"), trial(atWork: true)]
    let actions = cluster.look(
      at: 1, trials: trials, queues: queue([0: "RUNNING", 1: "RUNNING"]))
    #expect(actions == [.ended(0, .failed(reason: "NaN")), .started(1), .cancel(1)])
  }

  @Test("The limit on tasks holds over submissions, and over what an earlier run left")
  func concurrency() {
    var cluster = Cluster(count: 5, rules: .init(concurrency: 2, graceSeconds: 0))
    cluster.add(submission: 4, tasks: [[(0, 0, "")], [(1, 0, "")]])
    #expect(
      cluster.look(
        at: 0, trials: trials(5),
        queues: [
          4: .tasks([
            0: SlurmTask(state: "RUNNING"), 1: SlurmTask(state: "RUNNING"),
          ])
        ]) == [])
    var trials = trials(5)
    trials[0].isComplete = true
    #expect(
      cluster.look(
        at: 1, trials: trials, queues: [4: .tasks([1: SlurmTask(state: "RUNNING")])])
        == [.ended(0, .finished), .submit([[2], [3], [4]], concurrency: 1)])
  }

  @Test("Of two submissions that hold a trial the newer counts")
  func newest() {
    for order in [[1, 2], [2, 1]] {
      var cluster = Cluster(count: 1, rules: .init(graceSeconds: 0))
      for number in order { cluster.add(submission: number, tasks: [[(0, 0, "")]]) }
      #expect(cluster.slurm.places[0]?.submission == 2)
      #expect(
        cluster.look(
          at: 0, trials: trials(1), queues: [1: .gone, 2: .tasks([0: SlurmTask(state: "RUNNING")])])
          == [.close(1)])
    }
  }

  @Test("A submission that also holds trials of another run is followed but not closed")
  func strangers() {
    var cluster = Cluster(count: 1, rules: .init())
    cluster.add(submission: 1, tasks: [[(0, 0, "")]], hasStrangers: true)
    #expect(
      cluster.look(at: 0, trials: [trial(complete: true)], queues: [1: .unknown("x")])
        == [.ended(0, .finished)])
    #expect(cluster.queue.isDone && cluster.slurm.openSubmissions.isEmpty)
  }

  @Test("A trial that another process trains is left alone until it is free")
  func elsewhere() {
    var cluster = Cluster(count: 2, rules: .init(), held: [0])
    #expect(
      cluster.look(at: 0, trials: trials(2), queues: [:]) == [.submit([[1]], concurrency: nil)])
    cluster.add(submission: 1, tasks: [[(1, 0, "a")]])
    _ = cluster.queue.handle(.released(0, isComplete: true))
    #expect(
      cluster.look(
        at: 1, trials: [trial(complete: true), trial(complete: true)], queues: [1: .gone])
        == [.ended(1, .finished), .close(1)])
    #expect(cluster.queue.jobs == [.finished, .finished])
  }

  @Test("Many trials become at most a thousand tasks, each trial in one of them")
  func manyTrials() {
    var cluster = Cluster(count: 4_321, rules: .init(trialsPerTask: 2, limit: 4_000))
    let actions = cluster.look(at: 0, trials: trials(4_321), queues: [:])
    guard actions.count == 1, case .submit(let tasks, concurrency: nil) = actions[0] else {
      Issue.record("no submission"); return
    }
    #expect(tasks.count <= SlurmState.largestArray)
    #expect(tasks.flatMap { $0 } == Array(0..<4_000))
  }

  @Test(
    "Whatever the queue shows: each trial is in one place, and there is an end", arguments: 0..<200)
  func law(seed: Int) {
    var random = SplitMix64(state: UInt64(seed))
    func draw(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    let count = draw(1..<9)
    var cluster = Cluster(
      count: count,
      rules: .init(
        concurrency: draw(0..<2) == 0 ? nil : draw(1..<4), trialsPerTask: draw(1..<4),
        graceSeconds: Double(draw(0..<3)), onError: draw(0..<4) == 0 ? .stop : .continue))
    var trials = trials(count)
    var (number, steps) = (0, 0)
    var ends: [Int: Int] = [:]
    let words = ["PENDING", "RUNNING", "FAILED", "TIMEOUT", "NODE_FAIL", "COMPLETED", "CANCELLED"]
    while !cluster.queue.isDone {
      steps += 1
      guard steps < 2_000 else { Issue.record("no end"); return }
      var queues: [Int: SlurmQueue] = [:]
      for open in cluster.slurm.openSubmissions {
        switch draw(0..<8) {
        case 0: queues[open] = .unknown("silence")
        case 1: queues[open] = .gone
        default:
          queues[open] = .tasks(
            Dictionary(
              uniqueKeysWithValues: (0..<draw(0..<9)).map {
                ($0, SlurmTask(state: words[draw(0..<words.count)]))
              }))
        }
      }
      let job = draw(0..<count)
      if draw(0..<3) == 0 { trials[job].isAtWork.toggle() }
      if draw(0..<3) == 0 { trials[job].progress += 1; trials[job].mark = "\(steps)" }
      if draw(0..<12) == 0 { trials[job].isComplete = true }
      if steps > 500 { trials = trials.map { _ in trial(complete: true) } }
      for action in cluster.look(at: Double(steps), trials: trials, queues: queues) {
        switch action {
        case .submit(let tasks, _):
          number += 1
          let jobs = tasks.flatMap { $0 }
          #expect(Set(jobs).count == jobs.count)
          #expect(Set(jobs).isDisjoint(with: cluster.slurm.places.keys), "submitted twice")
          cluster.add(
            submission: number,
            tasks: tasks.map { $0.map { ($0, trials[$0].progress, trials[$0].mark) } })
        case .ended(let job, let result):
          if case .again = result { break }
          if case .later = result { break }
          ends[job, default: 0] += 1
        case .cancel, .close, .started: break
        }
      }
      if draw(0..<200) == 0 { _ = cluster.stop() }
    }
    #expect(ends.values.allSatisfy { $0 == 1 })
    #expect(cluster.queue.phase != .running || ends.count == count)
  }
}

/// The queue and Slurm's part of it joined as the runner joins them, without any process.
private struct Cluster {
  struct Rules {
    var concurrency: Int?
    var trialsPerTask = 1
    var graceSeconds = 30.0
    var limit: Int?
    var onError = QueueState.OnError.continue
  }

  enum Action: Hashable {
    case submit([[Int]], concurrency: Int?)
    case cancel(Int)
    case close(Int)
    case started(Int)
    case ended(Int, JobEnd.Result)
  }

  var queue: QueueState
  var slurm: SlurmState
  private var hasBegun = false

  init(count: Int, rules: Rules, held: Set<Int> = []) {
    queue = QueueState(
      count: count, held: held,
      rules: .init(
        jobs: nil, onError: rules.onError, limit: rules.limit, attempts: 3, leaveSignals: [1]))
    slurm = SlurmState(
      (0..<count).map(String.init), concurrency: rules.concurrency,
      trialsPerTask: rules.trialsPerTask,
      graceSeconds: rules.graceSeconds)
  }

  mutating func add(
    submission: Int, tasks: [[(Int, Int, String)]], hasStrangers: Bool = false
  ) {
    slurm.add(
      submission: submission,
      tasks: tasks.map { $0.map { .init(trial: "\($0.0)", progress: $0.1, mark: $0.2) } },
      hasStrangers: hasStrangers)
    for job in tasks.joined().map(\.0) where !queue.running.contains(job) {
      _ = queue.handle(.adopted(job))
    }
  }

  mutating func look(
    at seconds: Double, trials: [SlurmState.Trial], queues: [Int: SlurmQueue]
  ) -> [Action] {
    var actions: [Action] = []
    let events = slurm.look(at: seconds, trials: trials, queues: queues)
    queue.isOpen = slurm.takesTrials
    var asked = hasBegun ? [] : queue.handle(.begin)
    hasBegun = true
    for event in events {
      if case .ended(let job, let end) = event {
        let (result, more) = queue.end(job, end)
        asked += more
        actions.append(.ended(job, result))
      } else {
        actions.append(Self.action(event))
      }
    }
    return actions + perform(asked + queue.handle(.looked))
  }

  mutating func stop() -> [Action] { perform(queue.handle(.stopRequested(signal: 2))) }

  private mutating func perform(_ asked: [QueueState.Action]) -> [Action] {
    var actions: [Action] = []
    if asked.contains(where: { if case .ask = $0 { true } else { false } }) {
      actions += slurm.stop().map(Self.action)
    }
    let starts = asked.compactMap { if case .start(let job) = $0 { job } else { nil } }
    if !starts.isEmpty {
      actions.append(.submit(slurm.tasks(of: starts), concurrency: slurm.freeTasks))
    }
    return actions
  }

  private static func action(_ event: SlurmState.Event) -> Action {
    switch event {
    case .started(let job): .started(job)
    case .putBack(let job): .ended(job, .later(reason: ""))
    case .ended(let job, _): .started(job)
    case .cancel(let number): .cancel(number)
    case .close(let number): .close(number)
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

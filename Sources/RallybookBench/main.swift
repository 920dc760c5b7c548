// SPDX-License-Identifier: MIT
// `make bench`: each figure beside its bar and, in the same run, beside what is used today.

import Foundation
import Kernels

let arguments = CommandLine.arguments
if arguments.count == 3 && arguments[1] == "train" {
  // A child of the two-core measure.
  let run = Measures.training(episodes: Int(arguments[2]) ?? 0)
  print("\(run.decisions) decisions in \(run.seconds) s")
  exit(0)
}
if arguments.count == 3 && arguments[1] == "measure" {
  // One figure alone, for a profiler.
  switch arguments[2] {
  case "rules": print(shown(bestOfThree(Measures.rules)))
  case "decisions": print(shown(bestOfThree(Measures.decisions)))
  case "real":
    print(Measures.real(python: ".venv/bin/python3").map(shown) ?? "no Python with ale-py")
  case "conv":
    let run = Measures.training(Measures.convolutional(300))
    print("\(run.decisions) decisions in \(run.seconds) s")
  case "actor-critic":
    let run = Measures.training(Measures.actorCritic(decisions: 3_000_000))
    print("\(run.decisions) decisions in \(run.seconds) s")
  default: print("measure what? rules, decisions, real, conv, actor-critic")
  }
  exit(0)
}
let python = arguments.firstIndex(of: "--python").map { arguments[$0 + 1] } ?? "python3"
let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()

func baseline(_ what: String) -> Double? {
  output(
    of: python, [folder.appendingPathComponent("baseline.py").path, what, "5"],
    environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"]
  ).flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
}

func ratio(_ ours: Double, _ theirs: Double?, _ what: String, bar: String) {
  guard let theirs else { return line("  \(what)", "-", bar: "no Python with ale-py") }
  line("  \(what)", shown(theirs), bar: "ours \(shown(ours / theirs))×", note: bar)
}

let cpu =
  (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
  .split(separator: "\n").first { $0.hasPrefix("model name") }?
  .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown CPU"
print("\(cpu), \(ProcessInfo.processInfo.activeProcessorCount) cores, kernels")
print("\(LaneWidth.widest.rawValue); wall clock, one core, best of three\n")

let rules = bestOfThree(Measures.rules)
line("Pong, rules alone, frames/s", shown(rules), bar: "bar 50 M")
ratio(rules, baseline("act"), "ALE act, frames/s", bar: "bar 5,000×")

let decisions = bestOfThree(Measures.decisions)
line("Pong with sparse difference, decisions/s", shown(decisions), bar: "bar 10 M")
ratio(decisions, baseline("preprocess"), "ALE with preprocessing, decisions/s", bar: "bar 3,000×")

let training = bestOfThree {
  let run = Measures.training(episodes: 1500)
  return Double(run.decisions) / run.seconds
}
line("training, the post's configuration, decisions/s", shown(training), bar: "bar 1,000,000")
ratio(training, baseline("post"), "numpy, dense, on ALE, decisions/s", bar: "bar 1,000×")
ratio(training, baseline("learn"), "numpy's learning alone, decisions/s", bar: "")

let convolutional = bestOfThree {
  let run = Measures.training(Measures.convolutional(150))
  return Double(run.decisions) / run.seconds
}
line("the same with a convolutional network, decisions/s", shown(convolutional), bar: "")

let actorCritic = bestOfThree {
  let run = Measures.training(Measures.actorCritic(decisions: 1_500_000))
  return Double(run.decisions) / run.seconds
}
line("actor-critic at one epoch, decisions/s", shown(actorCritic), bar: "bar 500,000")

let whole = Measures.training(episodes: 8000)
line(
  "the post's whole run, 8,000 episodes, s", shown(whole.seconds), bar: "bar 60",
  note: "\(shown(Double(whole.decisions) / 8000)) decisions a game; the post: three nights")

// In turn, as the emulator's rate moves by a tenth from one moment to the next.
let pairs = (0..<3).compactMap { _ -> (ours: Double, bare: Double)? in
  guard let ours = Measures.real(python: python), let bare = baseline("bare") else { return nil }
  return (ours, bare)
}
if let ours = pairs.map(\.ours).max(), let bare = pairs.map(\.bare).max() {
  line("training on the real Pong, decisions/s", shown(ours), bar: "bar 90 % of bare stepping")
  line(
    "  ALE/Pong-v5 stepped alone, decisions/s", shown(bare),
    bar: "ours \(shown(100 * ours / bare)) %")
} else {
  line("training on the real Pong, decisions/s", "-", bar: "no Python with ale-py")
}

func trainTwo(at once: Bool) -> Double {
  seconds {
    var children: [Process] = []
    for _ in 0..<2 {
      let child = Process()
      child.executableURL = program
      child.arguments = ["train", "1500"]
      child.standardOutput = FileHandle.nullDevice
      try? child.run()
      children.append(child)
      if !once { child.waitUntilExit() }
    }
    for child in children { child.waitUntilExit() }
  }
}
let oneByOne = trainTwo(at: false)
line(
  "two trials on two cores against one", shown(oneByOne / trainTwo(at: true)) + "×", bar: "bar 1.9×"
)

let rallybook = program.deletingLastPathComponent().appendingPathComponent("rallybook").path
if FileManager.default.isExecutableFile(atPath: rallybook) {
  let times = (0..<10).map { _ in seconds { _ = output(of: rallybook, ["--help"]) } }
  line("rallybook --help, ms", shown((times.min() ?? 0) * 1000), bar: "bar 50")
}

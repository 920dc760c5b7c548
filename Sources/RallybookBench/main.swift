// SPDX-License-Identifier: MIT
import Algorithms
import Environments
import Kernels
import ParameterSchema
import Randomness
import Foundation

func cpuClock() -> Double { var t = timespec(); clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9 }
func env() -> PongEnvironment { PongEnvironment(skip: 2...4, stickyActions: 0.25, frameLimit: 108000, actions: ["RIGHT","LEFT"], observation: .difference) }
let args = CommandLine.arguments
if args.count > 1 && args[1] == "game" {
  do {
    var g = PongGame(); var r = Xoshiro256(seed: 1); var n = 0; var s: Int32 = 0
    let t0 = cpuClock()
    while n < 30_000_000 {
      if g.isOver { g = PongGame() }
      let bits = r.next()
      for k in 0..<16 { s += g.act((bits >> UInt64(k*4)) & 1 == 0 ? .up : .down); n += 1; if g.isOver {break} }
    }
    print("rules", Double(n) / (cpuClock() - t0) / 1e6, "M frames/s", s)
  }
  do {
    let e = env(); var r = Xoshiro256(seed: 1); var n = 0; var f = 0
    let b = SparseSignBatch(width: 6400)
    e.reset(draws: Xoshiro256(seed: 3)); b.append { e.observe(&$0) }
    var ones = 0
    let t0 = cpuClock()
    while n < 10_000_000 {
      let t = e.step(Int(r.next() & 1)); f += t.frames
      let row = b.append { e.observe(&$0) }
      ones += Int(b.rows[row].total)
      if t.isEnd { e.reset(draws: Xoshiro256(seed: UInt64(n))); b.removeAll() }
      n += 1
    }
    let dt = cpuClock() - t0
    print("decisions", Double(n) / dt / 1e6, "M/s", dt / Double(n) * 1e9, "ns", Double(f)/Double(n), Double(ones)/Double(n))
  }
} else {
  let lr = args.count > 2 ? Double(args[2])! : 1e-4
  let episodes = args.count > 1 ? Int(args[1])! : 1000
  let per = args.count > 3 ? Double(args[3])! : 10
  let seed = args.count > 4 ? UInt64(args[4])! : 0
  let disc = args.count > 5 ? Double(args[5])! : 0.99
  let norm = args.count > 6 ? args[6] : "episode"
  let decay = args.count > 7 ? Double(args[7])! : 0.99
  let l2 = args.count > 8 ? Double(args[8])! : 0
  let hidden = args.count > 9 ? Double(args[9])! : 200
  let bias = args.count > 10 ? args[10] == "1" : false
  let config: ConfigValue = [
    "policy": ["kind": "mlp", "hidden": [.number(hidden)], "bias": .bool(bias)],
    "returns": ["discount": .number(disc), "normalize": .string(norm), "resetAtPoint": true],
    "algorithm": ["kind": "reinforce", "episodesPerUpdate": .number(per)],
    "optimizer": ["kind": "rmsprop", "learningRate": .number(lr), "decay": .number(decay), "epsilon": 1e-5, "l2": .number(l2)],
  ]
  let t = Training(configuration: config, streams: RandomStreams(root: 0, seed: seed), environment: env())
  let t0 = cpuClock()
  var last = cpuClock(); var lastD = 0; var next = 500; var recent: [Double] = []
  var reached = -1
  while t.progress.episodes < episodes {
    let s = t.advance(limit: episodes - t.progress.episodes)
    for e in s.episodes { recent.append(e.summary.return) }
    if (t.progress.runningMean ?? -21) > 0 && reached < 0 { reached = t.progress.episodes }
    if t.progress.episodes >= next || t.progress.episodes == episodes {
      next += 500
      let now = cpuClock()
      let m = recent.suffix(500).reduce(0, +) / Double(min(500, recent.count))
      print(t.progress.episodes, String(format: "mean500 %.2f run %.2f", m, t.progress.runningMean!), t.progress.decisions, String(format: "%.2fM/s", Double(t.progress.decisions - lastD) / (now - last) / 1e6), s.statistics.map { String(format: "g %.1f kl %.4f H %.3f dead %.2f w %.1f", $0.gradientNorm, $0.meanKL, $0.entropy, $0.deadUnits, $0.weightNorm) } ?? "")
      last = now; lastD = t.progress.decisions
    }
  }
  print("total", cpuClock() - t0, "s", Double(t.progress.decisions) / (cpuClock() - t0), "reached0", reached)
}

// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("What plan says of the disk", .serialized)
struct DiskTests {
  @Test(
    "It holds what the trials write, and not many times as much",
    arguments: [
      #""environment":{"id":"cartpole"},"policy":{"kind":"linear"},"training":{"episodes":400}"#,
      #""environment":{"id":"cartpole"},"policy":{"kind":"mlp","hidden":[64,64],"bias":true},"algorithm":{"kind":"a2c","episodesPerUpdate":5},"returns":{"baseline":"value"},"optimizer":{"kind":"adam"},"training":{"decisions":20000}"#,
      #""environment":{"id":"cartpole"},"policy":{"kind":"linear"},"algorithm":{"kind":"cem","population":20},"training":{"episodes":400}"#,
      #""preset":"tuned","training":{"episodes":40,"checkpointEvery":10}"#,
      #""preset":"champion","policy":{"hidden":[40]},"training":{"decisions":60000,"checkpointEvery":10}"#,
      #""preset":"tuned","observation":{"kind":"objects"},"policy":{"kind":"mlp","hidden":[20]},"training":{"episodes":40}"#,
      #""algorithm":{"kind":"random"},"training":{"episodes":10}"#,
    ])
  func estimate(base: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("disk", "{ \"base\": { \(base), \"evaluation\": { \"episodes\": 2 } } }")
    let plan = try program.run("plan", "experiments/disk.json", "--jobs", "1")
    let line = try #require(plan.output.split(separator: "\n").first { $0.hasPrefix("disk: ") })
    let parts = line.dropFirst("disk: at most ".count).prefix { $0 != ";" }.split(separator: " ")
    let units = ["B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9]
    let estimate = try #require(Double(parts[0])) * (try #require(units[String(parts[1])]))
    let run = try program.run("run", "experiments/disk.json", "--no-report")
    #expect(run.status == 0, "\(run.error)")
    var taken = 0.0
    var blocks = 0.0
    let trial = try #require(try program.trialFolders("disk").first)
    for case let file as URL in FileManager.default.enumerator(
      at: trial, includingPropertiesForKeys: nil)
      ?? FileManager.DirectoryEnumerator()
    {
      let size = try file.resourceValues(forKeys: [.fileSizeKey, .isDirectoryKey])
      guard size.isDirectory != true else { continue }
      taken += Double(size.fileSize ?? 0)
      blocks += (Double(size.fileSize ?? 0) / 4_096).rounded(.up) * 4_096
    }
    #expect(taken <= estimate, "\(base): \(taken) of \(estimate)")
    #expect(estimate <= 3 * blocks, "\(base): \(estimate) for \(blocks)")
  }
}

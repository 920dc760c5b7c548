// SPDX-License-Identifier: MIT

import ParameterSchema
import RunStore
import TestSupport
import Testing

@Suite("The smoothed mean under the name that it had until 0.1") struct OlderNamesTests {
  @Test("A status of 0.1 is read with its mean, and written under the new name")
  func status() throws {
    let temporary = try TemporaryFolder()
    let folder = TrialFolder(path: "\(temporary.path)/\(SamplePlan.id(seed: 0))")
    try folder.create()
    let status = SamplePlan.status(.finished)
    try folder.writeStatus(status)
    let text = String(decoding: try Disk.read(folder.statusPath), as: UTF8.self)
    #expect(text.contains("\"smoothedMean\" : -3.5") && !text.contains("runningMean"))
    let older = text.replacing("smoothedMean", with: "runningMean")
    try AtomicFile.write(Array(older.utf8), to: folder.statusPath)
    #expect(try folder.readStatus() == status)
  }

  @Test("A condition may still ask for it")
  func query() throws {
    let sample = try SampleRun(seeds: 2, stored: 1)
    let trials = try StoredRun(sample.folder).trials
    for name in ["smoothedMean", "runningMean"] {
      let condition = try QueryExpression("\(name) < -3")
      try condition.check(TrialFacts.vocabulary(Catalogue(sections: [], presets: []), plans: []))
      #expect(condition.matches { trials[0].value(of: $0) })
    }
    #expect(trials[1].value(of: "runningMean") == nil)
    #expect(!TrialFacts.kinds.keys.contains("runningMean"))
  }
}

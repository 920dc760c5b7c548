// SPDX-License-Identifier: MIT

import Artifacts
import Foundation
import Report
import Testing

@Suite("Replay in the page") struct ReplayTests {
  @Test("A recorded game of full length stays below 200 kB")
  func size() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../EnvironmentsTests/Fixtures/traces").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(!names.isEmpty)
    for name in names where name.hasSuffix(".pongtrace") {
      let trace = try TraceFile(contentsOf: "\(folder)/\(name)")
      let replay = SyntheticRun.replay(checkpoint: 1, trace: trace)
      let stream = try #require(ReplayStream(replay))
      let size = stream.base64.utf8.count
      #expect(size < 200_000, "\(name): \(trace.acts.count) frames give \(size) bytes")
      #expect(!stream.isCut, "\(name)")
    }
  }
}

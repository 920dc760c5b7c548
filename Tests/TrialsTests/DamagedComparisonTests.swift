// SPDX-License-Identifier: MIT

import Testing
import Trials

@Suite("verify sees what is missing or damaged in the stored record")
struct DamagedComparisonTests {
  static let records = [
    "episodes.csv": RecordComparisonTests.episodes + "1,10,30,-21,10\n2,20,60,-20,10\n",
    "updates.csv": RecordComparisonTests.updates + "1,1,10,0.5\n2,2,20,0.25\n",
  ]

  @Test("A header that lost a name differs, though the columns that are left agree")
  func header() throws {
    var stored = Self.records
    stored["updates.csv"] = "update,episode,decisions\n1,1,10,0.5\n2,2,20,0.25\n"
    let difference = try RecordComparisonTests.compare(stored, Self.records).difference
    #expect(difference?.place == "line 2 (update 1), its fields")
    #expect(difference?.stored == "4 under 3 columns" && difference?.again == "4")
  }

  @Test("Updates that the stored record lacks are said", arguments: [0, 1])
  func missing(kept: Int) throws {
    var stored = Self.records
    stored["updates.csv"] =
      kept == 0 ? nil : RecordComparisonTests.updates + "1,1,10,0.5\n"
    let amounts = try RecordComparisonTests.compare(stored, Self.records).amounts
    #expect(amounts.uncompared == ["updates.csv, \(2 - kept) rows that are not stored"])
    #expect(try RecordComparisonTests.compare(Self.records, Self.records).amounts.uncompared == [])
  }
}

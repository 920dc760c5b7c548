// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema
import Testing

@Suite("The stored plan")
struct PlanFileTests {
  private func example() throws -> Plan { try #require(load(fullExample).plan) }

  private func message(_ text: String) -> String? {
    do {
      _ = try Plan(decoding: Array(text.utf8))
      return nil
    } catch {
      return error.message
    }
  }

  @Test("Reading gives what was written, and writing the same bytes again")
  func roundTrip() throws {
    let plan = try example()
    let bytes = plan.encoded()
    let again = try Plan(decoding: bytes)
    #expect(again == plan)
    #expect(again.encoded() == bytes)
    #expect(bytes.last == 0x0A)
  }

  @Test("A trial and a variant have a line each")
  func lines() throws {
    let text = String(decoding: try example().encoded(), as: UTF8.self)
    let trials = text.split(separator: "\n").filter { $0.hasPrefix("    {\"id\":") }
    #expect(trials.count == 60)
    #expect(text.contains("\n  \"formatVersion\": 1,\n"))
  }

  @Test("A plan of another format is refused by its number")
  func foreign() throws {
    let text = String(decoding: try example().encoded(), as: UTF8.self)
    let newer = text.replacing("\"formatVersion\": 1", with: "\"formatVersion\": 2")
    #expect(message(newer) == "the stored plan has format 2; this program reads format 1")
  }

  @Test("Damage is told")
  func damage() throws {
    let text = String(decoding: try example().encoded(), as: UTF8.self)
    #expect(
      message(String(text.dropLast(3)))?.hasPrefix(
        "the stored plan is damaged: the text ends inside")
        == true)
    #expect(
      message("")
        == "the stored plan is damaged: there is no JSON here; an experiment is one object: { \"score\": { \"goal\": \"maximize\" } } (1:1)"
    )
    #expect(message("{}") == "the stored plan is damaged: the plan lacks formatVersion")
    #expect(message("[1]") == "the stored plan is damaged: the plan is not an object")
    let lost = text.replacing("\"variant\":5", with: "\"variant\":99")
    #expect(message(lost)?.contains("is of variant 99, and there are 6") == true)
  }
}

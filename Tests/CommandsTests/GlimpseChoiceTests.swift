// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import ExperimentSpec
import Foundation
import Testing

@Suite("Choosing a glimpse")
struct GlimpseChoiceTests {
  private func load(_ base: String) throws -> LoadedExperiment {
    let path = NSTemporaryDirectory() + "glimpse-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #"{"title":"x","base":\#(base),"score":{"goal":"maximize"}}"#
      .write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard)
  }

  @Test(
    "One line is enough, also over a preset, in a game for two and in Gymnasium",
    arguments: [
      #"{"observation":{"kind":"glimpse"}}"#,
      #"{"preset":"champion","observation":{"kind":"glimpse"}}"#,
      #"{"observation":{"kind":"glimpse","gaze":"fixed","place":{"top":56,"left":0}}}"#,
      #"{"environment":{"id":"pong-two-player"},"observation":{"kind":"glimpse"}}"#,
      #"{"environment":{"id":"gymnasium:ALE/Pong-v5"},"observation":{"kind":"glimpse","size":40}}"#,
    ])
  func oneLine(base: String) throws {
    let loaded = try load(base)
    #expect(
      loaded.plan != nil && loaded.findings.isEmpty, "\(loaded.renderedFindings(usesColor: false))")
  }

  @Test(
    "What does not fit is said before anything starts",
    arguments: [
      (
        #"{"observation":{"kind":"glimpse","size":96}}"#,
        """
        error[too-large]: base.observation.size: a window of 96 × 96 pixels; allowed: at most 80, as \
        what is kept of the picture has 80 × 80
        """
      ),
      (
        #"{"observation":{"kind":"glimpse","gaze":"fixed","place":{"top":0,"left":70}}}"#,
        """
        error[outside-picture]: base.observation.place: the window ends at column 94; allowed: at \
        most 80, place.left 56
        """
      ),
      (
        #"{"observation":{"kind":"glimpse","gaze":"learnt"}}"#,
        #"did you mean "learned"?"#
      ),
      (
        #"{"environment":{"id":"cartpole"},"observation":{"kind":"glimpse"}}"#,
        #""glimpse" cannot be seen where environment.id is "cartpole"; allowed: "raw""#
      ),
      (
        #"{"environment":{"id":"target"},"observation":{"kind":"glimpse"}}"#,
        #""glimpse" cannot be seen where environment.id is "target"; allowed: "raw""#
      ),
      (
        #"{"observation":{"kind":"glimpse"},"policy":{"kind":"conv"}}"#,
        """
        a convolution looks at pictures; what is observed has 6,514 entries and no neighbours
        """
      ),
    ])
  func misfits(base: String, text: String) throws {
    let loaded = try load(base)
    #expect(loaded.plan == nil)
    let found = loaded.renderedFindings(usesColor: false)
    #expect(found.contains(text), "\(found)")
    // Where there is no picture, what is kept of it is refused as well.
    let expected = text.contains("environment.id") ? 3 : 1
    #expect(loaded.findings.count { $0.severity == .error } == expected, "\(found)")
  }
}

// SPDX-License-Identifier: MIT

import Commands
import Diagnostics
import ExperimentSpec
import Foundation
import ParameterSchema
import Testing

@Suite("Choosing a convolutional network")
struct ConvolutionChoiceTests {
  private func load(_ base: String) throws -> LoadedExperiment {
    let path = NSTemporaryDirectory() + "conv-\(UUID().uuidString.lowercased()).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try #"{"title":"x","base":\#(base),"score":{"goal":"maximize"}}"#
      .write(toFile: path, atomically: true, encoding: .utf8)
    return loadExperiment(path: path, catalogue: .standard)
  }

  @Test(
    "One line is enough, under a preset as well",
    arguments: [
      #"{"policy":{"kind":"conv"}}"#, #"{"preset":"tuned","policy":{"kind":"conv"}}"#,
      #"{"observation":{"kind":"stack"},"policy":{"kind":"conv"}}"#,
    ])
  func oneLine(base: String) throws {
    let loaded = try load(base)
    let plan = try #require(loaded.plan, "\(loaded.renderedFindings(usesColor: false))")
    #expect(loaded.findings.isEmpty)
    let configuration = plan.variants[0].configuration
    for (key, value) in [
      ("filters", [16]), ("kernels", [8]), ("strides", [4]), ("hidden", [64]),
    ] as [(String, ConfigValue)] {
      #expect(configuration[path: "policy.\(key)"] == value, "\(key)")
    }
  }

  @Test(
    "What does not fit is said before anything starts",
    arguments: [
      (
        #"{"policy":{"kind":"conv","filters":[16,32],"kernels":[8,30],"strides":[4,2]}}"#,
        """
        error[does-not-fit]: base.policy.kernels: layer 2 has 30, but its input is 19 × 19 pixels; \
        allowed: at most 19
        """
      ),
      (
        #"{"policy":{"kind":"conv","filters":[16,32]}}"#,
        """
        error[does-not-fit]: policy.kernels: 1 value, but policy.filters has 2; a layer has one \
        of each
        """
      ),
      (
        #"{"policy":{"kind":"conv","strides":[1]}}"#,
        "error[too-large]: policy.filters: layer 1 has 73 × 73 × 16 outputs, 85264; allowed: at"
          + " most 65536"
      ),
      (
        #"{"environment":{"id":"cartpole"},"policy":{"kind":"conv"}}"#,
        """
        error[no-picture]: base.policy.kind: a convolution looks at pictures; what is observed has 4 \
        entries and no neighbours
        """
      ),
      (
        #"{"observation":{"kind":"objects"},"policy":{"kind":"conv"}}"#,
        """
        error[no-picture]: base.policy.kind: a convolution looks at pictures; what is observed has 8 \
        entries and no neighbours
        """
      ),
    ])
  func misfits(base: String, text: String) throws {
    let loaded = try load(base)
    #expect(loaded.plan == nil)
    let found = loaded.renderedFindings(usesColor: false)
    #expect(found.contains(text), "\(found)")
    #expect(loaded.findings.count { $0.severity == .error } == 1, "\(found)")
  }

  @Test("Permuted pixels are a warning: there are no neighbours left")
  func permuted() throws {
    let loaded = try load(
      #"{"observation":{"permutePixels":true},"policy":{"kind":"conv"}}"#)
    #expect(loaded.plan != nil)
    let found = loaded.renderedFindings(usesColor: false)
    #expect(
      found.contains(
        """
        warning[permuted-picture]: base.observation.permutePixels: a convolution looks at neighbours, \
        and permuted pixels have none
        """), "\(found)")
  }
}

// SPDX-License-Identifier: MIT

package import ParameterSchema

extension Training {
  /// The section `training` for the catalogue.
  package static let component = Component(
    doc: "How long a trial trains.",
    parameters: [
      Parameter(
        "episodes", .integer(1...10_000_000), default: 8000, unit: "episodes",
        doc: "Episodes to train for; the post trained for about 8,000."),
      Parameter(
        "checkpointEvery", .integer(1...10_000_000), default: 500, unit: "episodes",
        doc: """
          A checkpoint is written at the first update at or after each multiple of this, and at the \
          end.
          """, entersIdentity: false),
      Parameter(
        "keepCheckpoints", .integer(2...1000), default: 8, unit: "checkpoints",
        doc: """
          How many checkpoints are kept, spread over the training; the newest two keep the \
          optimizer's state as well.
          """, entersIdentity: false),
    ])
}

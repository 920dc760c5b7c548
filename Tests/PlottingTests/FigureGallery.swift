// SPDX-License-Identifier: MIT

import Foundation
import Testing

@testable import Plotting

/// Writes the sample figures to the folder `RALLYBOOK_FIGURES` for the eye; not run without it.
@Suite struct FigureGallery {
  static let folder = ProcessInfo.processInfo.environment["RALLYBOOK_FIGURES"]

  @Test("Sample figures are written for looking at", .enabled(if: folder != nil))
  func samples() throws {
    let folder = URL(fileURLWithPath: try #require(Self.folder))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for theme in Theme.all {
      for width in [720.0, 360] {
        let name = "\(theme.name)-\(Int(width))"
        let figures: [(String, Figure)] = [
          ("curves", SampleFigures.curves()),
          (
            "many",
            SampleFigures.curves((1...14).map { "variant number \($0)" }, xKind: .duration)

          ),
          ("scores", SampleFigures.scores()),
          ("health", SampleFigures.health()),
          ("timeline", SampleFigures.timeline()),
          ("filters", SampleFigures.filters()),
          ("filmstrip", SampleFigures.filmstrip()),
          ("profiles", SampleComparisons.profiles()),
          ("matrix", SampleComparisons.matrix()),
          ("matrix-30", SampleComparisons.matrix(count: 30)),
          ("effects", SampleComparisons.effects()),
          ("importance", SampleComparisons.importance()),
          ("parallel", SampleComparisons.parallel()),
          ("histograms", SampleComparisons.histograms()),
          ("score-panels", ScorePanelTests.sample()),
        ]
        for (kind, figure) in figures {
          let scene = figure.scene(width: width)
          let file = folder.appendingPathComponent("\(kind)-\(name)")
          try Data(scene.png(theme, text: [PNGText("Software", "Rallybook")]))
            .write(to: file.appendingPathExtension("png"))
          guard let document = try scene.svg() else { continue }
          try Data(document).write(to: file.appendingPathExtension("svg"))
        }
      }
    }
  }
}

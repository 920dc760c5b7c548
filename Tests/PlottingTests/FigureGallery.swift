// SPDX-License-Identifier: MIT

import Foundation
import Plotting
import Testing

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
        let scenes: [(String, Scene)] = [
          ("curves", SampleFigures.curves().scene(theme: theme, width: width)),
          (
            "many",
            SampleFigures.curves((1...14).map { "variant number \($0)" }, xKind: .duration)
              .scene(theme: theme, width: width)
          ),
          ("scores", SampleFigures.scores().scene(theme: theme, width: width)),
          ("health", SampleFigures.health().scene(theme: theme, width: width)),
          ("timeline", SampleFigures.timeline().scene(theme: theme, width: width)),
          ("filters", SampleFigures.filters().scene(theme: theme, width: width)),
          ("filmstrip", SampleFigures.filmstrip().scene(theme: theme, width: width)),
          ("profiles", SampleComparisons.profiles().scene(theme: theme, width: width)),
          ("matrix", SampleComparisons.matrix().scene(theme: theme, width: width)),
          ("matrix-30", SampleComparisons.matrix(count: 30).scene(theme: theme, width: width)),
          ("effects", SampleComparisons.effects().scene(theme: theme, width: width)),
          ("importance", SampleComparisons.importance().scene(theme: theme, width: width)),
          ("parallel", SampleComparisons.parallel().scene(theme: theme, width: width)),
          ("histograms", SampleComparisons.histograms().scene(theme: theme, width: width)),
        ]
        for (kind, scene) in scenes {
          let file = folder.appendingPathComponent("\(kind)-\(name)")
          try Data(scene.png(text: [PNGText("Software", "Rallybook")]))
            .write(to: file.appendingPathExtension("png"))
          try Data(scene.svg()).write(to: file.appendingPathExtension("svg"))
        }
      }
    }
  }
}

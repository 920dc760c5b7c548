// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Glibc
import ParameterSchema
import Plotting
import RunStore

/// An update as a checkpoint recorded it: a batch of single points.
private struct ScoreStop {
  let number: Int
  /// Training episodes, the batch's among them.
  let episode: Int
  let update: ScoreUpdate

  /// - Returns: nil for a checkpoint without samples of one distribution over the plane.
  init?(_ checkpoint: Checkpoint, episode: Int) {
    guard let outputs = checkpoint["samples.outputs"], let actions = checkpoint["samples.actions"],
      let rewards = checkpoint["samples.rewards"], let after = checkpoint["samples.after"],
      actions.shape == [rewards.values.count, 2], outputs.shape == [rewards.values.count, 4],
      after.values.count == 4, let number = checkpoint.metadata["update"].flatMap({ Int($0) })
    else { return nil }
    let before = Array(outputs.values.prefix(4))
    let isOne = outputs.values.indices.allSatisfy { outputs.values[$0] == before[$0 % 4] }
    guard isOne, !before.isEmpty else { return nil }
    (self.number, self.episode) = (number, episode)
    update = ScoreUpdate(
      before: PlaneDistribution(outputs: before), after: PlaneDistribution(outputs: after.values),
      samples: rewards.values.indices.map {
        (
          Double(actions.values[2 * $0]), Double(actions.values[2 * $0 + 1]),
          Double(rewards.values[$0])
        )
      })
  }
}

extension PlaneDistribution {
  /// Of two means and two log σ.
  fileprivate init(outputs: [Float]) {
    let numbers = outputs.map(Double.init)
    self.init(mean: (numbers[0], numbers[1]), deviation: (exp(numbers[2]), exp(numbers[3])))
  }
}

extension Section {
  /// Updates that are drawn, at most.
  private static let scoreStops = 8

  /// How the score function estimator moved a trial's distribution, update by update; nil where its
  /// checkpoints hold no samples of the plane.
  static func scoreFunction(_ source: ShownTrial, _ figures: FigureWriter) throws -> Section? {
    let regions: [PayingRegion]? = try? source.configuration[path: "environment.regions"]?
      .decoded(name: "environment.regions")
    guard let regions else { return nil }
    let stored = (try? source.trial.folder.checkpoints()) ?? []
    let stops = stored.compactMap { entry in
      (try? Checkpoint(contentsOf: entry.path)).flatMap { ScoreStop($0, episode: entry.episodes) }
    }
    guard !stops.isEmpty else { return nil }
    let count = min(scoreStops, stops.count)
    let shown = (0..<count).map { stops[$0 * (stops.count - 1) / max(1, count - 1)] }
    var table = CSVTable([
      "update", "x", "y", "score", "meanX", "meanY", "deviationX", "deviationY", "meanXAfter",
      "meanYAfter", "deviationXAfter", "deviationYAfter",
    ])
    for stop in stops {
      let (before, after) = (stop.update.before, stop.update.after)
      for (x, y, score) in stop.update.samples {
        table.add([
          stop.number, x, y, score, before.mean.x, before.mean.y, before.deviation.x,
          before.deviation.y, after.mean.x, after.mean.y, after.deviation.x, after.deviation.y,
        ])
      }
    }
    let range = reach(shown.map(\.update), regions)
    let drawn = try shown.enumerated().map { place, stop in
      try figures.figure(
        "score-function-\(stop.number)",
        caption: "Update \(Numbers.whole(stop.number)), "
          + "\(Wording.stop(stop.episode)): \(scores(stop.update)).",
        table: place == 0 ? table : nil, tableName: "score-function",
        withPNG: place == 0 || place == count - 1,
        Figure.scorePanels(stop.update, regions: regions, range: range))
    }
    return Section(
      "score-function", "The score function",
      """
      <p class="lead">Each sample pulls the mean towards itself, by the gradient of its log \
      probability; multiplied by its score, the samples that paid pull and the others push. Their sum \
      moves the distribution. \(source.origin)</p>
      \(stopped(drawn, names: shown.map { "Update \(Numbers.whole($0.number))" }))
      """)
  }

  private static func scores(_ update: ScoreUpdate) -> String {
    let mean = update.samples.reduce(0) { $0 + $1.score } / Double(update.samples.count)
    return "mean score of its \(Numbers.count(update.samples.count, "sample"))"
      + " \(Numbers.fixed(mean, decimals: 2))"
  }

  /// A square around the regions and two and a half deviations of each distribution.
  private static func reach(
    _ updates: [ScoreUpdate], _ regions: [PayingRegion]
  ) -> ClosedRange<Double> {
    let discs = regions.flatMap { [abs($0.x) + $0.radius, abs($0.y) + $0.radius] }
    let rings = updates.flatMap { [$0.before, $0.after] }.flatMap { distribution -> [Double] in
      let (mean, deviation) = (distribution.mean, distribution.deviation)
      return [abs(mean.x) + 2.5 * deviation.x, abs(mean.y) + 2.5 * deviation.y]
    }
    let end = (discs + rings).filter(\.isFinite).max() ?? 1
    return -end...end
  }

  /// Figures one at a time, chosen by a slider; one below the other without scripts.
  ///
  /// - Parameter names: what the slider says of each.
  static func stopped(_ figures: [HTML], names: [String]) -> HTML {
    """
    <div class="stops">
    <div class="plate-choices" hidden><label class="checkpoint"><span>\(names[0])</span> \
    <input type="range" min="0" max="\(figures.count - 1)" value="0" step="1" \
    data-names="\(names.joined(separator: "|"))"></label></div>
    \(figures.html { $0 })</div>

    """
  }
}

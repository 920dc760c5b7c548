// SPDX-License-Identifier: MIT

/// The smoothed mean of a trial's returns after one more: 0.99 · mean + 0.01 · return, from the first
/// return on.
package func smoothed(_ mean: Double?, with newest: Double) -> Double {
  mean.map { 0.99 * $0 + 0.01 * newest } ?? newest
}

/// A row of `episodes.csv`: one training episode.
package struct EpisodeRecord: CSVRecord, Hashable {
  /// The episode's number, from 1.
  package var episode: Int
  /// Decisions made in the trial up to and including this episode.
  package var decisions: Int
  /// Frames played in the trial up to and including this episode.
  package var frames: Int
  /// The undiscounted sum of the episode's rewards, the game's own score.
  package var `return`: Double
  /// Decisions in this episode.
  package var length: Int

  package init(episode: Int, decisions: Int, frames: Int, return: Double, length: Int) {
    self.episode = episode
    self.decisions = decisions
    self.frames = frames
    self.return = `return`
    self.length = length
  }

  package static var columns: [String] { ["episode", "decisions", "frames", "return", "length"] }

  package var fields: [String] {
    [String(episode), String(decisions), String(frames), csvText(`return`), String(length)]
  }

  package init?(fields: CSVFields) {
    guard let episode = fields.integer(0), let decisions = fields.integer(1),
      let frames = fields.integer(2), let value = fields.number(3), let length = fields.integer(4)
    else { return nil }
    self.init(
      episode: episode, decisions: decisions, frames: frames, return: value, length: length)
  }

  package func mayFollow(_ earlier: EpisodeRecord?) -> Bool {
    episode == (earlier?.episode ?? 0) + 1 && decisions >= earlier?.decisions ?? 0
  }
}

/// A row of `updates.csv`: what one update of the policy did. Empty fields were not measured.
package struct UpdateRecord: CSVRecord, Hashable {
  /// The update's number, from 1.
  package var update: Int
  /// Episodes and decisions in the trial up to and including this update's batch.
  package var episode: Int
  package var decisions: Int
  /// Euclidean norm of the gradient that the optimizer was given.
  package var gradientNorm: Double?
  /// Mean KL(old ‖ new) over the batch, nats per decision.
  package var meanKL: Double?
  /// Mean entropy of the old policy over the batch, nats per decision.
  package var entropy: Double?
  /// Surrogate mean(A·π/π₀) on the batch, before and after the update.
  package var surrogateBefore: Double?
  package var surrogateAfter: Double?
  /// Share of the proposed step that was taken, 0...1.
  package var stepFraction: Double?
  /// How often the step was shortened.
  package var backtracks: Double?
  /// Share of hidden units that fired on no decision of the batch, 0...1.
  package var deadUnits: Double?
  /// Euclidean norm of all weights after the update.
  package var weightNorm: Double?
  /// ‖F·x − g‖ / ‖g‖ of the conjugate gradient.
  package var residual: Double?
  /// 1 − Var(target − V) / Var(target) of the value baseline before the update.
  package var explainedVariance: Double?
  /// Share of the decisions whose ratio π/π₀ was clipped, 0...1.
  package var clipFraction: Double?
  /// Mean deviation of a search over parameters.
  package var searchDeviation: Double?
  /// Share of the batch's episodes that a time limit ended, 0...1.
  package var truncated: Double?
  /// Passes in the trial up to and including this update: forward, backward and tangent passes of
  /// the policy over one decision each, those of its playing too; passes of a value network count as
  /// their share of the policy's multiplications.
  package var passes: Double?

  package init(update: Int = 0, episode: Int = 0, decisions: Int = 0) {
    self.update = update
    self.episode = episode
    self.decisions = decisions
  }

  package static var columns: [String] {
    [
      "update", "episode", "decisions", "gradientNorm", "meanKL", "entropy", "surrogateBefore",
      "surrogateAfter", "stepFraction", "backtracks", "deadUnits", "weightNorm", "residual",
      "explainedVariance", "clipFraction", "searchDeviation", "truncated",
      "passes",
    ]
  }

  package static var firstColumns: Int { 12 }

  private static var measures: [WritableKeyPath<UpdateRecord, Double?>] {
    [
      \.gradientNorm, \.meanKL, \.entropy, \.surrogateBefore, \.surrogateAfter, \.stepFraction,
      \.backtracks, \.deadUnits, \.weightNorm, \.residual, \.explainedVariance, \.clipFraction,
      \.searchDeviation, \.truncated,
    ]
  }

  /// The columns that hold what an update measured, in the file's order.
  package static var measureColumns: [String] {
    Array(columns.dropFirst(3).prefix(measures.count))
  }

  /// What was measured, beside `measureColumns`; nil where it was not.
  package var measured: [Double?] { Self.measures.map { self[keyPath: $0] } }

  package var fields: [String] {
    [String(update), String(episode), String(decisions)]
      + Self.measures.map { csvText(self[keyPath: $0]) } + [csvText(passes)]
  }

  package init?(fields: CSVFields) {
    guard let update = fields.integer(0), let episode = fields.integer(1),
      let decisions = fields.integer(2)
    else { return nil }
    self.init(update: update, episode: episode, decisions: decisions)
    for (i, measure) in Self.measures.enumerated() {
      guard let value = fields.optionalNumber(3 + i) else { return nil }
      self[keyPath: measure] = value
    }
    guard let passes = fields.optionalNumber(3 + Self.measures.count) else { return nil }
    self.passes = passes
  }

  package func mayFollow(_ earlier: UpdateRecord?) -> Bool {
    update == (earlier?.update ?? 0) + 1 && episode >= earlier?.episode ?? 0
  }
}

/// A row of `evaluations.csv`: one evaluation episode of a stored policy.
package struct EvaluationRecord: CSVRecord, Hashable {
  /// Training episodes behind the evaluated weights.
  package var checkpoint: Int
  /// The evaluation episode's number, from 1; it names its random streams.
  package var episode: Int
  package var `return`: Double
  /// Decisions in the episode.
  package var length: Int

  package init(checkpoint: Int, episode: Int, return: Double, length: Int) {
    self.checkpoint = checkpoint
    self.episode = episode
    self.return = `return`
    self.length = length
  }

  package static var columns: [String] { ["checkpoint", "episode", "return", "length"] }

  package var fields: [String] {
    [String(checkpoint), String(episode), csvText(`return`), String(length)]
  }

  package init?(fields: CSVFields) {
    guard let checkpoint = fields.integer(0), let episode = fields.integer(1),
      let value = fields.number(2), let length = fields.integer(3)
    else { return nil }
    self.init(checkpoint: checkpoint, episode: episode, return: value, length: length)
  }

  /// The games of a checkpoint in order, then those of a later one.
  package func mayFollow(_ earlier: EvaluationRecord?) -> Bool {
    guard let earlier else { return checkpoint >= 0 && episode == 1 }
    return checkpoint == earlier.checkpoint
      ? episode == earlier.episode + 1 : checkpoint > earlier.checkpoint && episode == 1
  }
}

/// A row of `timing.csv`: the only file of a trial whose numbers differ between two equal runs.
package struct TimingRecord: CSVRecord, Hashable {
  package var episode: Int
  package var decisions: Int
  /// Seconds spent in training up to here, over all sessions of the trial.
  package var wallSeconds: Double
  package var cpuSeconds: Double

  package init(episode: Int, decisions: Int, wallSeconds: Double, cpuSeconds: Double) {
    self.episode = episode
    self.decisions = decisions
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
  }

  package static var columns: [String] { ["episode", "decisions", "wallSeconds", "cpuSeconds"] }

  package var fields: [String] {
    [String(episode), String(decisions), csvText(wallSeconds), csvText(cpuSeconds)]
  }

  package init?(fields: CSVFields) {
    guard let episode = fields.integer(0), let decisions = fields.integer(1),
      let wall = fields.number(2), let cpu = fields.number(3)
    else { return nil }
    self.init(episode: episode, decisions: decisions, wallSeconds: wall, cpuSeconds: cpu)
  }

  package func mayFollow(_ earlier: TimingRecord?) -> Bool {
    episode >= earlier?.episode ?? 0 && decisions >= earlier?.decisions ?? 0
  }
}

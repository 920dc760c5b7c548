// SPDX-License-Identifier: MIT

package import Artifacts
import Diagnostics
import Statistics

/// What a step of the files counts, which none of them says.
package struct StepUnit: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// What the policy chooses: a call of `step` on the environment that it sees.
    case decisions
    /// What the game shows, of which a decision takes several.
    case frames
  }

  package let kind: Kind
  /// Frames of a decision.
  package let frameSkip: Int

  package init(_ kind: Kind, frameSkip: Int) { (self.kind, self.frameSkip) = (kind, frameSkip) }

  /// Greatest step that is taken for one: 2⁵⁰.
  static let greatest = 1 << 50

  func decisions(_ step: Int) -> Int { kind == .frames ? step / frameSkip : step }
  func frames(_ step: Int) -> Int { kind == .frames ? step : step * frameSkip }
}

/// A trial's records out of the files of other programs.
package struct TrialCurve: Sendable {
  package private(set) var episodes: [EpisodeRecord] = []
  package private(set) var evaluations: [EvaluationRecord] = []
  package private(set) var timing: [TimingRecord] = []
  /// Whether a row of `episodes` is a mean of several episodes, so that nothing averages it again.
  package private(set) var isMeans = false
  /// What was left out or looks like a restart, a sentence each.
  package private(set) var remarks: [String]
  /// The environment's name, where a file has it.
  package private(set) var environment: String?

  private struct Row {
    var step: Int
    var value: Double
    var length: Int?
    var seconds: Double?
  }

  /// - Parameters:
  ///   - sources: of one trial, in the order of their paths.
  ///   - unit: nil where it is not known, which only Monitor files of what is no Atari game need not
  ///     say.
  ///   - name: the trial's, for errors.
  package init(
    _ sources: [SourceFile], columns: CurveColumns, unit: StepUnit?, name: String
  ) throws(ImportError) {
    remarks = sources.flatMap(\.remarks)
    environment = sources.lazy.compactMap(\.environment).first
    let sessions = sources.filter { !$0.sessions.isEmpty }
    let isAtari = environment.map(isAtariGame)
    guard let unit = unit ?? (isAtari == false ? StepUnit(.decisions, frameSkip: 1) : nil) else {
      throw ImportError(
        "\(name): what a step counts does not stand in \(sources[0].path), and files of Atari games"
          + " differ by the frames of a decision; say --steps decisions, or --steps frames"
          + " --frame-skip N")
    }
    let evaluated = joined(
      sources.map(\.evaluations), step: \.step, keepsEqual: false, told: "\(name), evaluations")
    var used: Set<String> = []
    var rows: [Row]
    if !sessions.isEmpty {
      rows = Self.rows(of: sessions.map(\.sessions))
    } else if let curve = try Self.curve(among: sources, columns) {
      rows = self.rows(of: sources, curve, name)
      used = [curve.value, curve.length]
      isMeans = curve.isMean
      tellUnreadable(sources, used)
    } else if !evaluated.isEmpty {
      rows = evaluated.map { games in
        Row(step: games.step, value: mean(games.returns) ?? .nan, length: nil, seconds: nil)
      }
      isMeans = true
    } else {
      let names = Set(sources.flatMap(\.scalars.keys)).sorted()
      tellUnreadable(sources, Set(sources.flatMap(\.unreadable.keys)))
      throw ImportError(
        ([
          "\(name): no series is known to be a return"
            + (names.isEmpty ? "" : " among \(names.joined(separator: ", "))")
            + "; say which with --columns return=NAME, or mean=NAME for means of several episodes"
        ] + remarks).joined(separator: "\n"))
    }
    let all = rows.count
    rows.removeAll { !(0...StepUnit.greatest).contains($0.step) }
    if rows.count < all {
      remarks.append(
        "\(name): \(Numbers.count(all - rows.count, "point")) left out, below step 0 or beyond 2⁵⁰")
    }
    if rows.count > 1, rows.allSatisfy({ $0.step == 0 }) {
      remarks.append(
        "\(name): all its points stand at step 0, as where none was logged, so its decisions are not"
          + " known")
    }
    guard !rows.isEmpty else {
      throw ImportError(
        (["\(name): its files have no point of a curve"] + remarks).joined(separator: "\n"))
    }
    store(rows, unit, name)
    store(evaluated, unit, name)
    let others = Set(sources.flatMap(\.scalars.keys)).subtracting(used).sorted()
    if !others.isEmpty {
      let shown = others.prefix(6).joined(separator: ", ") + (others.count > 6 ? ", …" : "")
      remarks.append(
        "\(name): \(Numbers.count(others.count, "other series")) not imported: \(shown)")
    }
  }

  private static func curve(
    among sources: [SourceFile], _ columns: CurveColumns
  ) throws(ImportError) -> CurveColumns.Curve? {
    let names = Set(sources.flatMap(\.scalars.keys)).sorted()
    return names.isEmpty
      ? nil
      : try columns.curve(among: names, of: sources.map(\.path).joined(separator: ", "))
  }

  private mutating func tellUnreadable(_ sources: [SourceFile], _ used: Set<String>) {
    for source in sources {
      for (name, cells) in source.unreadable.sorted(by: { $0.key < $1.key })
      where used.contains(name) {
        remarks.append(
          "\(source.path): \(Numbers.count(cells.count, "cell")) of \(name) that"
            + " \(cells.count == 1 ? "is" : "are") no number, left out; line \(cells.line):"
            + " \(cells.text.prefix(80))")
      }
    }
  }

  // MARK: Points in one order

  /// The episodes of a trial's Monitor files, one for each of its environments, in the order of their
  /// ends; steps are the sum of the lengths so far. An episode that did not end is in no file.
  private static func rows(of files: [[MonitorSession]]) -> [Row] {
    var rows: [Row] = []
    var (step, origin, reached): (Int, Double?, Double) = (0, nil, 0)
    for number in 0..<(files.map(\.count).max() ?? 0) {
      let parts = files.compactMap { $0.count > number ? $0[number] : nil }
      let ends = parts.flatMap { part in part.episodes.map { ($0, (part.start ?? 0) + $0.seconds) }
      }
      .enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
      .map(\.element)
      let isKnown = parts.contains { $0.start != nil }
      origin = origin ?? parts.compactMap(\.start).min()
      let before = reached
      for (episode, end) in ends {
        step = min(step + episode.length, StepUnit.greatest)
        // Where a training went on, only the time since then is known.
        reached = isKnown ? end - (origin ?? 0) : before + end
        rows.append(
          Row(step: step, value: episode.return, length: episode.length, seconds: reached))
      }
    }
    return rows
  }

  private mutating func rows(
    of sources: [SourceFile], _ curve: CurveColumns.Curve, _ name: String
  ) -> [Row] {
    let points = joined(
      sources.map { $0.scalars[curve.value] ?? [] }, step: \.step, keepsEqual: !curve.isMean,
      told: "\(name), \(curve.value)")
    let origin =
      sources.contains(where: \.hasWallClock)
      ? sources.flatMap { $0.scalars.values.joined() }.compactMap(\.seconds).min() ?? 0 : 0
    var lengths = Dictionary(
      grouping: sources.flatMap { $0.scalars[curve.length] ?? [] }.reversed(), by: \.step)
    return points.map { point in
      let length = lengths[point.step]?.popLast()?.value
      return Row(
        step: point.step, value: point.value,
        length: length.flatMap { (0...1e15).contains($0) ? Int($0.rounded()) : nil },
        seconds: point.seconds.map { max(0, $0 - origin) })
    }
  }

  /// The points of several files as one series in which steps rise. Where they go back, or a further
  /// file begins at a step that is there, the training went on from an earlier point: what stood behind
  /// that is replaced, and told.
  ///
  /// - Parameters:
  ///   - keepsEqual: whether points of equal step in one file are different episodes; else the last
  ///     counts.
  ///   - told: what the points are called, for people.
  private mutating func joined<Point>(
    _ parts: [[Point]], step: (Point) -> Int, keepsEqual: Bool, told: String
  ) -> [Point] {
    var points: [Point] = []
    var (replaced, equal) = (0, 0)
    for (number, part) in parts.enumerated() {
      for (place, point) in part.enumerated() {
        if let last = points.last {
          let isRestart =
            step(point) < step(last)
            || number > 0 && place == 0 && step(point) == step(last)
          if isRestart {
            let kept = points.lastIndex { step($0) < step(point) }.map { $0 + 1 } ?? 0
            replaced += points.count - kept
            points.removeSubrange(kept...)
          } else if !keepsEqual && step(point) == step(last) {
            equal += 1
            points.removeLast()
          }
        }
        points.append(point)
      }
    }
    if replaced > 0 {
      remarks.append(
        "\(told): \(Numbers.count(replaced, "point")) of a training that went on from an earlier step"
          + " \(replaced == 1 ? "is" : "are") replaced by what came after")
    }
    if equal > 0 {
      remarks.append(
        "\(told): of \(Numbers.count(equal, "point")) with an equal step the last counts")
    }
    return points
  }

  // MARK: Records

  private mutating func store(_ rows: [Row], _ unit: StepUnit, _ name: String) {
    let times = rows.compactMap(\.seconds)
    let fall = zip(times, times.dropFirst()).first { $1 < $0 }
    if let fall {
      remarks.append(
        "\(name): the time falls from \(Durations.text(fall.0)) to \(Durations.text(fall.1)), so none"
          + " is imported")
    }
    for (place, row) in rows.enumerated() {
      let decisions = unit.decisions(row.step)
      episodes.append(
        EpisodeRecord(
          episode: place + 1, decisions: decisions, frames: unit.frames(row.step),
          return: row.value, length: row.length.map(unit.decisions) ?? 0))
      if fall == nil, let seconds = row.seconds {
        timing.append(
          TimingRecord(
            episode: place + 1, decisions: decisions, wallSeconds: seconds, cpuSeconds: .nan))
      }
    }
  }

  /// Evaluations by the training episodes before them; of several between two episodes the last
  /// counts, since a checkpoint has one.
  private mutating func store(_ evaluated: [EvaluatedGames], _ unit: StepUnit, _ name: String) {
    var (place, left) = (0, 0)
    var known: [(checkpoint: Int, games: EvaluatedGames)] = []
    for games in evaluated where (0...StepUnit.greatest).contains(games.step) {
      let decisions = unit.decisions(games.step)
      while place < episodes.count, episodes[place].decisions <= decisions { place += 1 }
      if known.last?.checkpoint == place {
        known.removeLast()
        left += 1
      }
      known.append((place, games))
    }
    evaluations = known.flatMap { checkpoint, games in
      zip(games.returns, games.lengths).enumerated().map { number, game in
        EvaluationRecord(
          checkpoint: checkpoint, episode: number + 1, return: game.0,
          length: unit.decisions(max(0, game.1)))
      }
    }
    if left > 0 {
      remarks.append(
        "\(name): \(Numbers.count(left, "evaluation")) before the end of another training episode"
          + " \(left == 1 ? "is" : "are") left out, since the one after stands for the same episodes"
      )
    }
  }

  /// The smoothed mean of single episodes as trainings count it; nil for means.
  package var smoothedMean: Double? {
    isMeans ? nil : episodes.reduce(nil) { smoothed($0, with: $1.return) }
  }
}

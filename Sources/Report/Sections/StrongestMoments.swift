// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Plotting

/// The moments of a game at which the units with the greatest norm respond most strongly.
struct StrongestMoments {
  private static let unitCount = 8
  private static let momentCount = 4
  /// Frames between two moments of a unit, at least: two seconds, so that no rally shows twice.
  private static let distance = 120

  /// A decision, from 0, and the unit's activation there.
  private typealias Moment = (decision: Int, activation: Double)

  let html: HTML

  /// Looks through the newest game.
  ///
  /// - Parameters:
  ///   - units: those of `filters`, in order.
  ///
  /// - Returns: nil without a game of Pong, or where the policy does not see differences of frames.
  init?(
    _ source: ShownTrial, _ layer: FirstLayer, _ units: [Int], _ filters: PictureSheet,
    _ figures: FigureWriter
  ) throws {
    guard source.seesDifferences, let replay = source.replays().last,
      replay.header.environment == "pong", replay.header.checkpoint == layer.episode
    else { return nil }
    let units = Array(units.prefix(Self.unitCount))
    let found = Self.moments(replay, layer, units)
    let places = found.joined().map(\.decision).uniqued
    guard !places.isEmpty else { return nil }
    let sheet = try PictureSheet(
      places.map { Self.picture(replay, decision: $0) }, named: "exciting", figures)
    func item(_ moment: Moment) -> HTML {
      let number = replay.decisions[moment.decision].frame
      let frame = replay.frames[number]
      let tile = sheet.tile(
        places.firstIndex(of: moment.decision) ?? 0,
        "The field at \(frame.computerScore) to \(frame.playerScore)")
      let seconds = number / 60
      let time = "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
      return """
        <li><a href="#player" data-seek="\(number)">\(tile)\
        <span>\(Numbers.fixed(moment.activation, decimals: 2)) at \(time)</span></a></li>

        """
    }
    let shown = units.indices.filter { !found[$0].isEmpty }.html { place in
      let unit = units[place]
      let tile = filters.filter(place, of: unit)
      let vote = Self.vote(Double(layer.output[unit]), replay.header.actions)
      return """
        <li><div class="exciting-unit">\(tile)<p><strong>Unit \(unit)</strong><br>\(vote)</p></div>
        <ol>
        \(found[place].html(item))</ol></li>

        """
    }
    html = """
      <h3>What excites a unit</h3>
      <p class="lead">The moments of evaluation game \(Numbers.whole(replay.header.episode)) at which \
      the units with the greatest norm respond most strongly, at least two seconds apart, with their \
      activations. What moved is also drawn faintly where it was one decision earlier, since the \
      policy sees the difference. Each picture links to its moment in the replay.</p>
      <ul class="exciting">
      \(shown)</ul>

      """
  }

  /// Which way a unit votes.
  private static func vote(_ weight: Double, _ actions: [String]) -> String {
    guard actions.count == 2 else { return "output \(Numbers.fixed(weight, decimals: 2))" }
    let action = actionName(actions[weight >= 0 ? 0 : 1])
    return "votes \(action), \(Numbers.fixed(abs(weight), decimals: 2))"
  }

  /// For each unit its strongest decisions, greatest first, none close to another.
  private static func moments(
    _ replay: ReplayFile, _ layer: FirstLayer, _ units: [Int]
  ) -> [[Moment]] {
    var all = [[Moment]](repeating: [], count: units.count)
    var before: [Int]?
    for (index, decision) in replay.decisions.enumerated() {
      guard replay.frames.indices.contains(decision.frame) else { break }
      let lit = PongPicture.litPixels(replay.frames[decision.frame])
      // An episode's first decision sees nothing: there is no frame before.
      if let earlier = before {
        let (now, then) = (Set(lit), Set(earlier))
        let (plus, minus) = (
          lit.filter { !then.contains($0) }, earlier.filter { !now.contains($0) }
        )
        for (place, unit) in units.enumerated() {
          let activation = layer.activation(unit, plus: plus, minus: minus)
          if activation > 0 { all[place].append((index, activation)) }
        }
      }
      before = lit
    }
    return all.map { candidates in
      var kept: [Moment] = []
      for candidate in candidates.sorted(by: {
        ($1.activation, $0.decision) < ($0.activation, $1.decision)
      }) {
        let frame = replay.decisions[candidate.decision].frame
        let isApart = kept.allSatisfy {
          abs(replay.decisions[$0.decision].frame - frame) >= distance
        }
        if isApart { kept.append(candidate) }
        if kept.count == momentCount { break }
      }
      return kept
    }
  }

  /// The field at a decision, 160 × 160, with what moved as it stood a decision before, faintly:
  /// the policy sees the difference.
  private static func picture(_ replay: ReplayFile, decision: Int) -> PixelImage {
    let now = PongPicture.inks(replay.frames[replay.decisions[decision].frame])
    let before = PongPicture.inks(replay.frames[replay.decisions[max(0, decision - 1)].frame])
    var bytes: [UInt8] = []
    for at in 34 * PongPicture.width..<194 * PongPicture.width {
      let colours = [now[at], before[at]].map { PongPicture.Ink(rawValue: $0)?.rgb ?? [0, 0, 0] }
      let isTrace = now[at] == PongPicture.Ink.background.rawValue && now[at] != before[at]
      for channel in 0..<3 {
        let (new, old) = (Int(colours[0][channel]), Int(colours[1][channel]))
        bytes.append(UInt8(isTrace ? (2 * new + old) / 3 : new))
      }
    }
    return PixelImage(width: PongPicture.width, height: 160, format: .rgb, bytes: bytes)
  }
}

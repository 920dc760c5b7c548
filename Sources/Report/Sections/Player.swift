// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Plotting

/// One game with all that changes when it is chosen.
struct PlayedGame {
  /// Bytes of the picture file of its units.
  private static let unitsBudget = 10_000

  let replay: ReplayFile
  let stream: ReplayStream
  /// The variant whose policy plays, where it is another than that of the other games.
  let variant: String?
  /// Pictures of the hidden units that fire, in the order of their bits; empty without them.
  private let units: HTML

  /// - Parameters:
  ///   - layer: the weights that played; nil leaves the pictures of units out.
  ///   - figures: where those go; nil puts them into the page itself.
  init(
    _ replay: ReplayFile, _ stream: ReplayStream, _ layer: FirstLayer?, _ figures: FigureWriter?,
    variant: String? = nil
  ) throws {
    self.variant = variant
    self.replay = replay
    self.stream = stream
    guard let layer, !stream.units.isEmpty, stream.units.allSatisfy({ $0 < layer.unitCount })
    else {
      units = ""
      return
    }
    let sheet = try PictureSheet(
      layer, stream.units, white: layer.whiteLevel(stream.units),
      named: "replay-units-\(replay.header.checkpoint)", budget: Self.unitsBudget, figures)
    units = stream.units.enumerated().html { slot, unit in
      "<li class=\"unit\" data-slot=\"\(slot)\">\(sheet.filter(slot, of: unit))<span>\(unit)</span></li>\n"
    }
  }

  /// Whose game it is and how it ends.
  private var sentence: String {
    let header = replay.header
    let verb = header.return > 0 ? "wins" : header.return < 0 ? "loses" : "draws"
    let end =
      header.return == 0 ? "" : " by \(Numbers.count(Int(abs(header.return)), "point"))"
    let whose = variant.map { " of \(Wording.quoted($0))" } ?? ""
    return "Evaluation game \(Numbers.whole(header.episode)) of the policy\(whose)"
      + " \(Wording.stop(header.checkpoint)). It \(verb)\(end)."
      + (stream.isCut ? " The end of the game is left out here." : "")
  }

  /// What `replay.js` reads.
  func data(_ index: Int) -> HTML {
    let actions = replay.header.actions.map(actionName)
    let points = stream.decisions.filter { $0.reward != 0 }
    let won = points.count { $0.reward > 0 }
    // The strip shows 120 decisions, 60 to each side.
    let glimpse: HTML? = replay.header.window.map {
      " data-glimpse=\"\($0.height) \($0.width)\""
    }
    let span = Double(stream.frames.count) / Double(stream.decisions.count) * 120 / 60
    return """
      <script type="application/octet-stream" class="replay-data" data-game="\(index)" \
      data-frames="\(stream.frames.count)" data-decisions="\(stream.decisions.count)" \
      data-units="\(stream.units.count)" data-first="\(actions[0])" data-second="\(actions[1])"\(glimpse) \
      data-window="\(Numbers.count(max(1, Int(span.rounded())), "second"))" \
      data-points="Points over the game: \(won) won, \(points.count - won) lost" \
      data-sentence="\(sentence)">\(stream.base64)</script>

      """
  }

  /// - Parameter perDecision: units named at each decision.
  func units(_ index: Int, perDecision: Int) -> HTML {
    """
    <div class="units" data-game="\(index)" hidden>
    <p class="strip-name">Hidden units that fire most in this game; lit: among the \(perDecision) \
    strongest now</p>
    <ul>
    \(units)</ul>
    </div>

    """
  }

  var hasUnits: Bool { !units.text.isEmpty }
}

/// The player with its games, earliest first; the last one is shown first.
struct Player {
  let games: [PlayedGame]
  /// nil where there is nothing to choose.
  let curve: PlayerCurve?

  var html: HTML {
    let choices = games.enumerated().html { index, game in
      """
      <label><input type="radio" name="game" value="\(index)"\
      \(" checked", if: index == games.count - 1)> \
      \(game.variant.map(Wording.quoted) ?? Wording.stop(game.replay.header.checkpoint))\
      </label>

      """
    }
    let choice: HTML = """
      <fieldset class="games">
      <legend>Which game</legend>
      \(choices)\(curve?.html)</fieldset>

      """
    let gauges: HTML = [
      ("Action", "action"), ("Reward", "reward"), ("Score", "score"), ("Time", "clock"),
    ].html { name, id in
      """
      <p class="gauge"><span class="gauge-name">\(name)</span><output id="\(id)">–</output></p>

      """
    }
    let perDecision = games.last?.replay.header.units ?? 0
    let units = games.enumerated().filter(\.element.hasUnits).html {
      $1.units($0, perDecision: perDecision)
    }
    let speeds = [
      ("0.25", "¼×"), ("0.5", "½×"), ("1", "1×"), ("2", "2×"), ("4", "4×"), ("8", "8×"),
    ]
    .html { value, name in
      "<option value=\"\(value)\"\(" selected", if: value == "1")>\(name)</option>"
    }
    return """
      <div class="player" id="player" hidden>
      <div class="stage">
      <canvas id="game" width="160" height="210" role="img" aria-label="The game of Pong. The policy \
      is the green paddle on the right. Press Space to play or pause." tabindex="0"></canvas>
      <div class="scrub">
      <input type="range" id="scrubber" min="0" max="0" value="0" step="1" \
      aria-label="Position in the game, in frames">
      <svg class="points" id="points" width="100%" height="10" role="img" aria-label="Points"></svg>
      </div>
      <div class="transport">
      <button type="button" id="play" aria-pressed="false">Play</button>
      <button type="button" id="back" aria-label="One decision back">−1</button>
      <button type="button" id="forth" aria-label="One decision on">+1</button>
      <button type="button" id="next-point">Next point</button>
      <label class="speed">Speed <select id="speed">\(speeds)</select></label>
      </div>
      </div>
      <div class="console">
      \(choice, if: games.count > 1)\
      <p class="sentence" id="game-sentence" aria-live="polite"></p>
      <div class="readout">
      <p class="gauge"><span class="gauge-name">P(<span id="probability-name">up</span>)</span>\
      <output id="probability">–</output></p>
      \(gauges)</div>
      <div class="strip"><p class="strip-name" id="strip-name">P</p>
      <canvas id="strip" width="560" height="96" role="img" aria-labelledby="strip-name"></canvas>\
      </div>
      \(units)      <p class="fine keys">Keys, with the picture or a control in focus: <kbd>Space</kbd> plays and \
      pauses, <kbd>←</kbd> <kbd>→</kbd> one decision, <kbd>Shift</kbd> with an arrow one second, \
      <kbd>N</kbd> the next point, <kbd>Home</kbd> <kbd>End</kbd>.</p>
      </div>
      </div>
      \(games.enumerated().html { $1.data($0) })
      """
  }
}

/// A trial's learning curve with a place for each of its games, drawn by the page itself.
struct PlayerCurve {
  /// Pixels of the drawing's height, and what is left free above and below.
  private static let height = 72.0
  private static let margin = 8.0

  let html: HTML

  /// - Parameters:
  ///   - stops: training episodes behind the games, rising.
  ///   - first: the number of the first of these games among all that can be chosen.
  /// - Returns: nil where there is no curve, or no game to choose.
  init?(_ trace: LearningTrace, stops: [Int], first number: Int = 0) {
    let known = zip(trace.episodes, trace.runningMeans).filter { $0.1.isFinite }
    guard stops.count > 1, known.count > 1, let (end, last) = known.last else { return nil }
    let first = known[0].1
    let values = known.map(\.1)
    let low = values.min() ?? 0
    let high = max(values.max() ?? 1, low + 1)
    func y(_ value: Double) -> String {
      let share = low < high ? fraction(value, from: low, to: high) : 0.5
      return Numbers.fixed(
        Self.height - Self.margin - share * (Self.height - 2 * Self.margin), decimals: 1)
    }
    let points = known.map { "\(Int(($0.0 / end * 1_000).rounded())),\(y($0.1))" }
      .joined(separator: " ")
    let marks = stops.enumerated().html { index, episode in
      let nearest = known.min { abs($0.0 - Double(episode)) < abs($1.0 - Double(episode)) }
      return """
        <circle class="stop" data-game="\(number + index)" cx="\(percent(Double(episode), in: 0...end))%" \
        cy="\(y(nearest?.1 ?? low))" r="6"></circle>

        """
    }
    html = """
      <div class="journey" role="img" aria-label="This seed’s running mean return over the training, \
      from \(Wording.score(first)) to \(Wording.score(last)), with the points that have a game">
      <span class="journey-end">\(Wording.score(first))</span>
      <svg class="journey-curve" width="100%" height="72"><svg viewBox="0 0 1000 72" \
      preserveAspectRatio="none" width="100%" height="72"><polyline points="\(points)"></polyline></svg>
      \(marks)</svg>
      <span class="journey-end">\(Wording.score(last))</span>
      </div>

      """
  }
}

// SPDX-License-Identifier: MIT

import Diagnostics

/// A page of its own in which a person plays Pong against policies, or they against one another.
///
/// - Parameter policies: at least one; the first is the opponent at the start.
package func arenaPage(of policies: [ArenaPolicy]) throws -> String {
  let networks = policies.enumerated().html { index, policy in
    "<option value=\"\(index)\"\(" selected", if: index == 0)>\(policy.name)</option>"
  }
  let speeds = [("0.25", "¼×"), ("0.5", "½×"), ("1", "1×"), ("2", "2×"), ("4", "4×")]
    .html { value, name in
      "<option value=\"\(value)\"\(" selected", if: value == "1")>\(name)</option>"
    }
  return Page(
    title: "Play Pong", eyebrow: "Rallybook arena",
    lead: """
      <p class="status">Atari’s game, frame by frame, against a network that learned it from \
      pixels.</p>

      """,
    main: """
      <section class="arena">
      <div class="court">
      <p class="versus"><span id="left-name" class="left"></span><output id="score">0 : 0</output>\
      <span id="right-name" class="right"></span></p>
      <div class="stage">
      <canvas id="game" width="160" height="210" tabindex="0" role="img" aria-label="The game of Pong. \
      Arrow up and down or W and S move your paddle, Space is FIRE, P pauses."></canvas>
      <button type="button" id="cover"><span>Play</span></button>
      </div>
      <p id="say" class="say" role="status"></p>
      <button type="button" id="fire">Fire</button>
      </div>
      <div class="console">
      <div class="transport">
      <button type="button" id="play">Play</button>
      <button type="button" id="next">New game</button>
      <button type="button" id="restart">Restart</button>
      <button type="button" id="save" disabled>Save this game</button>
      </div>
      <p class="fine keys"><kbd>↑</kbd> <kbd>↓</kbd>, <kbd>W</kbd> <kbd>S</kbd>, mouse or finger move the \
      paddle; <kbd>Space</kbd> or the mouse button is FIRE, <kbd>P</kbd> pauses.</p>
      <div class="setup">
      <label>Left paddle <select id="left"><option value="computer">Built-in player</option>\(networks)\
      <option value="person">You</option></select></label>
      <label>Right paddle <select id="right"><option value="person" selected>You</option>\
      \(policies.enumerated().html { "<option value=\"\($0)\">\($1.name)</option>" })</select></label>
      <label class="whole">FIRE <select id="rules"><option value="3">speeds the ball up at a contact (game 3)</option>\
      <option value="4">doubles its step up or down (game 4)</option></select></label>
      <label>Speed <select id="speed">\(speeds)</select></label>
      <label>Seed <input id="seed" type="number" min="1" max="4294967295" value="1"></label>
      </div>
      \([("left", "Left"), ("right", "Right")].html { mind(side: $0.0) })</div>
      </section>
      <script type="application/json" id="policies">\
      \(HTML(markup: try ArenaPolicy.json(policies)))</script>

      """, style: Page.arenaStyle, script: Page.arenaScript
  ).text
}

/// What is shown of a network at work.
private func mind(side: String) -> HTML {
  """
  <section class="mind" id="mind-\(side)" hidden>
  <h2 class="mind-name"></h2>
  <div class="thought">
  <div class="strip"><p class="strip-name">P(up) <output class="up">–</output></p>
  <canvas class="history" role="img" aria-label="P(up) of its last decisions"></canvas></div>
  <div><p class="strip-name view-name"></p><canvas class="view" width="80" height="80" role="img" \
  aria-label="What the network sees"></canvas></div>
  </div>
  <div><p class="strip-name">Hidden units that did most so far; marked: at work now, ▲ pushes up, ▼ down</p>
  <ul class="units"></ul></div>
  </section>

  """
}

// SPDX-License-Identifier: MIT

import Artifacts
import Environments
import Foundation
import Kernels
import ParameterSchema
import Policies
import Randomness
import Report
import TestSupport
import Testing

/// The page on which people play, in Debian's Chromium.
@Suite("The arena, in Chromium", .serialized) struct ArenaTests {
  /// A network with weights of a trained one's size.
  private struct Player {
    let kind: String
    var hidden: [Int] = []
    var activation = "relu"
    var hasBias = false
    let view: PictureKind
    var actions = ["RIGHT", "LEFT"]

    var configuration: ConfigValue {
      let (observation, frames): (ConfigValue, ConfigValue) =
        switch view {
        case .stack(let frames): ("stack", .number(Double(frames)))
        case .frame: ("frame", .null)
        default: ("difference", .null)
        }
      return [
        "environment": ["id": "pong", "frameSkip": ["min": 2, "max": 4], "stickyActions": 0.25],
        "observation": [
          "kind": observation, "frames": frames, "height": 80, "width": 80, "crop": .null,
        ],
        "policy": ["kind": .string(kind), "activation": .string(activation)],
      ]
    }

    func environment() -> PongEnvironment {
      PongEnvironment(
        skip: 1...1, stickyActions: 0, frameLimit: 100_000, actions: ["RIGHT", "LEFT"],
        observation: view)
    }

    func network() -> Network {
      var form = environment().form
      form.patterns = []
      return Network(
        form: form, hidden: hidden, outputs: .init(count: actions.count == 2 ? 1 : actions.count),
        hasBias: hasBias, activation: activation == "tanh" ? .tanh : .relu)
    }

    func policy(seed: Int) -> ArenaPolicy {
      var draws = SeededNumbers(seed: seed)
      let network = network()
      let tensors = network.tensors(of: network.parameters, prefix: "").map { tensor in
        let size: Float = tensor.name == "w1" ? 0.3 : 0.6
        return Tensor(
          name: tensor.name, shape: tensor.shape,
          values: tensor.values.map { _ in size * draws.float() })
      }
      return ArenaPolicy(
        Checkpoint(metadata: [:], tensors: tensors), actions: actions,
        configuration: configuration, mode: "sample", name: "\(kind) <\(seed)>")
    }
  }

  private static let players = [
    Player(kind: "mlp", hidden: [21], view: .difference),
    Player(
      kind: "mlp", hidden: [12, 7], activation: "tanh", hasBias: true, view: .stack(3),
      actions: ["NOOP", "RIGHT", "LEFTFIRE"]),
    Player(kind: "linear", hasBias: true, view: .frame),
  ]

  /// A browser with the page open.
  private func openPage() throws -> (browser: Browser, folder: TemporaryFolder) {
    let folder = try TemporaryFolder()
    let policies = Self.players.enumerated().map { $1.policy(seed: $0) }
    try folder.write(try arenaPage(of: policies), to: "arena.html")
    let browser = try Browser()
    try browser.open("file://\(folder.path)/arena.html")
    return (browser, folder)
  }

  @Test("Every action, reward, state and frame of the recorded games, for one and two players")
  func recordedGames() throws {
    let (browser, folder) = try openPage()
    defer { withExtendedLifetime(folder) { browser.stop() } }
    let traces = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../EnvironmentsTests/Fixtures/traces").standardized
    let names = try FileManager.default.contentsOfDirectory(atPath: traces.path).sorted()
    for name in names {
      let file = try Data(contentsOf: traces.appending(path: name))
      let found = try browser.evaluate(
        """
        const file = Uint8Array.from(atob("\(file.base64EncodedString())"), (c) => c.charCodeAt(0));
        const isAlone = file[7] === 49, size = isAlone ? 12 : 16, game = isAlone ? 1 : file[22];
        const pong = new Pong(game), frame = new Uint8Array(160 * 210);
        const number = (place) => new DataView(file.buffer).getUint32(place, true);
        const text = new TextDecoder().decode(file.slice(32, 64)).replace(/\\0+$/, "");
        const trace = new Trace(game, text.split("/"), number(16));
        for (let place = 64; place < file.length; place += size) {
          const actions = [file[place], isAlone ? 0 : file[place + 1]];
          trace.add(pong, actions, pong.act(...actions), frame);
        }
        const again = trace.bytes, first = file.findIndex((byte, i) => byte !== again[i]);
        return [file.length - again.length, first < 64 ? first : Math.floor((first - 64) / size) + 1];
        """)
      #expect(found as? [Int] == [0, -1], "\(name): bytes left out, first act that differs")
    }
    #expect(names.filter { $0.hasSuffix(".pongtrace2") }.count >= 2)
    #expect(names.filter { $0.hasSuffix(".pongtrace") }.count == 12)
  }

  @Test("A network sees what the program's sees, and its logits are the program's to 1e-5")
  func logits() throws {
    let (browser, folder) = try openPage()
    defer { withExtendedLifetime(folder) { browser.stop() } }
    var draws = SeededNumbers(seed: 4)
    // An action holds for some frames, so that the paddle goes far; long enough for several points.
    let actions = (0..<150).flatMap { _ in
      [Int](repeating: draws.below(2), count: 1 + draws.below(15))
    }
    for (index, player) in Self.players.enumerated() {
      let found = try browser.evaluate(
        """
        const data = JSON.parse(document.getElementById("policies").textContent)[\(index)];
        const player = new NetworkPlayer(new Network(data), "right", 1);
        const pong = new Pong(1), frame = new Uint8Array(160 * 210), rows = [];
        for (const action of \(actions)) {
          player.decide(pong.draw(frame));
          const seen = [...player.observation.keys()].filter((i) => player.observation[i]);
          rows.push([...player.output.logits, ...seen.map((i) => i * player.observation[i])]);
          pong.act(action ? 4 : 3);
        }
        return rows;
        """)
      let rows = try #require(found as? [[Double]])
      let (environment, network) = (player.environment(), player.network())
      let weights = player.policy(seed: index).quantized
      let problem = network.load(
        { name in weights.first { $0.name == name } }, prefix: "", into: network.parameters)
      #expect(problem == nil)
      let batch = ObservationBatch(form: network.form)
      environment.reset(draws: Xoshiro256(seed: 0))
      var worst = 0.0
      var lit = 0
      for (t, action) in actions.enumerated() {
        batch.signs.append { environment.observe(&$0) }
        let outputs = network.forward(batch, t)
        let count = network.outputCount
        for o in 0..<count { worst = max(worst, abs(Double(outputs[o]) - rows[t][o])) }
        let entries = batch.signs.entries(of: t)
        let seen = entries.plus + entries.minus.map { -$0 }
        let page = rows[t][count...].map { Int($0) }
        try #require(page.sorted() == seen.sorted(), "player \(index), decision \(t)")
        lit += seen.count
        _ = environment.step(.number(action))
      }
      #expect(worst < 1e-5, "player \(index)")
      #expect(lit > 10_000)
    }
  }

  @Test("It plays by keys and mouse, says what happens, and what it saves is a recorded game")
  func hands() throws {
    let (browser, folder) = try openPage()
    defer { withExtendedLifetime(folder) { browser.stop() } }
    for (width, scheme) in [(390, "dark"), (1440, "light")] {
      try browser.emulate(width: width, scheme: scheme)
      let overflow = try browser.evaluate(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
      #expect(overflow as? Int == 0, "\(width) px: the page scrolls sideways")
    }
    let found = try browser.evaluate(
      """
      const of = (id) => document.getElementById(id), frames = async (n) => {
        for (let i = 0; i < n; i++) await new Promise((r) => requestAnimationFrame(r));
      };
      const paddle = () => {
        const picture = of("game").getContext("2d").getImageData(141, 34, 1, 160).data;
        return Array.from({ length: 160 }, (_, y) => picture[4 * y + 1]).findIndex((green) => green === 186);
      };
      const key = (type, key) => of("game").dispatchEvent(new KeyboardEvent(type, { key, bubbles: true }));
      const point = (share) => {
        const box = of("game").getBoundingClientRect();
        of("game").dispatchEvent(new PointerEvent("pointermove", {
          isPrimary: true, pointerType: "mouse", clientX: box.left, clientY: box.top + share * box.height }));
      };
      let saved;
      URL.createObjectURL = (blob) => { saved = blob; return "#"; };
      of("left").value = "computer";
      of("left").dispatchEvent(new Event("change"));
      of("speed").value = "4";
      const before = [of("cover").hidden, of("save").disabled, of("rules").disabled, of("mind-left").hidden];
      of("play").click();
      const places = [];
      key("keydown", "w"); await frames(40); places.push(paddle()); key("keyup", "w");
      key("keydown", "ArrowDown"); await frames(40); places.push(paddle()); key("keyup", "ArrowDown");
      point(0.5); await frames(40); places.push(paddle() + 34 + 8);
      for (let i = 0; i < 4000 && of("score").textContent === "0 : 0"; i++) await frames(1);
      key("keydown", "p");
      const score = of("score").textContent, paused = of("play").textContent;
      await frames(5);
      of("save").click();
      const bytes = new Uint8Array(await saved.arrayBuffer());
      return [before.join(), places.join(), score, paused, btoa(String.fromCharCode(...bytes))];
      """)
    let texts = try #require(found as? [String], "\(found)")
    #expect(texts[0] == "false,true,true,true")
    let places = texts[1].split(separator: ",").compactMap { Int($0) }
    // At the top, at the bottom, with its middle where the mouse is.
    #expect(places.count == 3 && places[0] == 0 && places[1] == 156 && abs(places[2] - 105) < 6)
    let bytes = try #require(Data(base64Encoded: texts[4]))
    let trace = try TraceFile(decoding: Array(bytes), path: "saved")
    var game = PongGame()
    for act in trace.acts {
      _ = game.act(right: PongGame.Hand(action: Int(act.action)))
      try #require(game.ballX == Int32(act.ballX) && game.rightY == Int32(act.rightY))
    }
    #expect(texts[2] == "\(game.leftScore) : \(game.rightScore)" && texts[2] != "0 : 0")
    #expect(texts[3] == "Play" && trace.policyName == "person")
  }

  @Test("Networks play on both sides, the left one's view mirrored; they serve; colours are ALE's")
  func networks() throws {
    let (browser, folder) = try openPage()
    defer { withExtendedLifetime(folder) { browser.stop() } }
    let found = try browser.evaluate(
      """
      const frame = new Uint8Array(160 * 210), view = new Pong(3).draw(frame);
      const tops = [false, true].flatMap((isMirrored) => [70, 8].map((column) =>
        Math.floor(seen(view, isMirrored).findIndex((lit, i) => lit && i % 80 === column) / 80)));
      const data = JSON.parse(document.getElementById("policies").textContent);
      const players = ["right", "left"].map((side) => new NetworkPlayer(new Network(data[0]), side, 7));
      const pong = new Pong(4), penalties = [0, 0];
      for (let i = 0; i < 8000 && !pong.isOver; i++) {
        const actions = players.map((player) => player.act(pong, pong.draw(frame)));
        pong.act(...actions).forEach((reward, i) => { penalties[i] += reward; });
      }
      return [...tops, penalties[0] + penalties[1], pong.leftScore + pong.rightScore > 3 ? 1 : 0];
      """)
    // At equal readings the left paddle stands a row higher. Whoever learned without FIRE serves in
    // time: no reward is lost.
    #expect(found as? [Int] == [31, 30, 30, 31, 0, 1])
    let colours = try browser.evaluate("return PALETTE")
    #expect(colours as? [Int] == (0..<128).map { Int(PongScreen.rgb(2 * $0)) })
    let messages = try browser.consoleMessages()
    #expect(messages.isEmpty, "\(messages)")
  }

  @Test("What the page cannot play is refused, each reason by its place")
  func refusals() {
    var configuration = Self.players[0].configuration
    #expect(ArenaPolicy.misfits(configuration) == [])
    configuration[path: "policy.kind"] = "conv"
    configuration[path: "observation.height"] = 84
    #expect(
      ArenaPolicy.misfits(configuration) == [
        "policy.kind is \"conv\"; the page plays \"mlp\" or \"linear\"",
        "observation.height is 84; the page plays 80",
      ])
  }
}

// The page around the game: who plays, the clock, hands on keys, mouse and glass, and what is shown.
(() => {
  const networks = JSON.parse(document.getElementById("policies").textContent).map((data) => new Network(data));
  const element = (id) => document.getElementById(id);
  const game = element("game"), screen = game.getContext("2d", { alpha: false });
  const image = screen.createImageData(WIDTH, HEIGHT), pixels = new Uint32Array(image.data.buffer);
  const frame = new Uint8Array(WIDTH * HEIGHT);
  // A canvas's words hold red in their lowest byte.
  const word = (rgb) => 0xff000000 | (rgb & 255) << 16 | rgb & 0xff00 | rgb >> 16;
  const colours = PALETTE.map(word), gone = word(0xd5824a);
  const grey = (level) => 0xff000000 | Math.round(level) * 0x010101;
  const sides = ["right", "left"];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // A person's hand: keys, or a row of the screen that mouse or finger points at.
  const hand = { up: false, down: false, fires: new Set(), row: null };
  const letGo = () => {
    hand.up = hand.down = false;
    hand.fires.clear();
  };
  const person = {
    act(pong, _, side) {
      let turn = hand.down - hand.up;
      if (hand.row !== null && !turn) {
        // The reading at which the paddle's middle comes to that row; a turn changes it by 23,000.
        const reads = Math.max(0, Math.min(91, (hand.row + 6 - 38) / 2));
        const wanted = Math.max(27450, (2449 + 152 * (reads - 0.5)) * 100000 / 1904) - pong[side].resistance;
        turn = Math.abs(wanted) > 11500 ? Math.sign(wanted) : 0;
      }
      const fires = hand.fires.size > 0;
      return turn < 0 ? (fires ? 11 : 3) : turn > 0 ? (fires ? 12 : 4) : fires ? 1 : 0;
    },
  };

  let pong, players, trace, minds, playing = false, pending = 0, last = 0, owed = 0, said = "";
  const say = (text) => { if (text !== said) element("say").textContent = said = text; };
  const choice = (side) => element(side).value;
  const title = (side) => element(side).selectedOptions[0].textContent;
  const isPerson = (side) => choice(side) === "person";

  const restart = () => {
    const isAlone = choice("left") === "computer", seed = Number(element("seed").value) || 1;
    element("rules").disabled = isAlone;
    pong = new Pong(isAlone ? 1 : Number(element("rules").value));
    pong.draw(frame);
    players = sides.map((side, i) => isPerson(side) ? person
      : networks[choice(side)] ? new NetworkPlayer(networks[choice(side)], side, 2 * seed + i) : null);
    trace = new Trace(pong.game, sides.map((side) => isPerson(side) ? "person" : "network"), seed);
    minds = players.map((player, i) => new Mind(sides[i], player instanceof NetworkPlayer ? player : null));
    for (const side of sides) element(side + "-name").textContent = title(side);
    letGo();
    hand.row = null;
    owed = 0;
    element("save").disabled = true;
    say("");
    render();
  };

  const step = () => {
    const actions = players.map((player, i) => player ? player.act(pong, frame, sides[i]) : 0);
    const points = pong.rightScore + pong.leftScore;
    const rewards = pong.act(...actions);
    trace.add(pong, actions, rewards, frame);
    for (const mind of minds) mind.note();
    if (pong.rightScore + pong.leftScore > points) minds.forEach((mind) => mind.choose());
  };

  const render = () => {
    for (let i = 0; i < pixels.length; i++) pixels[i] = colours[frame[i] >> 1];
    screen.putImageData(image, 0, 0);
    const { leftScore, rightScore } = pong, waits = pong.server;
    element("score").textContent = leftScore + " : " + rightScore;
    for (const mind of minds) mind.render();
    // The last point's winner, while the ball is away.
    const winner = pong.last ? "right" : "left", name = isPerson(winner) ? "you" : "the " + winner + " paddle";
    const result = Math.max(leftScore, rightScore) + " to " + Math.min(leftScore, rightScore);
    say(pong.isOver ? "Game over, " + result + " for " + name + "."
      : waits && isPerson(waits) ? "Your serve: press FIRE."
      : pong.serveTimer && leftScore + rightScore ? "Point for " + name + "." : "");
  };

  const setPlaying = (wanted) => {
    if (wanted && pong.isOver) nextGame();
    playing = wanted;
    element("play").textContent = wanted ? "Pause" : "Play";
    element("cover").hidden = wanted;
    if (!wanted) return;
    game.focus({ preventScroll: true });
    last = performance.now();
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(advance);
  };
  // A frame is 1/60 s whatever the display's rate. Half a frame's slack keeps a display of 60 Hz from
  // showing one frame twice and leaving out the next.
  const advance = (time) => {
    if (!playing) return;
    owed += Math.min(100, Math.max(0, time - last)) * 0.06 * Number(element("speed").value);
    last = time;
    for (; owed > 0.5 && !pong.isOver; owed -= 1) step();
    element("save").disabled = trace.records.length === 0;
    if (pong.isOver) setPlaying(false);
    render();
    if (playing) pending = requestAnimationFrame(advance);
  };
  const nextGame = () => {
    element("seed").value = Number(element("seed").value) + 1;
    restart();
  };

  // One network at work: P(up), what it sees, and its most active units.
  class Mind {
    constructor(side, player) {
      this.player = player;
      this.root = element("mind-" + side);
      this.root.hidden = !player;
      if (!player) return;
      this.part = (name) => this.root.querySelector("." + name);
      this.part("mind-name").textContent = title(side) + ", " + side + " paddle";
      this.part("view-name").textContent = "What it sees" + (side === "left" ? ", mirrored" : "");
      const { network } = player, hidden = network.layers.length > 1 ? network.layers[0].units : 0;
      this.history = [];
      this.pushes = Array.from({ length: hidden }, (_, unit) => network.push(unit));
      // Until something has been seen: the strongest weights.
      this.strength = this.pushes.map((push) => 1e-6 * Math.abs(push));
      this.shownAt = 0;
      this.items = new Map();
      this.choose();
    }

    // After each frame; counts what the units did at each decision.
    note() {
      const { player } = this;
      if (!player || player.output === this.output) return;
      this.output = player.output;
      this.isNew = true;
      this.history.push(player.up);
      if (this.history.length > 80) this.history.shift();
      this.output.hidden.forEach((value, unit) => { this.strength[unit] += Math.abs(value * this.pushes[unit]); });
    }

    // The units that did most so far, with a picture of their weights each; chosen anew after a point.
    choose() {
      if (!this.player) return;
      const { network } = this.player, list = this.part("units");
      this.units = [...this.pushes.keys()].sort((a, b) => this.strength[b] - this.strength[a]).slice(0, 8);
      list.closest("div").hidden = this.units.length === 0;
      for (const unit of this.units.filter((unit) => !this.items.has(unit))) {
        const item = document.createElement("li"), canvas = document.createElement("canvas");
        canvas.width = canvas.height = SIDE;
        canvas.ariaHidden = "true";
        paint(canvas, network.picture(unit), grey);
        item.className = "unit";
        item.append(canvas, document.createElement("span"));
        this.items.set(unit, item);
      }
      list.replaceChildren(...this.units.map((unit) => this.items.get(unit)));
    }

    render() {
      if (!this.isNew) return;
      // Where motion is unwelcome, only the game itself moves at its own rate.
      if (calm.matches && performance.now() - this.shownAt < 1000 && playing) return;
      this.shownAt = performance.now();
      this.isNew = false;
      const { player, output, units } = this, frames = player.observation.length / PIXELS;
      this.part("up").textContent = player.up.toFixed(2);
      this.drawHistory(this.part("history"));
      const view = new Float32Array(PIXELS);
      player.observation.forEach((value, i) => {
        if (value) view[i % PIXELS] = value * (Math.floor(i / PIXELS) + 1) / frames;
      });
      paint(this.part("view"), view, (value) => value < 0 ? gone : grey(34 + 202 * value));
      const pushes = units.map((unit) => output.hidden[unit] * this.pushes[unit]);
      const isDirected = player.network.layers.length === 2, greatest = Math.max(...pushes.map(Math.abs), 1e-9);
      [...this.part("units").children].forEach((item, i) => {
        const share = Math.abs(pushes[i]) / greatest;
        item.classList.toggle("lit", share > 0.25);
        item.lastChild.textContent = units[i] + (share > 0.25 && isDirected ? (pushes[i] > 0 ? " ▲" : " ▼") : "");
      });
    }

    drawHistory(canvas) {
      const ratio = devicePixelRatio || 1, { clientWidth: width, clientHeight: height } = canvas;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      const ink = canvas.getContext("2d"), style = getComputedStyle(canvas);
      const line = (points, colour, thickness) => {
        ink.beginPath();
        points.forEach(([x, y]) => ink.lineTo(x, y));
        Object.assign(ink, { strokeStyle: colour, lineWidth: thickness, lineJoin: "round" });
        ink.stroke();
      };
      ink.scale(ratio, ratio);
      const y = (p) => height - 3 - p * (height - 6), first = 80 - this.history.length;
      line([[0, y(0.5)], [width, y(0.5)]], style.getPropertyValue("--line"), 1);
      line(this.history.map((p, i) => [(first + i + 1) * width / 80, y(p)]), style.color, 1.5);
    }
  }

  // Numbers of an 80 × 80 picture as colours.
  const paint = (canvas, values, colour) => {
    const ink = canvas.getContext("2d"), image = ink.createImageData(SIDE, SIDE);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0; i < PIXELS; i++) words[i] = colour(values[i]);
    ink.putImageData(image, 0, 0);
  };

  const keys = { ArrowUp: "up", w: "up", W: "up", ArrowDown: "down", s: "down", S: "down" };
  const press = (event, isDown) => {
    if (event.altKey || event.ctrlKey || event.metaKey || /SELECT|INPUT/.test(event.target.tagName)) return;
    if (keys[event.key] && (playing || !isDown)) {
      hand[keys[event.key]] = isDown;
      hand.row = null;
    } else if (event.key === " " && event.target.tagName !== "BUTTON") {
      if (isDown) hand.fires.add("key"); else hand.fires.delete("key");
      if (isDown && !playing && !event.repeat) setPlaying(true);
    } else if (isDown && !event.repeat && /^[pP]$|^Escape$/.test(event.key)) setPlaying(!playing);
    else return;
    event.preventDefault();
  };
  addEventListener("keydown", (event) => press(event, true));
  addEventListener("keyup", (event) => press(event, false));
  const point = (event) => {
    const box = game.getBoundingClientRect();
    if (event.isPrimary) hand.row = (event.clientY - box.top) * HEIGHT / box.height;
    // A mouse's button, or a second finger.
    const fires = event.pointerType === "mouse" ? event.buttons % 2 === 1 : !event.isPrimary;
    if (fires) hand.fires.add(event.pointerId); else hand.fires.delete(event.pointerId);
  };
  for (const name of ["pointerdown", "pointermove"]) game.addEventListener(name, point);
  element("fire").addEventListener("pointerdown", (event) => hand.fires.add(event.pointerId));
  // Wherever it is let go.
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => hand.fires.delete(event.pointerId));
  addEventListener("blur", letGo);

  element("play").addEventListener("click", () => setPlaying(!playing));
  element("cover").addEventListener("click", () => setPlaying(true));
  element("restart").addEventListener("click", () => { restart(); setPlaying(true); });
  element("next").addEventListener("click", () => { nextGame(); setPlaying(true); });
  element("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([trace.bytes], { type: "application/octet-stream" }));
    link.download = "pong-" + element("seed").value + (pong.computer ? ".pongtrace" : ".pongtrace2");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  for (const id of ["left", "right", "rules", "seed"]) element(id).addEventListener("change", () => {
    // One person plays.
    const other = id === "left" ? "right" : "left";
    if (sides.includes(id) && isPerson(id) && isPerson(other)) element(other).value = "0";
    setPlaying(false);
    restart();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) setPlaying(false); });
  if (networks[0].game % 2 === 0) element("rules").value = "4";
  restart();
})();

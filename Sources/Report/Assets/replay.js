"use strict";
(() => {
  const player = document.getElementById("player");
  const sources = [...document.querySelectorAll("script.replay-data")];
  if (!player || !sources.length) return;
  let frames, decisions, slots, names, bytes, place;

  // A column of differences: 128 + n is a run of n + 1 zeros, 127 announces a byte as it is,
  // anything else is a zigzag number. ReplayStream.swift writes it.
  const residuals = (count) => {
    const column = new Int16Array(count);
    for (let i = 0; i < count;) {
      const token = bytes[place++];
      if (token >= 128) { i += token - 127; continue; }
      if (token === 127) { const b = bytes[place++]; column[i++] = b > 127 ? b - 256 : b; continue; }
      column[i++] = token & 1 ? -((token + 1) >> 1) : token >> 1;
    }
    return column;
  };
  const steady = (delta) => {
    const out = new Uint8Array(delta.length);
    for (let i = 0; i < out.length; i++) out[i] = (i ? out[i - 1] : 0) + delta[i];
    return out;
  };
  const linear = (delta) => {
    const out = new Uint8Array(delta.length);
    for (let i = 0; i < out.length; i++) out[i] = (i > 1 ? 2 * out[i - 1] - out[i - 2] : i ? out[i - 1] : 0) + delta[i];
    return out;
  };
  // The computer's paddle runs after the ball, two rows a frame, and rests in every eighth.
  const chasing = (delta, ball) => {
    const out = new Uint8Array(delta.length);
    for (let i = 0; i < out.length; i++) {
      const before = i ? out[i - 1] : 0;
      const step = (70 + i) % 8 === 0 ? 0 : Math.sign(ball[i] - before) * 2;
      out[i] = before + step + delta[i];
    }
    return out;
  };
  const unweave = (even, odd) => {
    const out = new Int16Array(even.length + odd.length);
    for (let i = 0; i < out.length; i++) out[i] = i % 2 ? odd[i >> 1] : even[i >> 1];
    return out;
  };
  let ballX, ballY, robotY, playerY, computer, human, lift, chosenAt, probability, outcome, lit, glimpse, gaze;
  const load = (source) => {
    frames = Number(source.dataset.frames);
    decisions = Number(source.dataset.decisions);
    slots = Number(source.dataset.units);
    names = [source.dataset.first, source.dataset.second];
    bytes = Uint8Array.from(atob(source.textContent.trim()), (c) => c.charCodeAt(0));
    place = 0;
    ballX = linear(residuals(frames));
    ballY = linear(residuals(frames));
    robotY = chasing(residuals(frames), ballY);
    playerY = steady(unweave(residuals((frames + 1) >> 1), residuals(frames >> 1)));
    computer = steady(residuals(frames));
    human = steady(residuals(frames));
    lift = steady(residuals(frames));
    chosenAt = new Int32Array(decisions);
    for (let i = 0, at = 0; i < decisions; i++) chosenAt[i] = at += bytes[place++];
    probability = bytes.subarray(place, place += decisions);
    outcome = bytes.subarray(place, place += decisions);
    lit = slots ? bytes.subarray(place, place += decisions) : new Uint8Array(decisions);
    // Height and width of the window that the policy sees through, and where it was at each decision.
    glimpse = source.dataset.glimpse?.split(" ").map(Number);
    gaze = bytes.subarray(place);
  };

  const game = document.getElementById("game");
  const screen = game.getContext("2d", { alpha: false });
  const strip = document.getElementById("strip");
  const ink = strip.getContext("2d");
  const scrubber = document.getElementById("scrubber");
  const playButton = document.getElementById("play");
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  let units = [];
  const glyphs = [
    "###", "#.#", "#.#", "#.#", "###", ".#.", ".#.", ".#.", ".#.", ".#.",
    "###", "..#", "###", "#..", "###", "###", "..#", ".##", "..#", "###",
    "#.#", "#.#", "###", "..#", "..#", "###", "#..", "###", "..#", "###",
    "#..", "#..", "###", "#.#", "###", "###", "..#", "..#", "..#", "..#",
    "###", "#.#", "###", "#.#", "###", "###", "#.#", "###", "..#", "..#"];
  const colours = ["#904811", "#ececec", "#d5824a", "#5cba5c"];
  const box = (colour, x, y, width, height) => {
    screen.fillStyle = colour;
    screen.fillRect(x, y, width, height);
  };
  const digit = (colour, value, left) => {
    for (let r = 0; r < 5; r++) for (let c = 0; c < 3; c++)
      if (glyphs[5 * value + r][c] === "#") box(colour, left + 4 * c, 1 + 4 * r, 4, 4);
  };
  const score = (colour, value, left) => {
    digit(colour, value % 10, left);
    if (value > 9) digit(colour, Math.floor(value / 10) % 10, left - 16);
  };
  const drawGaze = (now) => {
    const [height, width] = glimpse, top = gaze[2 * now], left = gaze[2 * now + 1];
    for (const part of [[0, 0, 160, top], [0, top + height, 160, 210 - top - height],
      [0, top, left, height], [left + width, top, 160 - left - width, height]])
      box("rgb(0 0 0 / 55%)", ...part);
    screen.strokeStyle = "#ffe066";
    screen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  };
  const drawGame = (i) => {
    box(colours[0], 0, 0, 160, 210);
    box("#000", 0, 0, 8, 1);
    score(colours[2], computer[i], 36);
    score(colours[3], human[i], 116);
    const top = playerY[i] + (playerY[i] & 1) - 14;
    box(colours[3], 140, top, 4, 16);
    if (robotY[i] >= 26) box(colours[2], 16, Math.max(25, robotY[i] - 15), 4, Math.min(16, robotY[i] - 24));
    if (ballY[i] > 0) for (const side of [0, 1]) {
      const early = lift[i] >> (2 * side);
      const top = ballY[i] - 14 - (early & 1), end = ballY[i] - 10 - (early >> 1 & 1);
      box(colours[1], (ballX[i] - 49 + side + 320) % 160, top, 1, end - top);
    }
    box(colours[1], 0, 24, 160, 10);
    box(colours[1], 0, 194, 160, 16);
  };
  const decisionAt = (frame) => {
    let low = 0, high = decisions - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (chosenAt[middle] <= frame) low = middle; else high = middle - 1;
    }
    return low;
  };

  let theme = {};
  const readTheme = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ink", "soft", "line", "accent", "good", "bad", "accent-wash"])
      theme[name] = style.getPropertyValue("--" + name).trim();
  };
  const half = 60;
  const drawStrip = (now) => {
    const ratio = window.devicePixelRatio || 1;
    const width = strip.clientWidth, height = strip.clientHeight;
    if (strip.width !== Math.round(width * ratio) || strip.height !== Math.round(height * ratio)) {
      strip.width = Math.round(width * ratio);
      strip.height = Math.round(height * ratio);
    }
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.clearRect(0, 0, width, height);
    const x = (i) => width / 2 + ((i - now) * width) / (2 * half);
    const y = (p) => height - 6 - (p / 255) * (height - 12);
    ink.strokeStyle = theme.line;
    ink.lineWidth = 1;
    ink.beginPath();
    ink.moveTo(0, y(127.5)); ink.lineTo(width, y(127.5));
    ink.stroke();
    const from = Math.max(0, now - half - 1), to = Math.min(decisions - 1, now + half + 1);
    for (let i = from; i <= to; i++) {
      const reward = (outcome[i] & 3) - 1;
      if (reward === 0) continue;
      ink.strokeStyle = reward > 0 ? theme.good : theme.bad;
      ink.setLineDash(reward > 0 ? [] : [4, 3]);
      ink.beginPath(); ink.moveTo(x(i), 0); ink.lineTo(x(i), height); ink.stroke();
      ink.setLineDash([]);
    }
    ink.beginPath();
    for (let i = from; i <= to; i++) {
      if (i === from) ink.moveTo(x(i), y(probability[i])); else ink.lineTo(x(i), y(probability[i]));
    }
    ink.strokeStyle = theme.ink;
    ink.lineWidth = 1.5;
    ink.lineJoin = "round";
    ink.stroke();
    ink.strokeStyle = theme.accent;
    ink.beginPath(); ink.moveTo(width / 2, 0); ink.lineTo(width / 2, height); ink.stroke();
    ink.fillStyle = theme.accent;
    ink.beginPath(); ink.arc(width / 2, y(probability[now]), 4, 0, 2 * Math.PI); ink.fill();
  };

  let position = 0, playing = false, last = 0, speed = 1;
  const clock = (frame) => {
    const seconds = Math.floor(frame / 60);
    return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  };
  const render = () => {
    const frame = Math.max(0, Math.min(frames - 1, Math.floor(position)));
    const now = decisionAt(frame);
    drawGame(frame);
    if (glimpse) drawGaze(now);
    drawStrip(now);
    show("probability", (probability[now] / 255).toFixed(2));
    show("action", names[outcome[now] >> 2] ?? "");
    let near = now;
    while (near > 0 && (outcome[near] & 3) === 1 && frame - chosenAt[near - 1] < 45) near--;
    const reward = (outcome[near] & 3) - 1;
    show("reward", reward > 0 ? "+1" : reward < 0 ? "\u22121" : "0");
    show("score", computer[frame] + " : " + human[frame]);
    show("clock", clock(frame));
    scrubber.value = String(frame);
    scrubber.setAttribute("aria-valuetext", clock(frame) + ", " + computer[frame] + " to " + human[frame]);
    units.forEach((unit, slot) => unit.classList.toggle("lit", (lit[now] >> slot & 1) === 1));
  };
  const setPlaying = (wanted) => {
    if (wanted && position >= frames - 1) position = 0;
    playing = wanted;
    playButton.textContent = wanted ? "Pause" : "Play";
    playButton.setAttribute("aria-pressed", String(wanted));
    if (wanted) { last = performance.now(); requestAnimationFrame(advance); }
  };
  const advance = (time) => {
    if (!playing) return;
    position += (Math.min(100, Math.max(0, time - last)) * 60 * speed) / 1000;
    last = time;
    if (position >= frames - 1) { position = frames - 1; setPlaying(false); }
    render();
    if (playing) requestAnimationFrame(advance);
  };
  const seek = (frame) => { position = Math.max(0, Math.min(frames - 1, frame)); render(); };
  const step = (by) => {
    setPlaying(false);
    seek(chosenAt[Math.max(0, Math.min(decisions - 1, decisionAt(position) + by))]);
  };
  const nextPoint = () => {
    let i = decisionAt(position) + 1;
    // Half a second of the rally's end before the point itself.
    while (i < decisions && ((outcome[i] & 3) === 1 || chosenAt[i] - 30 <= position)) i++;
    seek(i < decisions ? chosenAt[i] - 30 : frames - 1);
  };
  playButton.addEventListener("click", () => setPlaying(!playing));
  game.addEventListener("click", () => setPlaying(!playing));
  document.getElementById("back").addEventListener("click", () => step(-1));
  document.getElementById("forth").addEventListener("click", () => step(1));
  document.getElementById("next-point").addEventListener("click", nextPoint);
  document.getElementById("speed").addEventListener("change", (event) => { speed = Number(event.target.value); });
  scrubber.addEventListener("input", () => seek(Number(scrubber.value)));
  player.addEventListener("keydown", (event) => {
    const control = event.target.tagName;
    if (event.altKey || event.ctrlKey || event.metaKey || control === "SELECT") return;
    const actions = {
      " ": () => setPlaying(!playing), n: nextPoint, N: nextPoint,
      ArrowLeft: () => (event.shiftKey ? seek(position - 60) : step(-1)),
      ArrowRight: () => (event.shiftKey ? seek(position + 60) : step(1)),
      Home: () => seek(0), End: () => seek(frames - 1),
    };
    if (control === "BUTTON" && event.key === " ") return;
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(); }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readTheme(); render(); });
  new ResizeObserver(() => { if (frames) render(); }).observe(strip);
  const marks = document.getElementById("points");
  const choose = (index, autoplay) => {
    const source = sources[index] ?? sources[sources.length - 1];
    setPlaying(false);
    load(source);
    const chosen = source.dataset.game;
    for (const list of player.querySelectorAll(".units")) list.hidden = list.dataset.game !== chosen;
    units = [...player.querySelectorAll(".units[data-game='" + chosen + "'] .unit")];
    for (const stop of player.querySelectorAll(".stop")) stop.classList.toggle("chosen", stop.dataset.game === chosen);
    for (const input of player.querySelectorAll("input[name=game]")) input.checked = input.value === chosen;
    show("game-sentence", source.dataset.sentence);
    show("probability-name", names[0]);
    show("strip-name", "P(" + names[0] + "), " + source.dataset.window + " around this moment");
    scrubber.max = String(frames - 1);
    marks.setAttribute("aria-label", source.dataset.points);
    marks.replaceChildren();
    for (let i = 0; i < decisions; i++) {
      const reward = (outcome[i] & 3) - 1;
      if (reward === 0) continue;
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      const x = (100 * chosenAt[i] / (frames - 1)).toFixed(2) + "%";
      for (const [name, value] of [["class", reward > 0 ? "won" : "lost"], ["x1", x], ["x2", x], ["y1", "0"], ["y2", "10"]])
        line.setAttribute(name, value);
      marks.append(line);
    }
    // Nothing moves until it is asked to: the first picture is the first serve.
    let first = 0;
    while (first < frames - 1 && (ballY[first] === 0 || first === 0)) first++;
    position = first < frames - 1 ? first : 0;
    render();
  };
  for (const input of player.querySelectorAll("input[name=game]"))
    input.addEventListener("change", () => choose(Number(input.value)));
  for (const stop of player.querySelectorAll(".stop"))
    stop.addEventListener("click", () => choose(Number(stop.dataset.game)));
  for (const link of document.querySelectorAll("[data-seek]"))
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(sources.length - 1);
      seek(Number(link.dataset.seek));
      player.scrollIntoView({ block: "nearest" });
      game.focus({ preventScroll: true });
    });
  player.hidden = false;
  readTheme();
  choose(sources.length - 1);
})();

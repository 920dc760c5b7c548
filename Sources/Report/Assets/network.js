// A trained policy: what it sees of the game, its network, and the hand that plays its actions.

// 0xRRGGBB of ALE's palette, by half the index.
const PALETTE = `
  000000 4A4A4A 6F6F6F 8E8E8E AAAAAA C0C0C0 D6D6D6 ECECEC 484800 69690F 86861D A2A22A BBBB35 D2D240 E8E84A FCFC54
  7C2C00 904811 A26221 B47A30 C3903D D2A44A DFB755 ECC860 901C00 A33915 B55328 C66C3A D5824A E39759 F0AA67 FCBC74
  940000 A71A1A B83232 C84848 D65C5C E46F6F F08080 FC9090 840064 97197A A8308F B846A2 C659B3 D46CC3 E07CD2 EC8CE0
  500084 68199A 7D30AD 9246C0 A459D0 B56CE0 C57CEE D48CFC 140090 331AA3 4E32B5 6848C6 7F5CD5 956FE3 A980F0 BC90FC
  000094 181AA7 2D32B8 4248C8 545CD6 656FE4 7580F0 8490FC 001C88 183B9D 2D57B0 4272C2 548AD2 65A0E1 75B5EF 84C8FC
  003064 185080 2D6D98 4288B0 54A0C5 65B7D9 75CCEB 84E0FC 004030 18624E 2D8169 429E82 54B899 65D1AE 75E7C2 84FCD4
  004400 1A661A 328432 48A048 5CBA5C 6FD26F 80E880 90FC90 143C00 355F18 527E2D 6E9C42 87B754 9ED065 B4E775 C8FC84
  303800 505916 6D762B 88923E A0AB4F B7C25F CCD86E E0EC7C 482C00 694D14 866A26 A28638 BB9F47 D2B656 E8CC63 FCE070
`.trim().split(/\s+/).map((digits) => parseInt(digits, 16));
const SIDE = 80, PIXELS = SIDE * SIDE;

// The post's preprocessing of a frame: rows 35, 37, … 193 and columns 0, 2, … 158; lit is what has
// another red than 0, 144 and 109. Mirrored, column x of the screen is seen at 159 − x: so a network
// that learned as the right player sees itself on the right when it is the left one.
const isLit = Uint8Array.from({ length: 256 }, (_, index) => [0, 144, 109].includes(PALETTE[index >> 1] >> 16) ? 0 : 1);
const seen = (frame, isMirrored) => {
  const lit = new Int8Array(PIXELS);
  for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++)
    lit[y * SIDE + x] = isLit[frame[(35 + 2 * y) * WIDTH + (isMirrored ? 159 - 2 * x : 2 * x)]];
  return lit;
};

class Network {
  // What ArenaPolicy.swift writes: each weight a character, its number among the levels from the
  // lowest up; times the row's scale.
  constructor(data) {
    Object.assign(this, data);
    this.layers = data.layers.map(({ shape: [units, inputs], scales, weights, biases }) => {
      const columns = new Float32Array(weights.length);
      for (let unit = 0; unit < units; unit++) for (let input = 0; input < inputs; input++)
        columns[input * units + unit] = Network.level[weights.charCodeAt(unit * inputs + input)] * Math.fround(scales[unit]);
      return { units, inputs, columns, biases: Float32Array.from(biases.length ? biases : Array(units).fill(0)) };
    });
    const signs = this.actions.map((name) => -turnOf(ACTIONS.indexOf(name)));
    this.signs = signs.length === 2 ? [(signs[0] - signs[1]) / 2] : signs;
    this.isUp = signs.map((sign) => sign > 0);
  }
  static level = (() => {
    const codes = Array.from({ length: 94 }, (_, i) => 33 + i).filter((code) => !'"<\\'.includes(String.fromCharCode(code)));
    const level = [];
    codes.forEach((code, i) => { level[code] = i - (codes.length - 1) / 2; });
    return level;
  })();

  // The logits for what is seen, and the first hidden layer's units.
  forward(observation) {
    let values = observation, hidden = [];
    this.layers.forEach(({ units, inputs, columns, biases }, number) => {
      const sums = Float64Array.from(biases);
      for (let i = 0; i < inputs; i++) {
        if (values[i] === 0) continue;
        for (let unit = 0, w = i * units; unit < units; unit++) sums[unit] += values[i] * columns[w + unit];
      }
      values = Float32Array.from(sums);
      if (number < this.layers.length - 1) {
        values = values.map((sum) => this.activation === "tanh" ? Math.tanh(sum) : Math.max(0, sum));
        if (number === 0) hidden = values;
      }
    });
    return { logits: values, hidden };
  }

  // Of two actions, one logit is the first's; of more each has its own.
  probabilities(logits) {
    if (this.actions.length === 2) {
      const first = 1 / (1 + Math.exp(-logits[0]));
      return [first, 1 - first];
    }
    const largest = Math.max(...logits), powers = Array.from(logits, (z) => Math.exp(z - largest));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  }

  // How far a hidden unit of value 1 pushes up (above 0) or down; where further layers lie between, its
  // weight alone.
  push(unit) {
    const next = this.layers[1], weights = Array.from(next.columns.subarray(unit * next.units, (unit + 1) * next.units));
    return this.layers.length === 2 ? weights.reduce((sum, w, o) => sum + w * this.signs[o], 0) : Math.hypot(...weights);
  }

  // A unit's weights as grey levels from 0 to 255, the newest frame's where there are several: of 1,000
  // all but the two greatest lie below white.
  picture(unit) {
    const { columns, units, inputs } = this.layers[0];
    const weights = Array.from({ length: PIXELS }, (_, pixel) => columns[(inputs - PIXELS + pixel) * units + unit]);
    const white = weights.map(Math.abs).sort((a, b) => a - b)[Math.floor((PIXELS - 1) * 0.998)] || 1;
    return weights.map((w) => 128 + 127 * Math.max(-1, Math.min(1, w / white)));
  }
}

// Numbers from 0 to 1, the same for the same seed (Mulberry32).
const randomNumbers = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

// A network at a paddle: it decides every few frames and its hand sometimes keeps the action before,
// as in the environment that it was trained in.
class NetworkPlayer {
  constructor(network, side, seed) {
    Object.assign(this, { network, side, random: randomNumbers(seed), frames: [], held: "NOOP", framesLeft: 0 });
  }

  // The action for the next frame, by ALE's number; `frame` is what is shown now.
  act(pong, frame) {
    if (this.framesLeft === 0) this.decide(frame);
    this.framesLeft -= 1;
    if (this.random() >= this.network.stickyActions) this.held = this.chosen;
    const name = this.held;
    // Who learned without FIRE would never serve.
    const serves = pong.server === this.side && !this.network.actions.some((action) => action.includes("FIRE"));
    return ACTIONS.indexOf(!serves ? name : name === "NOOP" ? "FIRE" : name + "FIRE");
  }

  decide(frame) {
    const { network, frames } = this, now = seen(frame, this.side === "left");
    const kept = network.observation === "difference" ? 2 : network.frames;
    frames.push(now);
    while (frames.length < kept) frames.push(now);
    if (frames.length > kept) frames.shift();
    // Of a stack the oldest frame comes first.
    const observation = this.observation = new Int8Array(network.frames * PIXELS);
    frames.slice(-network.frames).forEach((lit, i) => observation.set(lit, i * PIXELS));
    if (network.observation === "difference") for (let i = 0; i < PIXELS; i++) observation[i] -= frames[0][i];
    this.output = network.forward(this.observation);
    this.probabilities = network.probabilities(this.output.logits);
    this.up = this.probabilities.reduce((sum, p, i) => sum + (network.isUp[i] ? p : 0), 0);
    const [least, most] = network.frameSkip;
    this.framesLeft = least + Math.floor(this.random() * (most - least + 1));
    let rest = network.mode === "greedy" ? 0 : this.random();
    const choice = network.mode === "greedy" ? this.probabilities.indexOf(Math.max(...this.probabilities))
      : this.probabilities.findIndex((p) => (rest -= p) < 0);
    this.chosen = network.actions[choice < 0 ? this.probabilities.length - 1 : choice];
  }
}

"use strict";
// Atari 2600 Pong, a frame at a time: the rules of docs/explain/pong.md as one state and one step for
// one and two players. All quantities are whole numbers; right and left are the paddles' sides.

// The cartridge's games, as they stand after reset. In game 1 the computer moves the left paddle; in 3
// and 4 a second player does. In game 4 FIRE doubles the ball's step up or down and every fourth
// contact speeds it up; in 1 and 3 FIRE at a contact does.
const GAMES = {
  1: { computer: true, wham: false, tick: 71, serveTimer: 59, leftY: 22, ballY: 60, hue: 0x3c, idle: 0 },
  3: { computer: false, wham: false, tick: 11, serveTimer: 57, leftY: 109, ballY: 0, hue: 0, idle: 12 },
  4: { computer: false, wham: true, tick: 11, serveTimer: 57, leftY: 109, ballY: 0, hue: 0, idle: 13 },
};
const WIDTH = 160, HEIGHT = 210, MIDDLE = 408823;
const ACTIONS = [
  "NOOP", "FIRE", "UP", "RIGHT", "LEFT", "DOWN", "UPRIGHT", "UPLEFT", "DOWNRIGHT", "DOWNLEFT", "UPFIRE",
  "RIGHTFIRE", "LEFTFIRE", "DOWNFIRE", "UPRIGHTFIRE", "UPLEFTFIRE", "DOWNRIGHTFIRE", "DOWNLEFTFIRE"];
// Which way an action turns the knob: RIGHT moves the paddle up, LEFT down.
const turnOf = (action) => ACTIONS[action].includes("RIGHT") ? -1 : ACTIONS[action].includes("LEFT") ? 1 : 0;
const firesIn = (action) => ACTIONS[action].includes("FIRE");

// How many of a frame's 91 reads find the capacitor of a paddle's controller uncharged.
const unchargedReads = (resistance) => {
  const need = Math.floor(resistance * 1904 / 100000);
  return need < 2449 ? 0 : Math.min(91, Math.floor((need - 2449) / 152) + 1);
};

class Pong {
  constructor(game) {
    this.game = game;
    Object.assign(this, GAMES[game]);
    Object.assign(this, {
      right: { resistance: MIDDLE, average: 109, fire: false },
      left: { resistance: MIDDLE, average: 109, fire: false },
      rightY: 109, rightScore: 0, leftScore: 0, ballX: 0, vx: 0, vy: 0, last: 255, contacts: 0,
      liveFire: true, hit: "", epoch: 1, attract: false, isReset: true, lateReads: 0,
      latchedHue: this.hue, shown: { right: 0, left: 0, hue: this.hue },
    });
  }

  get isOver() { return this.rightScore === 21 || this.leftScore === 21; }

  // Whose button serves: the one who won the last point; before the first contact nobody's has to.
  get server() { return this.computer || this.serveTimer === 0 || this.last > 1 ? "" : this.last ? "right" : "left"; }

  // Plays one frame with both players' actions by ALE's numbers.
  // Returns their rewards, the right one's first.
  act(rightAction, leftAction = 0) {
    if (this.isOver) return [0, 0];
    const { right, left } = this, difference = this.rightScore - this.leftScore;
    const wasAttract = this.attract, isEven = this.tick % 2 === 0;
    this.isReset = false;
    this.shown = { right: this.rightScore, left: this.leftScore, hue: this.latchedHue };
    for (const [player, action] of [[right, rightAction], [left, leftAction]])
      player.resistance = Math.min(790196, Math.max(27450, player.resistance + 23000 * turnOf(action)));

    if (this.attract || this.epoch === 0) {
      // The cartridge's time limit: nothing counts any more.
      if (this.attract) this.ballY = 0;
      this.attract = true;
      this.leftScore = this.game;
    } else {
      this.hue = 0;
      this.playBall();
    }
    this.rightY = right.average;
    if (!this.computer) this.leftY = left.average;
    else if (this.tick % 8) this.leftY += 2 * Math.sign(this.ballY - this.leftY);

    this.lateReads = unchargedReads((isEven ? left : right).resistance);
    this.hit = this.ballMeets(this.paddleRows.right, 140) ? "right" : this.ballMeets(this.paddleRows.left, 16) ? "left" : "";
    const read = isEven ? left : right;
    read.average = (38 + 2 * unchargedReads(read.resistance) + read.average) >> 1;

    this.latchedHue = this.hue;
    this.tick = (this.tick + 1) % 256;
    if (this.tick === 0) {
      this.epoch = (this.epoch + 1) % 256;
      this.hue = (this.hue + 1) % 256;
    }
    right.fire = firesIn(rightAction);
    left.fire = firesIn(leftAction);
    if (this.last < 2) this.liveFire = (this.last ? right : left).fire;
    return this.rewards(this.rightScore - this.leftScore - difference, this.serveTimer === 0 && !wasAttract);
  }

  // A server who waits loses a point of reward every 120 frames, though none of the score.
  rewards(points, isInPlay) {
    const rewards = [points, -points];
    this.idle = isInPlay ? 0 : this.idle + 1;
    if (!this.computer && this.idle >= 120) {
      rewards[this.last === 0 ? 1 : 0] -= 1;
      this.idle = 0;
    }
    return rewards.map((reward) => reward || 0);
  }

  playBall() {
    if (this.serveTimer > 0) {
      this.ballY = 0;
      this.serveTimer -= 1;
      if (this.serveTimer === 0) this.serve();
    } else if (this.ballX < 53 || this.ballX > 204) {
      this.last = this.ballX >= 128 ? 0 : 1;
      if (this.last) this.rightScore += 1; else this.leftScore += 1;
      this.serveTimer = 63;
    } else {
      if (this.isDrawn && (this.ballY < 46 || this.ballY > 205)) {
        this.ballY += this.ballY < 46 ? 1 : -1;
        this.vy = -this.vy;
      } else if (this.hit) this.bounce(this.hit === "right");
      this.moveBall();
    }
  }

  serve() {
    if (!this.computer && !this.liveFire) {
      this.serveTimer = 1;
      return;
    }
    this.contacts = 0;
    this.ballX = this.ballY = 128;
    if (this.computer) this.leftY = 128;
    this.vy = this.vy < 0 ? -1 : 1;
    this.vx = this.last % 2 ? 1 : -1;
    this.moveBall();
  }

  // The new direction depends only on where the ball meets the paddle; vx above 0 is to the left.
  bounce(isRight) {
    this.contacts = (this.contacts + 1) % 256;
    this.last = isRight ? 1 : 0;
    const isFaster = this.wham ? this.contacts % 4 === 0 && this.contacts > 0 : (isRight ? this.right : this.left).fire;
    const speed = Math.min(4, Math.abs(this.vx) + (isFaster ? 1 : 0));
    let d = (((isRight ? this.rightY : this.leftY) - this.ballY + 6) & 63) >> 1;
    if (d >= 16) d -= 32;
    this.vy = -d >> 1;
    this.vx = isRight ? speed : -speed;
  }

  moveBall() {
    this.ballY = (this.ballY + (this.wham && this.liveFire ? 2 : 1) * this.vy) & 255;
    this.ballX = (this.ballX - this.vx) & 255;
  }

  // Beyond a wall the ball is not drawn and hits nothing.
  get isDrawn() { return this.ballY >= 37 && this.ballY <= 219; }

  // First row and the one behind the last, for both paddles.
  get paddleRows() {
    const rows = (y, above) => [Math.max(25, y + (y & 1) - above), Math.max(25, y + (y & 1) - above + 16)];
    return { right: rows(this.rightY, 14), left: rows(this.leftY, 15) };
  }

  get ballColumns() {
    return this.isReset ? [2, 3] : [(this.ballX + 111) % 160, (this.ballX + 112) % 160];
  }

  // The ball's rows in a column. Towards the right edge the beam has passed before the registers are
  // written, and the ball is drawn a row higher, or a row taller or shorter.
  ballRows(column) {
    if (this.isReset) return this.ballY ? [45, 49] : [0, 0];
    if (!this.isDrawn) return [0, 0];
    const y = this.ballY, k = (y - 38) >> 1;
    return [column >= this.beamColumn(k) ? y - 15 : y - 14, column >= this.beamColumn(k + 2) ? y - 11 : y - 10];
  }

  beamColumn(k) {
    const isWithin = (n) => n >= 0 && n <= 15;
    const idle = this.computer ? 0 : k <= unchargedReads(MIDDLE) ? 6 : 0;
    return 152 + (k <= this.lateReads ? 6 : 0) + idle - (isWithin(38 + 2 * k - this.rightY) ? 3 : 0)
      - (this.ballY & 1 ? 19 + (isWithin(40 + 2 * k - this.leftY) ? 3 : 0) : 0);
  }

  ballMeets([top, end], column) {
    return this.ballColumns.some((x) => {
      const [first, last] = this.ballRows(x);
      return x >= column && x < column + 4 && first < end && last > top;
    });
  }

  // Draws the frame that is shown now: 210 rows of 160 of ALE's palette indices.
  draw(frame) {
    const swapped = ((this.shown.hue << 4) | (this.shown.hue >> 4)) & 255;
    const [left, right, playfield, ground] = [0x38, 0xc8, 0x0f, 0x22].map((base) => (base + swapped) & 0xfe);
    const box = (colour, x, width, [top, end]) => {
      for (let y = top; y < end; y++) frame.fill(colour, y * WIDTH + x, y * WIDTH + x + width);
    };
    const digit = (value, x, colour) => DIGITS[value].forEach((row, r) => [...row].forEach((cell, c) => {
      if (cell === "#") box(colour, x + 4 * c, 4, [1 + 4 * r, 5 + 4 * r]);
    }));
    const score = (value, x, colour) => {
      digit(value % 10, x + 20, colour);
      if (value > 9) digit(Math.floor(value / 10), x + 4, colour);
    };
    frame.fill(ground);
    box(0, 0, 8, [0, 1]);
    score(this.shown.left, 16, left);
    if (!this.attract) score(this.shown.right, 96, right);
    box(right, 140, 4, this.paddleRows.right);
    box(left, 16, 4, this.paddleRows.left);
    for (const x of this.ballColumns) {
      const [top, end] = this.ballRows(x);
      box(playfield, x, 1, [Math.max(24, top), end]);
    }
    box(playfield, 0, WIDTH, [24, 34]);
    box(playfield, 0, WIDTH, [194, 210]);
    return frame;
  }
}

// Five rows of three cells each, a cell of 4 × 4 pixels.
const DIGITS = [
  "### #.# #.# #.# ###", ".#. .#. .#. .#. .#.", "### ..# ### #.. ###", "### ..# .## ..# ###", "#.# #.# ### ..# ..#",
  "### #.. ### ..# ###", "#.. #.. ### #.# ###", "### ..# ..# ..# ..#", "### #.# ### #.# ###", "### #.# ### ..# ..#",
].map((rows) => rows.split(" "));

// A game as it is stored for `rallybook trace check`: a header of 64 bytes, then 12 or 16 a frame.
class Trace {
  constructor(game, names, seed) {
    Object.assign(this, { game, names, seed, records: [], scores: [0, 0] });
    this.resetCRC = Trace.crc(new Pong(game).draw(new Uint8Array(WIDTH * HEIGHT)));
  }

  // After each frame, which is drawn into `frame`: the actions that it was played with, and its rewards.
  add(p, actions, rewards, frame) {
    const crc = Trace.crc(p.draw(frame));
    const bytes = p.computer
      ? [actions[0], rewards[0], p.rightY, p.leftY, p.ballX, p.ballY, p.leftScore, p.rightScore]
      : [...actions, ...rewards, p.rightY, p.leftY, p.ballX, p.ballY, p.leftScore, p.rightScore, p.serveTimer, Number(p.liveFire)];
    this.records.push(...bytes, ...[0, 8, 16, 24].map((shift) => crc >>> shift));
    this.scores = [p.leftScore, p.rightScore];
  }

  get bytes() {
    const isAlone = GAMES[this.game].computer;
    const header = new DataView(new ArrayBuffer(64));
    const text = (place, letters) => [...letters].forEach((letter, i) => header.setUint8(place + i, letter.charCodeAt(0)));
    text(0, isAlone ? "PONGTRC1" : "PONGTRC2");
    header.setUint32(8, this.records.length / (isAlone ? 12 : 16), true);
    header.setUint32(12, this.resetCRC, true);
    header.setUint32(16, this.seed, true);
    this.scores.forEach((score, i) => header.setUint8(20 + i, score));
    if (!isAlone) header.setUint8(22, this.game);
    text(32, (isAlone ? this.names[0] : this.names.join("/")).slice(0, 32));
    return new Uint8Array([...new Uint8Array(header.buffer), ...this.records]);
  }

  // zlib's CRC-32.
  static crc(bytes) {
    const { table } = Trace;
    let crc = -1;
    for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
    return ~crc >>> 0;
  }
  static table = Int32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });
}

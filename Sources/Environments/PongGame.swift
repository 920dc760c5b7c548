// SPDX-License-Identifier: MIT

/// Atari 2600 Pong as state and update rules, equal to the real machine in every frame (ROM `pong`,
/// difficulty 0, skip 1, no sticky actions): the cartridge's games 1 and 2 to ale-py 0.12.1, the
/// two-player games 3 and 4 to multi-agent-ale-py 0.1.12.
///
/// One act is one frame, 1/60 s. There is no random generator in the game: every frame is a
/// function of the actions since reset. The rules are told in `docs/explain/pong.md`; section
/// numbers in comments are that page's. All quantities are whole numbers.
package struct PongGame: Hashable, Sendable {
  /// Where a paddle's knob turns.
  package enum Move: Int32, Sendable {
    case up = -1
    case none = 0
    case down = 1
  }

  /// What a player's hand does in a frame: turns the knob by −1, 0 or 1, and presses the button.
  package struct Hand: Hashable, Sendable {
    package var turn: Int32 = 0
    package var fire = false

    package init(turn: Int32 = 0, fire: Bool = false) { (self.turn, self.fire) = (turn, fire) }
  }

  /// Where a player's paddle is.
  package enum Side: Sendable { case right, left }

  /// The cartridge's number of the game, 1 to 4 (section 8).
  package let number: Int32
  /// Resistance of the paddles' controllers: 27,450 at the top to 790,196 at the bottom.
  package private(set) var rightResistance: Int32 = 408_823
  package private(set) var leftResistance: Int32 = 408_823
  /// The paddles' positions as read and smoothed; shown one frame later.
  package private(set) var rightAverage: Int32 = 109
  package private(set) var leftAverage: Int32 = 109
  /// The paddles: rows are in `PongGeometry`.
  package private(set) var rightY: Int32 = 109
  package private(set) var leftY: Int32 = 22
  /// The ball; `ballY` 0 hides it. `velocityX` above 0 is to the left, `velocityY` above 0 down.
  package private(set) var ballX: Int32 = 0
  package private(set) var ballY: Int32 = 60
  package private(set) var velocityX: Int32 = 0
  package private(set) var velocityY: Int32 = 0
  /// Of the computer, or the second player.
  package private(set) var leftScore: Int32 = 0
  package private(set) var rightScore: Int32 = 0
  /// Frames until the serve; 0 while the ball is in play.
  package private(set) var serveTimer: Int32 = 59
  /// The last who touched the ball or won a point: 1 right, 0 left, 255 nobody yet.
  private var last: Int32 = 255
  /// Contacts since the serve.
  private var contacts: Int32 = 0
  /// The frame counter's low and high byte.
  package private(set) var tick: Int32 = 71
  private var epoch: Int32 = 1
  /// The cartridge's time limit has passed; nothing counts any more (section 7).
  package private(set) var isAttract = false
  private var hue: Int32 = 0x3C
  private var latchedHue: Int32 = 0x3C
  private var rightFire = false
  private var leftFire = false
  /// Frames since a ball was in play, where the server is made to hurry (section 8.5).
  private var idleFrames: Int32 = 0

  /// What the frame now displayed shows: hue, and scores one frame late.
  package private(set) var shownHue: Int32 = 0x3C
  package private(set) var shownLeftScore: Int32 = 0
  package private(set) var shownRightScore: Int32 = 0
  /// Whether this is the frame of a reset of ale-py's, which shows a ball in a corner.
  package private(set) var isResetFrame = true

  /// The state right after reset; it is always the same.
  package init(_ number: Int32 = 1) {
    precondition((1...4).contains(number), "game \(number); allowed: 1 to 4")
    self.number = number
    if number == 2 { (tick, leftY) = (9, 20) }
    guard number > 2 else { return }
    (tick, leftY, serveTimer, ballY) = (11, 109, 57, 0)
    (hue, latchedHue, shownHue, isResetFrame) = (0, 0, 0, false)
  }

  /// Whether a person has the left paddle, not the computer; serves then need the button.
  @inline(__always)
  package var hasTwoPlayers: Bool { number > 2 }

  /// Whether one side has 21 points; further acts then change nothing.
  package var isOver: Bool { leftScore == 21 || rightScore == 21 }

  /// Whether the right paddle is read in the frame now displayed, not the left one; moves the beam a
  /// little (section 3.2).
  package var isRightRead: Bool { (tick &- 1) & 1 == 1 }

  /// Whether the button counts as pressed: that of the last toucher, in the last act (section 8.1).
  package var liveFire: Bool { last == 1 ? rightFire : last == 0 ? leftFire : true }

  /// The height of a side's paddle.
  package func paddleY(_ side: Side) -> Int32 { side == .right ? rightY : leftY }

  /// Plays one frame in which only one hand does something; its player's reward.
  package mutating func act(_ hand: Hand, on side: Side) -> Int32 {
    side == .right ? act(right: hand).right : act(right: Hand(), left: hand).left
  }

  /// Plays one frame against the computer.
  ///
  /// - Parameters:
  ///   - move: from the action now chosen.
  ///   - fire: whether that action presses the button, which shows in the next frame.
  /// - Returns: the change of (right score − left score): −1, 0 or 1, after the time limit once
  ///   anything.
  package mutating func act(_ move: Move, fire: Bool = false) -> Int32 {
    act(right: Hand(turn: move.rawValue, fire: fire)).right
  }

  /// Plays one frame; where the computer plays, `left` says nothing.
  ///
  /// - Returns: of each player; they sum to zero but for a penalty of −1 (section 8.5).
  package mutating func act(
    right: Hand, left: Hand = Hand()
  ) -> (right: Int32, left: Int32) {
    // Of the commonest game everything that the others add is left out while compiling.
    number == 1
      ? frame(right, left, false, false) : frame(right, left, hasTwoPlayers, number & 1 == 0)
  }

  /// - Parameters:
  ///   - hasTwoPlayers: as the game has.
  ///   - whams: whether the button doubles the ball's steps up or down, not its speed at a contact.
  @inline(__always)
  private mutating func frame(
    _ right: Hand, _ left: Hand, _ hasTwoPlayers: Bool, _ whams: Bool
  ) -> (right: Int32, left: Int32) {
    if isOver { return (0, 0) }
    isResetFrame = false
    shownLeftScore = leftScore
    shownRightScore = rightScore
    shownHue = latchedHue
    let difference = rightScore &- leftScore
    let hadEnded = isAttract

    if isAttract || epoch == 0 {
      if isAttract { ballY = 0 }
      isAttract = true
      leftScore = number
    } else {
      hue = 0
      playBall(hasTwoPlayers, whams)
    }
    // The knobs only now: the logic looked at contacts as the last frame displayed them.
    Self.turn(&rightResistance, right)
    rightY = rightAverage
    if hasTwoPlayers {
      Self.turn(&leftResistance, left)
      leftY = leftAverage
    } else if tick & 7 != 0 {
      // No dead zone, no look-ahead; it rests in every eighth frame (5.7).
      leftY &+= 2 &* ((leftY < ballY ? 1 : 0) &- (leftY > ballY ? 1 : 0))
    }
    if tick & 1 == 1 {
      Self.read(rightResistance, into: &rightAverage)
    } else if hasTwoPlayers {
      Self.read(leftResistance, into: &leftAverage)
    }

    latchedHue = hue
    tick = (tick &+ 1) & 255
    if tick == 0 {
      epoch = (epoch &+ 1) & 255
      hue = (hue &+ 1) & 255
    }
    rightFire = right.fire
    leftFire = left.fire && hasTwoPlayers
    let change = (rightScore &- leftScore) &- difference
    var rewards = (right: change, left: 0 &- change)
    if hasTwoPlayers {
      idleFrames = serveTimer == 0 && !hadEnded ? 0 : idleFrames &+ 1
      if idleFrames == 120 {
        idleFrames = 0
        if last == 0 { rewards.left &-= 1 } else { rewards.right &-= 1 }
      }
    }
    return rewards
  }

  /// Section 4.1. No inertia: one frame turns a knob by 23,000.
  @inline(__always)
  private static func turn(_ resistance: inout Int32, _ hand: Hand) {
    resistance = min(790_196, max(27_450, resistance &+ 23_000 &* hand.turn))
  }

  /// Section 4.2.
  @inline(__always)
  private static func read(_ resistance: Int32, into average: inout Int32) {
    average = (38 &+ 2 &* unchargedReads(resistance) &+ average) >> 1
  }

  /// How many of the 91 reads of a frame find a paddle's capacitor uncharged (section 4.2).
  package static func unchargedReads(_ resistance: Int32) -> Int32 {
    let need = UInt32(
      truncatingIfNeeded: (UInt64(truncatingIfNeeded: resistance) &* 1904) / 100_000)
    return need < 2449 ? 0 : min(91, Int32(truncatingIfNeeded: (need &- 2449) / 152) &+ 1)
  }

  /// Sections 5.3 to 5.6: wait, goal, or bounce and move.
  @inline(__always)
  private mutating func playBall(_ hasTwoPlayers: Bool, _ whams: Bool) {
    // A contact in this frame changes whose button counts only afterwards.
    let doubles = whams && liveFire
    if serveTimer > 0 {
      ballY = 0
      serveTimer &-= 1
      guard serveTimer == 0 else { return }
      if hasTwoPlayers && !liveFire {
        serveTimer = 1
      } else {
        serve(doubles)
      }
    } else if ballX < 53 || ballX > 204 {
      goal()
    } else {
      if ballY < 46 && PongGeometry.isBallDisplayed(self) {
        ballY &+= 1
        velocityY = 0 &- velocityY
      } else if ballY > 205 && PongGeometry.isBallDisplayed(self) {
        ballY &-= 1
        velocityY = 0 &- velocityY
      } else if PongGeometry.ballMeetsRight(self) {
        bounce(offRight: true, whams)
      } else if PongGeometry.ballMeetsLeft(self) {
        bounce(offRight: false, whams)
      }
      moveBall(doubles)
    }
  }

  private mutating func serve(_ doubles: Bool) {
    contacts = 0
    ballX = 128
    ballY = 128
    leftY = 128
    velocityY = velocityY < 0 ? -1 : 1
    velocityX = last & 1 == 1 ? 1 : -1
    moveBall(doubles)
  }

  private mutating func goal() {
    if ballX >= 128 {
      leftScore &+= 1
      last = 0
    } else {
      rightScore &+= 1
      last = 1
    }
    serveTimer = 63
  }

  /// Section 5.5: the new direction depends only on where the ball meets the paddle.
  private mutating func bounce(offRight: Bool, _ whams: Bool) {
    contacts = (contacts &+ 1) & 255
    let isFaster =
      whams ? contacts & 3 == 0 && contacts != 0 : offRight ? rightFire : leftFire
    let speed = min(4, abs(velocityX) &+ (isFaster ? 1 : 0))
    last = offRight ? 1 : 0
    var d = (((offRight ? rightY : leftY) &- ballY &+ 6) & 63) >> 1
    if d >= 16 { d &-= 32 }
    velocityY = (0 &- d) >> 1
    velocityX = offRight ? speed : 0 &- speed
  }

  @inline(__always)
  private mutating func moveBall(_ doubles: Bool) {
    ballY = (ballY &+ (doubles ? 2 &* velocityY : velocityY)) & 255
    ballX = (ballX &- velocityX) & 255
  }
}

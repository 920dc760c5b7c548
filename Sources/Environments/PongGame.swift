// SPDX-License-Identifier: MIT

/// Atari 2600 Pong as state and update rules, equal to ALE (ale-py 0.12.1, ROM `pong`, mode 0,
/// difficulty 0, skip 1, no sticky actions) in every frame.
///
/// One act is one frame, 1/60 s. There is no random generator in the game: every frame is a
/// function of the actions since reset. The rules are told in `docs/explain/pong.md`; section
/// numbers in comments are that page's. All quantities are whole numbers.
package struct PongGame: Hashable, Sendable {
  /// Where the paddle's knob turns.
  package enum Move: Int32, Sendable {
    case up = -1
    case none = 0
    case down = 1
  }

  /// Resistance of the player's paddle controller: 27,450 at the top to 790,196 at the bottom.
  package private(set) var resistance: Int32 = 408_823
  /// The paddle's position as read and smoothed; shown one frame later.
  package private(set) var average: Int32 = 109
  /// The paddles: rows are in `PongGeometry`.
  package private(set) var playerY: Int32 = 109
  package private(set) var robotY: Int32 = 22
  /// The ball; `ballY` 0 hides it. `velocityX` above 0 is to the left, `velocityY` above 0 down.
  package private(set) var ballX: Int32 = 0
  package private(set) var ballY: Int32 = 60
  package private(set) var velocityX: Int32 = 0
  package private(set) var velocityY: Int32 = 0
  package private(set) var computerScore: Int32 = 0
  package private(set) var playerScore: Int32 = 0
  /// Frames until the serve; 0 while the ball is in play.
  package private(set) var serveTimer: Int32 = 59
  /// The last who touched the ball or won a point: odd for the player.
  private var last: Int32 = 255
  /// The frame counter's low and high byte.
  package private(set) var tick: Int32 = 71
  private var epoch: Int32 = 1
  /// The cartridge's time limit has passed; nothing counts any more (section 7).
  package private(set) var isAttract = false
  private var hue: Int32 = 0x3C
  private var latchedHue: Int32 = 0x3C
  private var firePressed = false

  /// What the frame now displayed shows: hue, and scores one frame late.
  package private(set) var shownHue: Int32 = 0x3C
  package private(set) var shownComputerScore: Int32 = 0
  package private(set) var shownPlayerScore: Int32 = 0
  package private(set) var isResetFrame = true

  /// The state right after reset; it is always the same.
  package init() {}

  /// Whether one side has 21 points; further acts then change nothing.
  package var isOver: Bool { computerScore == 21 || playerScore == 21 }

  /// Whether the paddle is read in the frame now displayed; moves the beam a little (section 3.2).
  package var isPaddleReadFrame: Bool { (tick &- 1) & 1 == 1 }

  /// Plays one frame.
  ///
  /// - Parameters:
  ///   - move: from the action now chosen.
  ///   - fire: whether that action presses the button; it speeds the ball up at a contact in the
  ///     next frame.
  /// - Returns: the change of (player's score − computer's score): −1, 0 or 1, after the time limit
  ///   once anything.
  package mutating func act(_ move: Move, fire: Bool = false) -> Int32 {
    act(turn: move.rawValue, fire: fire)
  }

  /// The same with the knob's turn as a number: −1, 0 or 1.
  mutating func act(turn: Int32, fire: Bool) -> Int32 {
    if isOver { return 0 }
    isResetFrame = false
    shownComputerScore = computerScore
    shownPlayerScore = playerScore
    shownHue = latchedHue
    let difference = playerScore &- computerScore

    turnKnob(turn)
    if isAttract || epoch == 0 {
      if isAttract { ballY = 0 }
      isAttract = true
      computerScore = 1
    } else {
      hue = 0
      playBall()
    }
    playerY = average
    if tick & 7 != 0 {
      // No dead zone, no look-ahead; it rests in every eighth frame (5.7).
      robotY &+= 2 &* ((robotY < ballY ? 1 : 0) &- (robotY > ballY ? 1 : 0))
    }
    if tick & 1 == 1 { average = (38 &+ 2 &* Self.unchargedReads(resistance) &+ average) >> 1 }

    latchedHue = hue
    tick = (tick &+ 1) & 255
    if tick == 0 {
      epoch = (epoch &+ 1) & 255
      hue = (hue &+ 1) & 255
    }
    firePressed = fire
    return (playerScore &- computerScore) &- difference
  }

  /// Section 4.1. No inertia: one frame turns the knob by 23,000.
  @inline(__always)
  private mutating func turnKnob(_ turn: Int32) {
    resistance = min(790_196, max(27_450, resistance &+ 23_000 &* turn))
  }

  /// How many of the 91 reads of a frame find the paddle's capacitor uncharged (section 4.2).
  package static func unchargedReads(_ resistance: Int32) -> Int32 {
    let need = UInt32(
      truncatingIfNeeded: (UInt64(truncatingIfNeeded: resistance) &* 1904) / 100_000)
    return need < 2449 ? 0 : min(91, Int32(truncatingIfNeeded: (need &- 2449) / 152) &+ 1)
  }

  /// Sections 5.3 to 5.6: wait, goal, or bounce and move.
  @inline(__always)
  private mutating func playBall() {
    if serveTimer > 0 {
      ballY = 0
      serveTimer &-= 1
      if serveTimer == 0 { serve() }
    } else if ballX < 53 || ballX > 204 {
      goal()
    } else {
      if ballY < 46 {
        ballY &+= 1
        velocityY = 0 &- velocityY
      } else if ballY > 205 {
        ballY &-= 1
        velocityY = 0 &- velocityY
      } else if PongGeometry.ballMeetsPlayer(self) {
        bounce(offPlayer: true, top: playerY)
      } else if PongGeometry.ballMeetsRobot(self) {
        bounce(offPlayer: false, top: robotY)
      }
      moveBall()
    }
  }

  private mutating func serve() {
    ballX = 128
    ballY = 128
    robotY = 128
    velocityY = velocityY < 0 ? -1 : 1
    velocityX = last & 1 == 1 ? 1 : -1
    moveBall()
  }

  private mutating func goal() {
    if ballX >= 128 {
      computerScore &+= 1
      last = 0
    } else {
      playerScore &+= 1
      last = 1
    }
    serveTimer = 63
  }

  /// Section 5.5: the new direction depends only on where the ball meets the paddle.
  private mutating func bounce(offPlayer: Bool, top: Int32) {
    var speed = abs(velocityX)
    if offPlayer && firePressed { speed = min(4, speed &+ 1) }
    last = offPlayer ? 1 : 0
    var d = ((top &- ballY &+ 6) & 63) >> 1
    if d >= 16 { d &-= 32 }
    velocityY = (0 &- d) >> 1
    velocityX = offPlayer ? speed : 0 &- speed
  }

  @inline(__always)
  private mutating func moveBall() {
    ballY = (ballY &+ velocityY) & 255
    ballX = (ballX &- velocityX) & 255
  }
}

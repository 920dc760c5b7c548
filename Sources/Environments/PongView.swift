// SPDX-License-Identifier: MIT

import Kernels

/// A way of seeing the embedded game.
protocol PongView: AnyObject {
  var form: ObservationForm { get }
  /// Looks at the game from a side, at an episode's start or after a step.
  func look(at game: PongGame, from side: PongGame.Side, isFirst: Bool)
  func observe(_ writer: inout SignWriter)
  func observe(into numbers: inout [Float])
}

extension PongView {
  func observe(_ writer: inout SignWriter) {
    fatalError("\(form) is not written as signs")
  }

  func observe(into numbers: inout [Float]) {
    fatalError("\(form) is not written as numbers")
  }
}

/// Frames by the post's preprocessing, straight from the game's state: their difference, or each of
/// them a channel.
final class PongFrameView: PongView {
  let form: ObservationForm
  private let isDifference: Bool
  private let places = PaddlePlaces.shared
  /// Of a difference: the frame now and the one before.
  private var current = PongFrame()
  private var previous = PongFrame()
  private var isFirst = true
  /// Of channels: their frames, in a ring.
  private var frames: [PongFrame]
  private var newest = 0

  /// - Parameter kind: of binary frames.
  init(_ kind: PictureKind) {
    precondition(kind != .raw, "numbers of the post's preprocessing")
    isDifference = kind == .difference
    frames = [PongFrame](repeating: PongFrame(), count: kind.channels)
    var form = ObservationForm(
      .signs, channels: kind.channels, height: PongFrame.side, width: PongFrame.side)
    for channel in 0..<kind.channels {
      let offset = UInt16(channel * PongFrame.side * PongFrame.side)
      form.patterns += places.pixels.map { pattern in pattern.map { $0 + offset } }
    }
    self.form = form
  }

  func look(at game: PongGame, from side: PongGame.Side, isFirst: Bool) {
    if isDifference {
      self.isFirst = isFirst
      previous.copy(current)
      current.look(at: game, places, from: side)
      return
    }
    newest = (newest + 1) % frames.count
    frames[newest] = PongFrame(game, places, from: side)
    if isFirst {
      for i in frames.indices where i != newest { frames[i] = frames[newest] }
    }
  }

  func observe(_ writer: inout SignWriter) {
    if isDifference {
      if writer.takesFrames {
        writer.beginFrame(isFirst: isFirst)
        current.write(places, to: &writer)
      } else if isFirst {
        writer.beginMinus()
      } else {
        current.writeDifference(from: previous, places, to: &writer)
      }
      return
    }
    let pixels = PongFrame.side * PongFrame.side
    for channel in frames.indices {
      var entry = writer.end
      frames[(newest + 1 + channel) % frames.count].write(places, to: &writer)
      while entry < writer.end {
        let size = Int(entry.pointee) < pixels ? pixels : places.pixels.count
        entry.pointee &+= UInt16(truncatingIfNeeded: channel &* size)
        entry += 1
      }
    }
    writer.beginMinus()
  }
}

/// The rendered picture, pixel by pixel: for crops, sizes and backgrounds that are not the post's,
/// and for `raw`. Slow: the whole screen is drawn for each decision.
final class PongPictureView: PongView {
  var form: ObservationForm { observer.form }
  private let observer: PictureObserver

  init(_ kind: PictureKind, _ rule: PictureRule) {
    observer = PictureObserver(kind: kind, rule: rule, screen: .atari)
  }

  func look(at game: PongGame, from side: PongGame.Side, isFirst: Bool) {
    if isFirst { observer.reset() }
    let reds = PongScreen.render(game, from: side).map { PongScreen.red($0) }
    reds.withUnsafeBytes { observer.look(at: $0, bytesPerPixel: 1) }
  }

  func observe(_ writer: inout SignWriter) { observer.observe(&writer) }

  func observe(into numbers: inout [Float]) { observer.observe(into: &numbers) }
}

/// `observation.kind: objects`: where paddles and ball are and how they move, as eight numbers of
/// −1 to 1.
///
/// | | | scale |
/// |---|---|---|
/// | 0, 1 | one's own paddle: its middle, and its way since the last decision | 80 rows, 24 rows |
/// | 2, 3 | the other paddle: the same | |
/// | 4, 5 | the ball's middle: column, row | 80 columns, 80 rows |
/// | 6, 7 | the ball's velocity to the right, down | 4 columns a frame, 3 rows a frame |
///
/// Rows are counted down and columns to the right, from the middle of the field (row 114, column
/// 80), from the left side to the left. The ball's four are 0 while there is none; ways are 0 on an episode's first decision. The
/// computer's paddle waits above the field for a serve and then jumps; everything is cut to ±1.
final class PongObjectView: PongView {
  let form = ObservationForm(.numbers, width: 8)
  private var values = SIMD8<Float>.zero

  func look(at game: PongGame, from side: PongGame.Side, isFirst: Bool) {
    let before = values
    values = .zero
    // Both paddles are 16 rows high; their middles as drawn (docs/explain/pong.md, 3.1).
    let isRight = side == .right
    let right = Self.cut((Float(game.rightY + (game.rightY & 1)) - 6 - 114) / 80)
    let left = Self.cut((Float(game.leftY + (game.leftY & 1)) - 7 - 114) / 80)
    (values[0], values[2]) = isRight ? (right, left) : (left, right)
    if !isFirst {
      values[1] = Self.cut((values[0] - before[0]) * 80 / 24)
      values[3] = Self.cut((values[2] - before[2]) * 80 / 24)
    }
    guard game.ballY != 0, !game.isResetFrame else { return }
    let column = (Int(game.ballX) - 49 + 160) % 160
    let direction: Float = isRight ? 1 : -1
    values[4] = direction * Self.cut((Float(column) + 1 - 80) / 80)
    values[5] = Self.cut((Float(game.ballY) - 12 - 114) / 80)
    values[6] = -direction * Float(game.velocityX) / 4
    values[7] = Float(game.velocityY) / 3
  }

  private static func cut(_ value: Float) -> Float { max(-1, min(1, value)) }

  func observe(into numbers: inout [Float]) {
    for i in 0..<8 { numbers.append(values[i]) }
  }
}

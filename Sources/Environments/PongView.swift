// SPDX-License-Identifier: MIT

import Kernels
import Randomness

/// A way of seeing the embedded game.
protocol PongView {
  var form: ObservationForm { get }
  /// Looks at the game at an episode's start, or after a step.
  mutating func look(at game: PongGame, isFirst: Bool)
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

/// The embedded game, played by `PongEnvironment` and seen through a view.
final class ViewedPong<View: PongView>: EnvironmentAround {
  var inner: any Environment { pong }
  var form: ObservationForm { view.form }
  var actions: [String] { pong.actions }
  private let pong: PongEnvironment
  private var view: View

  init(_ pong: PongEnvironment, _ view: View) {
    self.pong = pong
    self.view = view
  }

  func reset(draws: Xoshiro256) {
    pong.reset(draws: draws)
    view.look(at: pong.game, isFirst: true)
  }

  func step(_ action: Int) -> Transition {
    let transition = pong.step(action)
    view.look(at: pong.game, isFirst: false)
    return transition
  }

  func observe(_ writer: inout SignWriter) { view.observe(&writer) }

  func observe(into numbers: inout [Float]) { view.observe(into: &numbers) }
}

/// The last frames by the post's preprocessing, the oldest first; see `ScreenObserver.Kind.stack`.
struct PongStack: PongView {
  let form: ObservationForm
  private var frames: [PongVision]
  private var newest = 0

  init(frames count: Int) {
    var form = ObservationForm(
      .signs, channels: count, height: PongVision.side, width: PongVision.side)
    for channel in 0..<count {
      let offset = UInt16(channel * PongVision.side * PongVision.side)
      form.patterns += PongVision.patterns.map { pattern in pattern.map { $0 + offset } }
    }
    self.form = form
    frames = [PongVision](repeating: PongVision(), count: count)
  }

  mutating func look(at game: PongGame, isFirst: Bool) {
    newest = (newest + 1) % frames.count
    frames[newest].look(at: game)
    if isFirst {
      for i in frames.indices where i != newest { frames[i] = frames[newest] }
    }
  }

  func observe(_ writer: inout SignWriter) {
    let pixels = PongVision.side * PongVision.side
    let patternCount = form.patterns.count / frames.count
    for channel in frames.indices {
      var entry = writer.end
      frames[(newest + 1 + channel) % frames.count].writeFrame(to: &writer)
      while entry < writer.end {
        let isPixel = Int(entry.pointee) < pixels
        entry.pointee &+= UInt16(truncatingIfNeeded: channel &* (isPixel ? pixels : patternCount))
        entry += 1
      }
    }
    writer.beginMinus()
  }
}

/// The rendered picture, pixel by pixel: for crops, sizes and backgrounds that are not the post's,
/// and for `raw`. Slow: the whole screen is drawn for each decision.
struct PongPicture: PongView {
  var form: ObservationForm { observer.form }
  private let observer: ScreenObserver

  init(_ observer: ScreenObserver) { self.observer = observer }

  mutating func look(at game: PongGame, isFirst: Bool) {
    if isFirst { observer.reset() }
    let reds = PongScreen.render(game).map { PongPalette.red($0) }
    reds.withUnsafeBytes { observer.look(at: $0, bytesPerPixel: 1) }
  }

  func observe(_ writer: inout SignWriter) { observer.observe(&writer) }

  func observe(into numbers: inout [Float]) { observer.observe(into: &numbers) }
}

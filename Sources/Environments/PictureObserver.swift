// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema

/// What of a game's successive pictures is seen.
package enum PictureKind: Hashable, Sendable {
  /// The current minus the previous binary frame; all zeros at an episode's first look.
  case difference
  /// The current binary frame.
  case frame
  /// The last n binary frames, n channels, the oldest first; at an episode's start all of them
  /// are the first one (order and padding are those of Gymnasium's `FrameStackObservation`).
  case stack(Int)
  /// The current picture as numbers, value / 255.
  case raw

  /// The kind of a validated section `observation`; nil where it is none of pictures.
  package init?(_ observation: Settings) {
    let kind = observations.first(named: .string(observation.string("kind")))
    guard let picture = kind?.picture else { return nil }
    self = picture(observation)
  }

  /// Channels of the observation, of a picture with one plane.
  var channels: Int { if case .stack(let frames) = self { frames } else { 1 } }
  /// Frames that are kept for it.
  var kept: Int { self == .difference ? 2 : channels }
}

/// What a policy sees of a game's successive pictures. After `init` nothing is allocated.
///
/// A picture has one plane of bytes or several, one after the other, such as its colours; each is a
/// channel of what is seen, or with `stack` one of each frame.
///
/// `reset()` at an episode's start; `look` once after reset and once after each step; `observe` any
/// number of times in between.
package final class PictureObserver {
  package let form: ObservationForm
  private let kind: PictureKind
  private let screen: ScreenSize
  private let planes: Int
  /// What is kept, plane by plane, column by column from top to bottom, as signs are written: each pixel's place in
  /// the picture, and its entry in a channel of the observation.
  private let sources: [Int32]
  private let entries: [Int32]
  /// For each value of a byte, whether it is lit.
  private let lit: [UInt64]
  /// The frames kept, `words` words of bits each, bit i of them being pixel i of `sources`.
  private var frames: [UInt64]
  private let words: Int
  private let kept: Int
  private var newest = 0
  private var isFirst = true
  /// For `raw`: the current picture's values in the order of the entries.
  private var numbers: [Float] = []

  /// - Precondition: `rule` fits the screen; see `PictureRule.misfit`.
  package init(kind: PictureKind, rule: PictureRule, screen: ScreenSize, planes: Int = 1) {
    if let misfit = rule.misfit(screen) { fatalError(misfit) }
    self.kind = kind
    self.screen = screen
    self.planes = planes
    form = ObservationForm(
      kind == .raw ? .numbers : .signs, channels: kind.channels * planes, height: rule.height,
      width: rule.width)
    var sources: [Int32] = []
    var entries: [Int32] = []
    for plane in 0..<planes {
      for x in 0..<rule.width {
        for y in 0..<rule.height {
          let (row, column) = rule.source(y: y, x: x)
          sources.append(Int32((plane * screen.height + row) * screen.width + column))
          entries.append(Int32((plane * rule.height + y) * rule.width + x))
        }
      }
    }
    self.sources = sources
    self.entries = entries
    lit = (0...255).map { $0 == 0 || rule.background.contains(UInt8($0)) ? 0 : 1 }
    words = (sources.count + 63) / 64
    kept = kind.kept
    frames = [UInt64](repeating: 0, count: kind == .raw ? 0 : kept * words)
    if kind == .raw { numbers = [Float](repeating: 0, count: sources.count) }
  }

  /// Begins an episode: the next look is its first.
  package func reset() { isFirst = true }

  /// Looks at the current picture.
  ///
  /// - Parameters:
  ///   - picture: plane by plane, rows from top to bottom, without gaps.
  ///   - bytesPerPixel: 3 for RGB, 1 for one channel.
  package func look(at picture: UnsafeRawBufferPointer, bytesPerPixel: Int) {
    let expected = planes * screen.height * screen.width * bytesPerPixel
    guard picture.count == expected else {
      fatalError("a picture of \(picture.count) bytes, not \(expected)")
    }
    if kind == .raw {
      for i in sources.indices {
        numbers[Int(entries[i])] = Float(picture[Int(sources[i]) &* bytesPerPixel]) / 255
      }
      return
    }
    newest = (newest + 1) % kept
    let start = newest * words
    for word in 0..<words {
      var bits: UInt64 = 0
      let first = word &* 64
      for i in first..<min(first + 64, sources.count) {
        bits |= lit[Int(picture[Int(sources[i]) &* bytesPerPixel])] << UInt64(i &- first)
      }
      frames[start + word] = bits
    }
    if isFirst {
      isFirst = false
      for other in 0..<kept where other != newest {
        for word in 0..<words { frames[other * words + word] = frames[start + word] }
      }
    }
  }

  /// Writes what the policy sees, where it is signs.
  package func observe(_ writer: inout SignWriter) {
    if kind == .difference {
      let before = (newest + 1) % kept
      write(frame: newest, without: before, channel: 0, to: &writer)
      writer.beginMinus()
      write(frame: before, without: newest, channel: 0, to: &writer)
    } else {
      for channel in 0..<kept {
        write(frame: (newest + 1 + channel) % kept, without: nil, channel: channel, to: &writer)
      }
      writer.beginMinus()
    }
  }

  /// Appends what the policy sees, where it is numbers.
  package func observe(into numbers: inout [Float]) {
    numbers.append(contentsOf: self.numbers)
  }

  /// The entries lit in one frame and not in another.
  private func write(frame: Int, without other: Int?, channel: Int, to writer: inout SignWriter) {
    let offset = channel * sources.count
    for word in 0..<words {
      var bits = frames[frame * words + word]
      if let other { bits &= ~frames[other * words + word] }
      while bits != 0 {
        writer.put(offset &+ Int(entries[word &* 64 &+ bits.trailingZeroBitCount]))
        bits &= bits &- 1
      }
    }
  }
}

// SPDX-License-Identifier: MIT

package import Kernels
package import ParameterSchema
package import Randomness

/// A picture seen through a window, `observation.kind: glimpse`: hard attention (Mnih, Heess, Graves
/// and Kavukcuoglu 2014), with the gaze among the actions.
///
/// Of a picture `[C, H, W]` the policy sees g × g pixels, which keep their places, and where the
/// window is:
///
/// | entries | |
/// |---|---|
/// | C·H·W | the picture, outside the window 0; (c, y, x) has number (c · H + y) · W + x |
/// | H − g + 1 | 1 at the window's first row, counted from 0, elsewhere 0 |
/// | W − g + 1 | 1 at its first column |
///
/// With a learned gaze an action has two entries more, for rows and for columns: 0 moves the window
/// up or left, 1 leaves it, 2 moves it down or right. What is seen next is seen from there.
package final class GlimpseEnvironment: WrappingEnvironment {
  /// Entries that a batch of signs may have.
  package static let mostEntries = 65_535

  /// What moves the window.
  package enum Gaze: String, CaseIterable, Sendable { case learned, fixed, random }

  /// The window's first pixel.
  package struct Place: Hashable, Sendable {
    package var top: Int
    package var left: Int

    package init(top: Int, left: Int) { (self.top, self.left) = (top, left) }
  }

  package let inner: any Environment
  package let form: ObservationForm
  package let actions: ActionSpace
  /// Where the window is at an episode's start, and now.
  package let start: Place
  package private(set) var place: Place
  /// Pixels of the window's sides.
  package let size: Int
  private let settings: Settings
  private let gaze: Gaze
  /// Pixels of a move.
  private let step: Int
  /// The move that was decided with the action under way: −1, 0 or 1 in each direction.
  private var move = (down: 0, right: 0)
  private var draws = Xoshiro256(seed: 0)
  /// All of the picture.
  private let picture: SparseSignBatch

  package var rival: (any RemoteEnvironment)? {
    inner.rival.map { GlimpseEnvironment($0, settings) }
  }

  /// A validated section `observation`.
  ///
  /// - Precondition: what is seen of `inner` is a picture of signs that holds the window, with at most
  ///   `mostEntries` entries here; where the gaze is learned its actions are choices.
  package init(_ inner: any Environment, _ settings: Settings) {
    (self.inner, self.settings) = (inner, settings)
    (size, gaze, step) = (
      settings.integer("size"), settings.choice("gaze"), settings.integer("step")
    )
    let seen = inner.form
    let (rows, columns) = (seen.height - size, seen.width - size)
    let asked = settings.isNull("place") ? nil : settings.integerRecord("place")
    start = Place(top: asked?["top"] ?? rows / 2, left: asked?["left"] ?? columns / 2)
    guard seen.entries == .signs, start.top >= 0, start.top <= rows, start.left >= 0,
      start.left <= columns
    else {
      fatalError("a window of \(size) pixels at \(start) in \(seen.height) × \(seen.width)")
    }
    form = ObservationForm(.signs, width: seen.count + rows + columns + 2)
    actions = gaze == .learned ? inner.actions.withMoves ?? inner.actions : inner.actions
    place = start
    picture = SparseSignBatch(width: seen.count)
  }

  package func reset(draws: Xoshiro256) throws(EnvironmentError) {
    try inner.reset(draws: draws)
    place = start
    // A stream of its own, seeded by the first draw.
    var first = draws
    self.draws = Xoshiro256(seed: first.next())
  }

  package func step(_ action: Action) throws(EnvironmentError) -> Transition {
    let transition = try inner.step(decided(action))
    look()
    return transition
  }

  package func submit(_ action: Action) { inner.remote?.submit(decided(action)) }

  package func collect() throws(EnvironmentError) -> Transition {
    guard let remote = inner.remote else { preconditionFailure("\(inner.id) is not remote") }
    let transition = try remote.collect()
    look()
    return transition
  }

  /// The part of the screen that the window shows from a place on.
  ///
  /// - Parameter own: what the environment keeps of the screen where nothing else is asked for.
  package func screenPart(_ place: Place, own: PictureRule) -> PictureRule.Crop {
    let rule = PictureRule(settings, own: own)
    let (top, left) = rule.source(y: place.top, x: place.left)
    return .init(
      top: top, left: left, height: max(1, size * rule.crop.height / rule.height),
      width: max(1, size * rule.crop.width / rule.width))
  }

  /// Keeps the action's move; the rest is the inner environment's.
  private func decided(_ action: Action) -> Action {
    switch gaze {
    case .fixed: return action
    case .random:
      move = (Int(draws.next(below: 3)) - 1, Int(draws.next(below: 3)) - 1)
      return action
    case .learned:
      guard case .entries(let entries) = action, entries.count == actions.width else {
        preconditionFailure("\(action) moves no gaze")
      }
      let count = entries.count - 2
      move = (Int(entries[count]) - 1, Int(entries[count + 1]) - 1)
      return inner.actions.names.isEmpty
        ? .entries(Array(entries[..<count])) : .number(Int(entries[0]))
    }
  }

  /// Moves the window, which stays within the picture.
  private func look() {
    place.top = max(0, min(inner.form.height - size, place.top + move.down * step))
    place.left = max(0, min(inner.form.width - size, place.left + move.right * step))
  }

  package func observe(_ writer: inout SignWriter) {
    picture.removeAll()
    picture.append { inner.observe(&$0) }
    let row = picture.rows[0]
    let seen = UnsafeBufferPointer(start: picture.indices(of: row), count: Int(row.total))
    write(seen[..<Int(row.plus)], to: &writer)
    let rows = inner.form.count
    writer.put(rows + place.top)
    writer.put(rows + inner.form.height - size + 1 + place.left)
    writer.beginMinus()
    write(seen[Int(row.plus)...], to: &writer)
  }

  /// Writes those of the picture's entries that lie in the window.
  private func write(
    _ entries: Slice<UnsafeBufferPointer<UInt16>>, to writer: inout SignWriter
  ) {
    let (height, width) = (inner.form.height, inner.form.width)
    for entry in entries {
      let (line, column) = Int(entry).quotientAndRemainder(dividingBy: width)
      let (y, x) = (line % height - place.top, column - place.left)
      if y >= 0, y < size, x >= 0, x < size { writer.put(Int(entry)) }
    }
  }
}

extension ActionSpace {
  /// The space with a gaze's moves up or down and left or right behind it; nil for numbers.
  package var withMoves: ActionSpace? {
    switch self {
    case .discrete(let names): .product([names.count, 3, 3])
    case .product(let counts): .product(counts + [3, 3])
    case .box: nil
    }
  }
}

// SPDX-License-Identifier: MIT

package import ParameterSchema

/// The choices of `observation.kind`; the first is the default.
package let observations: [ObservationKind] = [
  .difference, .frame, .stack, .glimpse, .objects, .raw,
]

/// A way of seeing a game: its description, and the kind of picture that it is of.
///
/// The game says which of them it has (`observationConstraint`) and how it makes them.
package struct ObservationKind: ComponentKind {
  package let component: Component
  /// By a validated section `observation`; nil where nothing is seen of a picture.
  let picture: (@Sendable (Settings) -> PictureKind)?
  /// How many entries are seen under a configuration, where they are no picture.
  let numbers: @Sendable (ConfigValue) -> Int?

  init(
    _ id: String, doc: String, parameters: [Parameter], constraints: [Constraint] = [],
    unused: [UnusedKeys] = [], numbers: @escaping @Sendable (ConfigValue) -> Int? = { _ in nil },
    picture: (@Sendable (Settings) -> PictureKind)? = nil
  ) {
    component = Component(
      id: id, doc: doc, parameters: parameters + [permutePixels], constraints: constraints,
      unused: unused)
    self.numbers = numbers
    self.picture = picture
  }

  static let difference = ObservationKind(
    "difference",
    doc: """
      The current minus the previous binary frame, each pixel −1, 0 or 1; all zeros on an \
      episode's first decision. The post's choice.
      """, parameters: binaryPicture, picture: { _ in .difference })

  static let frame = ObservationKind(
    "frame", doc: "The current binary frame, without any motion.", parameters: binaryPicture,
    picture: { _ in .frame })

  static let stack = ObservationKind(
    "stack",
    doc: """
      The last binary frames, one channel each, the oldest first; at an episode's start all of \
      them are its first frame.
      """,
    parameters: [
      Parameter(
        "frames", .integer(2...10), default: 2, unit: "frames",
        doc: "Frames in the stack, a decision apart.")
    ] + binaryPicture,
    constraints: [
      Constraint(code: "too-large", severity: .error, path: "observation.frames") { all in
        guard let (frames, height, width) = knownExtents(all), frames * height * width > 65_025
        else { return nil }
        return """
          \(frames) × \(height) × \(width) pixels are \(frames * height * width); allowed: at most \
          65025
          """
      }
    ], picture: { .stack($0.integer("frames")) })

  static let objects = ObservationKind(
    "objects",
    doc: """
      For the embedded Pong: positions and directions of both paddles, position and velocity of the \
      ball, eight numbers from −1 to 1.
      """, parameters: [normalize], numbers: { _ in 8 })

  static let raw = ObservationKind(
    "raw",
    doc: """
      What the game gives: CartPole's four quantities; a picture, each pixel 0 to 1, all of it \
      unless a part or a size is asked for.
      """,
    parameters: [
      crop,
      Parameter(
        "height", .nullable(.integer(1...2160)), default: nil, unit: "pixels",
        doc: "Rows that are kept; null keeps every one."),
      Parameter(
        "width", .nullable(.integer(1...4096)), default: nil, unit: "pixels",
        doc: "Columns that are kept; null keeps every one."),
      channels, key, normalize,
    ], picture: { _ in .raw })
}

/// Channels, height and width of what is seen under a configuration; nil where only the game, once
/// made, knows them.
package func knownExtents(_ all: ConfigValue) -> (channels: Int, height: Int, width: Int)? {
  func number(_ path: String) -> Int? {
    guard case .number(let value)? = all[path: path] else { return nil }
    return Int(exactly: value)
  }
  let observation = observations.first(named: all[path: "observation.kind"])
  let environment = embeddedEnvironments.first(named: all[path: "environment.id"])
  if let numbers = observation?.numbers(all) ?? environment?.numbers { return (1, 1, numbers) }
  guard let height = number("observation.height") ?? number("observation.crop.height"),
    let width = number("observation.width") ?? number("observation.crop.width")
  else { return nil }
  return (number("observation.frames") ?? 1, height, width)
}

private let crop = Parameter(
  "crop",
  .nullable(
    .record([
      .init("top", 0...4095), .init("left", 0...4095), .init("height", 1...4096),
      .init("width", 1...4096),
    ])), default: nil, unit: "pixels",
  doc: """
    The part of the picture that is looked at; null is the game's own: in Pong, but for raw, the \
    post's 160 × 160 from row 35, elsewhere all of it.
    """, silentValue: .null)

let binaryPicture = [
  crop,
  Parameter(
    "height", .integer(1...255), default: 80, unit: "pixels",
    doc: "Rows of what the policy sees; pixel y is row y · crop's height / height, rounded down.",
    silentValue: 80),
  Parameter(
    "width", .integer(1...255), default: 80, unit: "pixels",
    doc: "Columns of what the policy sees, taken likewise.", silentValue: 80),
  Parameter(
    "background", .nullable(.list(of: .integer(0...255), count: 0...256)), default: nil,
    doc: """
      Values of a channel that count as 0, beside 0 itself; every other is 1. null is the \
      game's own: 144 and 109 in Pong, as in the post, elsewhere none.
      """, silentValue: .null),
  channels, key,
]

private let channels = Parameter(
  "channels", .nullable(.choice(["red", "grey", "all"])), default: nil,
  doc: """
    What of a picture's colours is looked at: red, as in the post, their luma, or each of them, \
    a channel of its own. null is red in Atari games and for binary pictures; elsewhere raw has \
    every channel.
    """, silentValue: .null)

private let key = Parameter(
  "key", .nullable(.text(TextRule(rest: "an entry's name", limit: 64))), default: nil,
  doc: """
    Where a Gymnasium environment gives a Dict: the one entry that is looked at, a.b for b of the \
    Dict a. null looks at all of them.
    """, silentValue: .null)

private let normalize = Parameter(
  "normalize", .boolean, default: false,
  doc: """
    Whether each number is seen in deviations from its mean, up to 10 of them, over all decisions \
    of the updates before; the policy keeps both, and playing it does not change them.
    """, silentValue: false)

private let permutePixels = Parameter(
  "permutePixels", .boolean, default: false,
  doc: """
    Whether entries are shuffled by a fixed permutation, which follows from rootSeed and their \
    number alone.
    """, silentValue: false)

/// An environment's rule on `observation.kind`.
func observationConstraint(environment: String, kinds: [ObservationKind]) -> Constraint {
  let allowed = kinds.map { "\"\($0.component.id)\"" }.joined(separator: ", ")
  return Constraint(code: "no-such-view", severity: .error, path: "observation.kind") { all in
    guard case .string(let kind)? = all[path: "observation.kind"],
      kinds.first(named: .string(kind)) == nil
    else { return nil }
    return
      "\"\(kind)\" cannot be seen where environment.id is \"\(environment)\"; allowed: \(allowed)"
  }
}

/// The rules of an environment without a picture: there is nothing to crop or to scale.
func noPictureConstraints(environment: String) -> [Constraint] {
  absentConstraints(environment, "has no picture", ["crop", "height", "width", "channels", "key"])
}

/// Keys of the observation that have nothing to say of an environment.
func absentConstraints(
  _ environment: String, _ reason: String, _ keys: [String]
) -> [Constraint] {
  keys.map { key in
    Constraint(code: "no-picture", severity: .error, path: "observation.\(key)") { all in
      guard let value = all[path: "observation.\(key)"], value != .null else { return nil }
      return "environment.id \"\(environment)\" \(reason); allowed: null"
    }
  }
}

// SPDX-License-Identifier: MIT

import ParameterSchema

extension ObservationKind {
  package static let glimpse = ObservationKind(
    "glimpse",
    doc: """
      The difference within a window of size × size pixels, 0 around it, and where the window is: \
      hard attention (Mnih et al. 2014). With a learned gaze the policy chooses the window's next \
      move together with its action.
      """,
    parameters: [
      Parameter(
        "size", .integer(1...255), default: 24, unit: "pixels",
        doc: "Rows and columns of the window, in pixels of what is kept of the picture."),
      Parameter(
        "gaze", .choice(GlimpseEnvironment.Gaze.allCases.map(\.rawValue)), default: "learned",
        doc: """
          What moves the window between two decisions: the policy, by two choices beside its action, \
          up, stay or down and left, stay or right; nothing; or chance, each of the nine moves \
          equally likely, which is not learned from.
          """),
      Parameter(
        "step", .integer(1...255), default: 8, unit: "pixels",
        doc: "How far the window moves in each direction; at the picture's edges it stops."),
      Parameter(
        "place", .nullable(.record([.init("top", 0...254), .init("left", 0...254)])), default: nil,
        unit: "pixels",
        doc: """
          The window's first row and column at an episode's start, where a fixed one stays; null is \
          the middle of the picture.
          """),
    ] + binaryPicture,
    constraints: [
      Constraint(code: "too-large", severity: .error, path: "observation.size") { all in
        guard let (size, height, width) = extents(all), size > min(height, width) else {
          return nil
        }
        return """
          a window of \(size) × \(size) pixels; allowed: at most \(min(height, width)), as what is \
          kept of the picture has \(height) × \(width)
          """
      },
      Constraint(code: "outside-picture", severity: .error, path: "observation.place") { all in
        guard let (size, height, width) = extents(all), size <= min(height, width),
          let top = number(all, "place.top"), let left = number(all, "place.left")
        else { return nil }
        if top + size > height {
          return "the window ends at row \(top + size); allowed: at most \(height), place.top "
            + "\(height - size)"
        }
        if left + size > width {
          return "the window ends at column \(left + size); allowed: at most \(width), place.left "
            + "\(width - size)"
        }
        return nil
      },
    ],
    unused: [
      UnusedKeys(["observation.step"], because: ["observation.gaze"]) {
        $0[path: "observation.gaze"] == "fixed"
      }
    ],
    numbers: { all in
      extents(all).map { size, height, width in height * width + height + width - 2 * size + 2 }
    }, picture: { _ in .difference })

  /// The window's sides, and rows and columns of the picture.
  private static func extents(_ all: ConfigValue) -> (size: Int, height: Int, width: Int)? {
    guard let size = number(all, "size"), let height = number(all, "height"),
      let width = number(all, "width")
    else { return nil }
    return (size, height, width)
  }

  private static func number(_ all: ConfigValue, _ key: String) -> Int? {
    guard case .number(let value)? = all[path: "observation.\(key)"] else { return nil }
    return Int(exactly: value)
  }
}

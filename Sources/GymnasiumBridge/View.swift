// SPDX-License-Identifier: MIT

import Diagnostics
import Environments
import ParameterSchema

/// What is kept of an environment's observations.
struct View {
  /// Entries that an observation of signs may have, and of numbers.
  private static let mostSigns = 65_535
  private static let mostNumbers = 1 << 20

  /// Pixels of the picture; empty where observations are numbers.
  private(set) var rows: [Int] = []
  private(set) var columns: [Int] = []
  private(set) var channels = Channels.all
  /// Bytes of a pixel that are kept.
  private(set) var planes = 1
  /// What a person should know of it.
  private(set) var notes: [String] = []
  private var kind: PictureKind?
  private var background: Set<UInt8> = []

  init(
    _ observation: Settings, _ facts: WorkerFacts, _ environment: Settings
  ) throws(EnvironmentError) {
    let id = environment.string("id")
    let kind = observation.string("kind")
    let seen = facts.observation
    if !seen.leftOut.isEmpty {
      notes.append(
        "\(id): its observations have text that the policy does not see: "
          + seen.leftOut.joined(separator: ", "))
    }
    guard let picture = seen.picture else {
      if kind != "raw" {
        throw .refusal(
          id,
          """
          it gives \(seen.count) numbers and no picture; observation.kind is "\(kind)", allowed: \
          "raw"
          """)
      }
      for key in ["crop", "height", "width", "channels"] where !observation.isNull(key) {
        throw .refusal(id, "it gives no picture; observation.\(key) is set, allowed: null")
      }
      return
    }
    let screen = ScreenSize(height: picture.height, width: picture.width)
    let own: PictureRule =
      kind != "raw" && PongID.isReal(id) ? .post : .whole(screen)
    let rule = PictureRule(observation, own: own)
    if let misfit = rule.misfit(screen) { throw .refusal(id, "observation.crop: \(misfit)") }
    rows = (0..<rule.height).map { rule.source(y: $0, x: 0).row }
    columns = (0..<rule.width).map { rule.source(y: 0, x: $0).column }
    background = rule.background
    self.kind = PictureKind(observation)
    let asked = observation.optionalString("channels").flatMap { Channels(rawValue: $0) }
    // A picture without colours has no red; one of a single colour is all red.
    guard picture.colours > 0 || asked == .all || (asked == nil && kind == "raw") else {
      let shown = observation.optionalString("channels").map { "\"\($0)\"" } ?? "null"
      throw .refusal(
        id,
        """
        its observations are \(seen.space), \(picture.planes) channels that are not colours; \
        observation.channels is \(shown), allowed: "all"
        """)
    }
    channels = asked ?? (kind == "raw" && !facts.isAtari ? .all : .red)
    planes = picture.planes / (picture.colours == 3 && channels != .all ? 3 : 1)
    if asked == nil && channels == .red && picture.colours == 3 && !facts.isAtari {
      // So it is by default, and nothing asks for it.
      notes.append(
        """
        \(id): of its three colours "\(kind)" looks at red alone; observation.channels "grey" or \
        "all" look at the others
        """)
    }
    let frames = kind == "stack" ? observation.integer("frames") : 1
    let count = frames * planes * rows.count * columns.count
    let allowed = kind == "raw" ? Self.mostNumbers : Self.mostSigns
    if count > allowed {
      throw .refusal(
        id,
        """
        its observation has \(Numbers.whole(count)) entries; allowed: at most \
        \(Numbers.whole(allowed)) for observation.kind "\(kind)"; observation.crop, height and \
        width keep fewer
        """)
    }
  }

  /// An observer of what the worker keeps of each picture.
  func observer() -> PictureObserver? {
    guard let kind else { return nil }
    let screen = ScreenSize(height: rows.count, width: columns.count)
    let whole = PictureRule.whole(screen)
    return PictureObserver(
      kind: kind,
      rule: PictureRule(
        crop: whole.crop, height: whole.height, width: whole.width, background: background),
      screen: screen, planes: planes)
  }
}

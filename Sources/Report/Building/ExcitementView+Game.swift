// SPDX-License-Identifier: MIT

import Artifacts
import Diagnostics
import Plotting

extension ExcitementView {
  static let unitCount = 8
  static let momentCount = 4
  /// Frames between two moments of a unit, at least: two seconds, so that no rally shows twice.
  static let distance = 120

  /// Looks through the newest game for the decisions at which the strongest units answered most.
  ///
  /// - Returns: nil without a game of Pong, or where the policy does not see differences of frames.
  init?(
    _ source: ShownTrial, _ layer: FirstLayer, _ filters: FilterSheet, press: inout FigurePress
  ) throws(ReportError) {
    guard source.seesDifferences, let replay = source.replays().last,
      replay.header.environment == "pong", replay.header.checkpoint == layer.episode
    else { return nil }
    let units = Array(filters.units.prefix(Self.unitCount))
    let found = Self.moments(replay, layer, units)
    var pictures: [PixelImage] = []
    var frames: [Int] = []
    for moment in found.joined() where !frames.contains(moment.decision) {
      frames.append(moment.decision)
      pictures.append(Self.picture(replay, decision: moment.decision))
    }
    guard !pictures.isEmpty else { return nil }
    let sheet = sideBySide(pictures, columns: 8)
    let path = try press.write(
      try press.encoded(sheet, named: "exciting"), picture: "exciting")
    let side = pictures[0].width
    self.init(
      lead: Wording.excitementLead(replay.header.episode),
      units: zip(units, found).compactMap { unit, moments in
        guard let tile = filters.tile(unit), !moments.isEmpty else { return nil }
        return Unit(
          number: unit, vote: Wording.vote(Double(layer.output[unit]), replay.header.actions),
          tile: tile,
          moments: moments.map { moment in
            let place = frames.firstIndex(of: moment.decision) ?? 0
            let frame = replay.decisions[moment.decision].frame
            return Moment(
              frame: frame, time: Wording.clock(frame: frame),
              value: Numbers.fixed(moment.activation, decimals: 2),
              tile: TileView(
                sheet: path, sheetWidth: sheet.width, sheetHeight: sheet.height,
                x: place % 8 * side, y: place / 8 * side, side: side,
                alternative: Wording.momentAlternative(replay.frames[frame])))
          })
      })
  }

  private typealias Found = (decision: Int, activation: Double)

  /// For each unit its strongest decisions, greatest first, none close to another.
  private static func moments(
    _ replay: ReplayFile, _ layer: FirstLayer, _ units: [Int]
  ) -> [[Found]] {
    var all = [[Found]](repeating: [], count: units.count)
    var before: [Int]?
    for (index, decision) in replay.decisions.enumerated() {
      guard replay.frames.indices.contains(decision.frame) else { break }
      let lit = PongPicture.litPixels(replay.frames[decision.frame])
      // An episode's first decision sees nothing: there is no frame before.
      if let earlier = before {
        let (now, then) = (Set(lit), Set(earlier))
        let (plus, minus) = (
          lit.filter { !then.contains($0) }, earlier.filter { !now.contains($0) }
        )
        for (place, unit) in units.enumerated() {
          let activation = layer.activation(unit, plus: plus, minus: minus)
          if activation > 0 { all[place].append((index, activation)) }
        }
      }
      before = lit
    }
    return all.map { candidates in
      var kept: [Found] = []
      for candidate in candidates.sorted(by: {
        ($1.activation, $0.decision) < ($0.activation, $1.decision)
      }) {
        let frame = replay.decisions[candidate.decision].frame
        let isApart = kept.allSatisfy {
          abs(replay.decisions[$0.decision].frame - frame) >= distance
        }
        if isApart { kept.append(candidate) }
        if kept.count == momentCount { break }
      }
      return kept
    }
  }

  /// The field at a decision, 160 × 160, with what moved as it stood a decision before, faintly:
  /// the policy sees the difference.
  private static func picture(_ replay: ReplayFile, decision: Int) -> PixelImage {
    let now = PongPicture.inks(replay.frames[replay.decisions[decision].frame])
    let before = PongPicture.inks(replay.frames[replay.decisions[max(0, decision - 1)].frame])
    var bytes: [UInt8] = []
    for at in 34 * PongPicture.width..<194 * PongPicture.width {
      let colours = [now[at], before[at]].map { PongPicture.Ink(rawValue: $0)?.rgb ?? [0, 0, 0] }
      let isTrace = now[at] == PongPicture.Ink.background.rawValue && now[at] != before[at]
      for channel in 0..<3 {
        let (new, old) = (Int(colours[0][channel]), Int(colours[1][channel]))
        bytes.append(UInt8(isTrace ? (2 * new + old) / 3 : new))
      }
    }
    return PixelImage(width: PongPicture.width, height: 160, format: .rgb, bytes: bytes)
  }
}

/// Pictures of one size in rows, without gaps; what is left over of the last row is black.
func sideBySide(_ pictures: [PixelImage], columns: Int) -> PixelImage {
  precondition(!pictures.isEmpty && columns > 0, "a sheet needs pictures and columns")
  let (width, height) = (pictures[0].width, pictures[0].height)
  let format = pictures[0].format
  let across = min(columns, pictures.count)
  let down = (pictures.count + across - 1) / across
  let stride = width * format.channels
  var bytes = [UInt8](repeating: 0, count: across * stride * down * height)
  for (index, picture) in pictures.enumerated() {
    for row in 0..<height {
      let target = ((index / across * height + row) * across + index % across) * stride
      bytes.replaceSubrange(
        target..<target + stride, with: picture.bytes[row * stride..<(row + 1) * stride])
    }
  }
  return PixelImage(width: across * width, height: down * height, format: format, bytes: bytes)
}

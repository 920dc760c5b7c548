// SPDX-License-Identifier: MIT

import Diagnostics
import RunStore

/// The sentences of a trial's log, in one place.
enum Wording {
  static func stopped(_ status: TrialStatus) -> String {
    let place = "stopped on request at episode \(status.episodes)"
    if let decisions = status.decisionsWithoutEnd {
      return "\(place): no episode has ended yet after \(Numbers.whole(decisions)) decisions"
    }
    guard let activity = status.activity else { return place }
    switch activity.phase {
    case .playing, .evaluating:
      let game = activity.phase == .evaluating ? "evaluation episode" : "episode"
      let decisions = Numbers.whole(activity.decisions)
      return "\(place), \(decisions) decisions into \(game) \(activity.episode ?? 0); "
        + "what was not finished is played again"
    case .updating: return "\(place), in an update, which is done again"
    case .starting: return "\(place), while the environment was made"
    case .recording: return "\(place), while a game was recorded"
    case .writing: return place
    }
  }
}

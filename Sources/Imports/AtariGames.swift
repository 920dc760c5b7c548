// SPDX-License-Identifier: MIT

/// Whether an environment of this name is an Atari game: `ALE/Pong-v5`, or one of the older names,
/// `Pong-v4`, `Pong-ram-v0`, `PongNoFrameskip-v4`.
func isAtariGame(_ id: String) -> Bool {
  if id.hasPrefix("ALE/") { return true }
  guard id.hasSuffix("-v0") || id.hasSuffix("-v4") else { return false }
  let name = ["NoFrameskip", "Deterministic", "-ram"].reduce(id.dropLast(3).description) {
    $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0
  }
  return olderGames.contains(name)
}

/// The games that ale-py 0.12.1 registers by their older names.
private let olderGames = Set(
  """
  Adventure AirRaid Alien Amidar Assault Asterix Asteroids Atlantis BankHeist BattleZone BeamRider \
  Berzerk Bowling Boxing Breakout Carnival Centipede ChopperCommand CrazyClimber Defender \
  DemonAttack DoubleDunk ElevatorAction Enduro FishingDerby Freeway Frostbite Gopher Gravitar Hero \
  IceHockey Jamesbond JourneyEscape Kangaroo Krull KungFuMaster MontezumaRevenge MsPacman \
  NameThisGame Phoenix Pitfall Pong Pooyan PrivateEye Qbert Riverraid RoadRunner Robotank Seaquest \
  Skiing Solaris SpaceInvaders StarGunner Tennis TimePilot Tutankham UpNDown Venture VideoPinball \
  WizardOfWor YarsRevenge Zaxxon
  """.split(separator: " ").map(String.init))

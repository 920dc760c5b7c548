// SPDX-License-Identifier: MIT

package import Kernels
import ParameterSchema
package import Randomness

/// A plane with regions that pay: a point of it is drawn, and that is the episode.
///
/// What is seen is the number 1, so that a linear policy's weights are the mean of its points: the
/// score function estimator of "Pong from Pixels" by itself, without a game around it.
package final class TargetEnvironment: Environment {
  /// A disc that pays, in the units of the plane.
  package struct Region: Decodable, Hashable, Sendable {
    package let x: Double
    package let y: Double
    package let radius: Double

    package init(x: Double, y: Double, radius: Double) {
      (self.x, self.y, self.radius) = (x, y, radius)
    }

    /// Whether a point lies within it, its edge included.
    fileprivate func contains(_ point: [Float]) -> Bool {
      let (right, up) = (Double(point[0]) - x, Double(point[1]) - y)
      return right * right + up * up <= radius * radius
    }
  }

  package var id: String { EnvironmentKind.target.component.id }
  package let form = ObservationForm(.numbers, width: 1)
  package let actions = ActionSpace.box([plane, plane])
  private let regions: [Region]

  private static let plane = -Float.infinity...Float.infinity

  package init(regions: [Region]) { self.regions = regions }

  /// Nothing is drawn: all chance is the policy's.
  package func reset(draws: Xoshiro256) {}

  /// The reward is 1 in a region and −1 elsewhere.
  package func step(_ action: Action) -> Transition {
    guard case .entries(let point) = action, point.count == 2 else {
      preconditionFailure("\(action) is no point of the plane")
    }
    let pays = regions.contains { $0.contains(point) }
    return Transition(reward: pays ? 1 : -1, frames: 1, ending: .terminated)
  }

  package func observe(into numbers: inout [Float]) { numbers.append(1) }
}

extension EnvironmentKind {
  package static let target = EnvironmentKind(
    Component(
      id: "target",
      doc: """
        A plane with regions that pay: the policy draws a point, gets 1 in a region and −1 \
        elsewhere, and the episode is over. The score function estimator of the post by itself.
        """,
      parameters: [
        Parameter(
          "regions",
          .list(
            of: .record([
              .init("x", .closed(-10, 10)), .init("y", .closed(-10, 10)),
              .init("radius", .openClosed(0, 10)),
            ]), count: 1...16),
          default: [
            ["x": -1.4, "y": -0.9, "radius": 0.8], ["x": 1.5, "y": 1.3, "radius": 0.5],
            ["x": 1.2, "y": -1.6, "radius": 0.4],
          ],
          doc: """
            The discs that pay, by middle and radius; the policy starts near (0, 0) with deviation \
            1 unless policy says otherwise.
            """)
      ],
      constraints: targetConstraints,
      unused: [
        UnusedKeys(
          ["returns.discount", "returns.resetAtPoint", "returns.gaeLambda"],
          because: ["environment.id"])
      ],
      returnRange: -1...1,
      bringsDefaults: [
        "observation.kind": "raw", "policy.kind": "linear", "policy.initialization": "orthogonal",
        "returns.resetAtPoint": false, "returns.normalize": "none",
      ]),
    numbers: 1, choosesNumbers: true,
    make: {
      TargetEnvironment(regions: Settings($0, section: "environment").records("regions"))
    })
}

/// What has no meaning where an episode is a single point.
private let targetConstraints: [Constraint] = {
  let allowed: [(path: String, values: [ConfigValue], words: String, reason: String)] = [
    (
      "returns.normalize", ["none", "batch", "minibatch"], #""none", "batch", "minibatch""#,
      "an episode of target is one decision; less its own mean every advantage would be 0"
    ),
    (
      "observation.normalize", [false], "false",
      "what target shows is always 1; less its mean the policy would see 0"
    ),
    (
      "reward.movementPenalty", [0], "0", "the actions of target are points; none of them rests"
    ),
    ("reward.randomized", [.null], "null", "the actions of target are points and have no numbers"),
  ]
  return [observationConstraint(environment: "target", kinds: [.raw])]
    + noPictureConstraints(environment: "target")
    + allowed.map { path, values, words, reason in
      Constraint(code: "single-point", severity: .error, path: path) { all in
        guard let value = all[path: path], !values.contains(value) else { return nil }
        return "\(reason); allowed: \(words)"
      }
    } + [
      Constraint(code: "same-region", severity: .error, path: "environment.regions") { all in
        guard case .array(let regions)? = all[path: "environment.regions"],
          Set(regions).count < regions.count
        else { return nil }
        return "a region stands there twice; it would pay no more for it"
      }
    ]
}()

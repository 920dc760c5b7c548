// SPDX-License-Identifier: MIT

package import Kernels
import ParameterSchema
package import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A pole hinged on a cart that is pushed left or right: Barto, Sutton and Anderson 1983, with the
/// constants and the order of operations of Gymnasium's `CartPole-v1`, so that the states are the
/// same numbers.
///
/// Sine and cosine are those of the system's C library, as Gymnasium's are: on another version of it,
/// or a processor for which it has another variant, their last bit may be another, and with it every
/// number of a training.
package final class CartPole: Environment {
  /// Cart and pole, in Gymnasium's order.
  package struct State: Hashable, Sendable {
    /// Metres from the middle of the track.
    package var position: Double
    /// Metres a second.
    package var velocity: Double
    /// Radians from upright.
    package var angle: Double
    /// Radians a second.
    package var angularVelocity: Double

    package init(position: Double, velocity: Double, angle: Double, angularVelocity: Double) {
      self.position = position
      self.velocity = velocity
      self.angle = angle
      self.angularVelocity = angularVelocity
    }

    /// Whether the pole has fallen or the cart left its track.
    @inline(__always)
    package var isOver: Bool {
      abs(position) > trackEnd || abs(angle) > fallAngle
    }

    /// Advances 0.02 s (Euler), pushed with 10 N to the right, or to the left.
    package mutating func advance(right: Bool) {
      let force = right ? push : -push
      let cosine = cos(angle)
      let sine = sin(angle)
      let pull =
        (force + poleMassLength * (angularVelocity * angularVelocity) * sine) / totalMass
      let angularAcceleration =
        (gravity * sine - cosine * pull)
        / (halfLength * (4.0 / 3.0 - poleMass * (cosine * cosine) / totalMass))
      let acceleration = pull - poleMassLength * angularAcceleration * cosine / totalMass
      position += seconds * velocity
      velocity += seconds * acceleration
      angle += seconds * angularVelocity
      angularVelocity += seconds * angularAcceleration
    }
  }

  package var id: String { EnvironmentKind.cartPole.component.id }
  package let form = ObservationForm(.numbers, width: 4)
  package let actions: ActionSpace = ["LEFT", "RIGHT"]
  /// What the next step starts from; setting it goes on from there, for tests.
  package var state = State(position: 0, velocity: 0, angle: 0, angularVelocity: 0)
  /// Decisions after which an episode is truncated.
  private let decisionLimit: Int
  private var decisions = 0

  /// That of Gymnasium's `CartPole-v1`.
  fileprivate static let ownDecisionLimit = 500

  package init(decisionLimit: Int = 500) { self.decisionLimit = decisionLimit }

  /// All four quantities are drawn uniformly from −0.05 to 0.05.
  package func reset(draws: Xoshiro256) {
    var draws = draws
    func draw() -> Double { 0.1 * draws.nextUnit() - 0.05 }
    state = State(position: draw(), velocity: draw(), angle: draw(), angularVelocity: draw())
    decisions = 0
  }

  /// The reward is 1 for every decision, the one at which the pole falls included.
  package func step(_ action: Action) -> Transition {
    let action = action.number
    precondition(action == 0 || action == 1, "action \(action); allowed: 0 and 1")
    precondition(decisions < decisionLimit && !state.isOver, "a step after the end")
    state.advance(right: action == 1)
    decisions &+= 1
    let ending: Transition.Ending =
      state.isOver ? .terminated : decisions >= decisionLimit ? .truncated : .none
    return Transition(reward: 1, frames: 1, ending: ending)
  }

  package func observe(into numbers: inout [Float]) {
    numbers.append(Float(state.position))
    numbers.append(Float(state.velocity))
    numbers.append(Float(state.angle))
    numbers.append(Float(state.angularVelocity))
  }
}

/// m/s².
private let gravity = 9.8
/// kg; of cart and pole.
private let totalMass = 0.1 + 1.0
/// kg.
private let poleMass = 0.1
/// Half the pole's length, m.
private let halfLength = 0.5
/// kg·m.
private let poleMassLength = 0.1 * 0.5
/// N.
private let push = 10.0
/// Between two decisions.
private let seconds = 0.02
/// 12°.
private let fallAngle = 12 * 2 * Double.pi / 360
/// m.
private let trackEnd = 2.4

extension EnvironmentKind {
  package static let cartPole = EnvironmentKind(
    Component(
      id: "cartpole",
      doc: """
        A pole balanced on a cart (Barto, Sutton and Anderson 1983), embedded: equal to Gymnasium's \
        CartPole-v1 in every step. 1 point a decision, at most 500; the policy sees position, \
        velocity, angle and angular velocity.
        """,
      parameters: [],
      constraints: [observationConstraint(environment: "cartpole", kinds: [.raw])]
        + noPictureConstraints(environment: "cartpole"),
      returnRange: 0...500,
      bringsDefaults: ["observation.kind": "raw", "returns.resetAtPoint": false]),
    numbers: 4, timeLimit: { _ in "\(CartPole.ownDecisionLimit) decisions" },
    make: { _ in CartPole() })
}

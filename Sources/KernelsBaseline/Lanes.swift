// SPDX-License-Identifier: MIT

import CLanes
import KernelLoops

/// The loops of this build.
package enum Loops: LaneLoops {}

/// Lanes side by side that stay in registers while rows are added to them.
protocol Strip {
  static var width: Int { get }
  init(_ p: UnsafePointer<Lane>)
  init()
  mutating func add(_ p: UnsafePointer<Lane>)
  mutating func add(_ p: UnsafePointer<Lane>, times scale: Float)
  mutating func subtract(_ p: UnsafePointer<Lane>)
  /// Adds to each unit what the table, four times over, has for its two bits: those of lanes 0 and 1
  /// lowest.
  mutating func add(_ table: Lanes16, by bits: Gate)
  /// Behind the bits of a gate, those of the units here that are above 0.
  func pushGate(_ gate: Gate) -> Gate
  func store(_ p: UnsafeMutablePointer<Lane>)
}

struct Lanes1: Strip {
  private var lane: Lane
  @inline(__always) static var width: Int { 1 }
  @inline(__always) init(_ p: UnsafePointer<Lane>) { lane = p[0] }
  @inline(__always) init() { lane = .zero }
  @inline(__always) mutating func add(_ p: UnsafePointer<Lane>) { lane += p[0] }
  @inline(__always) mutating func add(_ p: UnsafePointer<Lane>, times scale: Float) {
    lane += p[0] * scale
  }
  @inline(__always) mutating func subtract(_ p: UnsafePointer<Lane>) { lane -= p[0] }
  @inline(__always) mutating func add(_ table: Lanes16, by bits: Gate) {
    lane += rallybook_select(table, bits).lowHalf
  }
  @inline(__always) func pushGate(_ gate: Gate) -> Gate {
    rallybook_push_gate(gate, Lanes16(lowHalf: lane, highHalf: .zero))
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Lane>) { p[0] = lane }
}

/// Two lanes as one vector, where the CPU has registers for it.
typealias Lanes16 = SIMD16<Float>

struct Lanes2: Strip {
  private var lanes: Lanes16
  @inline(__always) static var width: Int { 2 }
  @inline(__always) init(_ p: UnsafePointer<Lane>) { lanes = load(p) }
  @inline(__always) init() { lanes = .zero }
  @inline(__always) mutating func add(_ p: UnsafePointer<Lane>) { lanes += load(p) }
  @inline(__always) mutating func add(_ p: UnsafePointer<Lane>, times scale: Float) {
    lanes += load(p) * scale
  }
  @inline(__always) mutating func subtract(_ p: UnsafePointer<Lane>) { lanes -= load(p) }
  @inline(__always) mutating func add(_ table: Lanes16, by bits: Gate) {
    lanes += rallybook_select(table, bits)
  }
  @inline(__always) func pushGate(_ gate: Gate) -> Gate { rallybook_push_gate(gate, lanes) }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Lane>) {
    UnsafeMutableRawPointer(p).storeBytes(of: lanes, as: Lanes16.self)
  }
}

/// Two lanes, which stand on the boundary of one.
@inline(__always)
func load(_ p: UnsafePointer<Lane>) -> Lanes16 {
  UnsafeRawPointer(p).loadUnaligned(as: Lanes16.self)
}

/// Two strips side by side, the first of an even number of lanes.
struct Strips<A: Strip, B: Strip>: Strip {
  private var a: A
  private var b: B
  @inline(__always) static var width: Int { A.width &+ B.width }
  @inline(__always) init(_ p: UnsafePointer<Lane>) { (a, b) = (A(p), B(p + A.width)) }
  @inline(__always) init() { (a, b) = (A(), B()) }
  @inline(__always) mutating func add(_ p: UnsafePointer<Lane>) {
    a.add(p)
    b.add(p + A.width)
  }
  @inline(__always) mutating func add(_ p: UnsafePointer<Lane>, times scale: Float) {
    a.add(p, times: scale)
    b.add(p + A.width, times: scale)
  }
  @inline(__always) mutating func subtract(_ p: UnsafePointer<Lane>) {
    a.subtract(p)
    b.subtract(p + A.width)
  }
  @inline(__always) mutating func add(_ table: Lanes16, by bits: Gate) {
    a.add(table, by: bits)
    b.add(table, by: bits &>> Gate(repeating: UInt32(truncatingIfNeeded: A.width)))
  }
  @inline(__always) func pushGate(_ gate: Gate) -> Gate { a.pushGate(b.pushGate(gate)) }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Lane>) {
    a.store(p)
    b.store(p + A.width)
  }
}

typealias Lanes4 = Strips<Lanes2, Lanes2>
typealias Lanes8 = Strips<Lanes4, Lanes4>
typealias Lanes12 = Strips<Lanes8, Lanes4>
typealias Lanes13 = Strips<Lanes12, Lanes1>
typealias Lanes25 = Strips<Lanes12, Lanes13>

/// Known when this is compiled, unlike another module's.
@inline(__always) var lanesPerGate: Int { Int(rallybook_lanes_per_gate()) }

/// Whether `Lanes25` stay in registers.
@inline(__always) var isWide: Bool { rallybook_has_wide_registers() != 0 }

/// All lanes added in a fixed order: pairs at distance 4, then 2, then 1.
@inline(__always)
func horizontalSum(_ x: Lane) -> Float {
  let four = x.lowHalf + x.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// max(0, x); NaN stays NaN.
@inline(__always)
func rectified(_ x: Lane) -> Lane { x.replacing(with: 0, where: x .< 0) }

// SPDX-License-Identifier: MIT

package import CLanes

/// Eight floats, the unit in which every kernel works. Each lane is rounded on its own and never
/// fused, so results do not depend on the width of the CPU's registers.
package typealias Lane = SIMD8<Float>

/// Which units of up to `lanesPerGate` lanes fired: bit 2k of word i for unit 16k + i. The bits between
/// are free for the next observation's.
package typealias Gate = SIMD16<UInt32>
package let lanesPerGate = Int(rallybook_lanes_per_gate())

/// What a unit's two bits of a gate choose from: 0, x, y and x + y.
package typealias GateTable = SIMD4<Float>

/// One sparse entry of a window of decisions.
package typealias ScatterEvent = rallybook_scatter_event
package typealias ConvolutionReach = rallybook_reach
package typealias ConvolutionForm = rallybook_convolution
package typealias MapListing = rallybook_listing

/// Sums over one optimizer step: Σ g² of the gradient as it was used, Σ θ² afterwards.
package typealias StepSquares = (gradient: Double, parameters: Double)

/// The inner loops. They are written once and built for each set of instructions that a CPU may
/// have; all builds give the same bits.
///
/// Shapes: D inputs, T decisions, O outputs, P positions; a vector of H units has V lanes.
package protocol LaneLoops: Sendable {
  // MARK: The first layer over sparse observations

  /// Adds the rows that one sparse observation names:
  /// `out[h] = base[h] + Σ_plus weights[d, h] − Σ_minus weights[d, h]`.
  ///
  /// - Parameters:
  ///   - weights: shape `[D, V]` lanes, row-major: the V lanes of input d stand together.
  ///   - base: shape `[V]`, the value to start from (the biases).
  ///   - indices: the inputs that are 1, then those that are −1.
  ///   - plus: how many are 1.
  ///   - total: how many there are in all.
  ///   - out: shape `[V]`; overwritten.
  static func addColumns(
    weights: UnsafePointer<Lane>, lanes: Int, base: UnsafePointer<Lane>,
    indices: UnsafePointer<UInt16>, plus: Int, total: Int, out: UnsafeMutablePointer<Lane>)

  /// Adds every decision of a window to the rows that it touches: `row += Σ sign · vectors`, in the
  /// order of the decisions.
  ///
  /// - Parameters:
  ///   - sums: shape `[D, V]`; accumulated into.
  ///   - vectors: shape `[W, V]`.
  ///   - events: those of an input linked from its `heads` on.
  ///   - touched: the inputs.
  static func addChains(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, vectors: UnsafePointer<Lane>,
    events: UnsafePointer<ScatterEvent>, touched: UnsafePointer<UInt16>, touchedCount: Int,
    heads: UnsafePointer<Int32>)

  /// Adds the rows that a frame names, `now[h] = Σ_d weights[d, h]`, and takes the difference from the
  /// frame before: `out[h] = base[h] + (now[h] − before[h])`.
  ///
  /// - Parameters:
  ///   - weights: shape `[D, V]`.
  ///   - before, base: shape `[V]`.
  ///   - now, out: shape `[V]`; overwritten.
  static func addFrame(
    weights: UnsafePointer<Lane>, lanes: Int, indices: UnsafePointer<UInt16>, count: Int,
    before: UnsafePointer<Lane>, base: UnsafePointer<Lane>, now: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Lane>)

  /// The share of a first layer's row in the gradient, its output weights left out: the sum over
  /// `events`, one after the other, of what a unit's gates choose. Where the unit fires in neither of
  /// observations t and t + 1 that is 0, in t alone `tables[e][1]`, in t + 1 alone `tables[e][2]`, in
  /// both `tables[e][3]`, with t = e / 2.
  ///
  /// - Parameters:
  ///   - tables: shape `[2·T]`.
  ///   - gates: shape `[T, ⌈V/32⌉]`, the bits of t + 1 between those of t.
  ///   - out: shape `[V]`; overwritten.
  static func sumGated(
    events: UnsafePointer<UInt32>, count: Int, tables: UnsafePointer<GateTable>,
    gates: UnsafePointer<Gate>, lanes: Int, out: UnsafeMutablePointer<Lane>)

  /// Makes such a sum the gradient of its row, and adds its share of ∂J/∂outputs:
  /// `outputSums[h] += weights[h] · sum[h]; sum[h] ← outputs[h] · sum[h]`.
  static func finishRow(
    _ sum: UnsafeMutablePointer<Lane>, weights: UnsafePointer<Lane>,
    outputs: UnsafePointer<Lane>, outputSums: UnsafeMutablePointer<Lane>, lanes: Int)

  /// `block[indices[i]] += row` for every i; `row` is cleared.
  static func spreadRow(
    _ row: UnsafeMutablePointer<Lane>, lanes: Int, indices: UnsafePointer<UInt16>, count: Int,
    over block: UnsafeMutablePointer<Lane>)

  // MARK: The outputs

  /// Linear outputs over rectified units: `out[o] = Σ_h max(0, hidden[h]) · outputs[o, h]`.
  ///
  /// - Parameters:
  ///   - hidden: shape `[V]`, before the ReLU.
  ///   - outputs: shape `[O, V]`, the output weights.
  ///   - gates: shape `[⌈V/32⌉]`; overwritten by the units that fire.
  ///   - out: shape `[O]`; overwritten. Four partial sums, added in a fixed order.
  static func rectifiedDots(
    hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, lanes: Int, count: Int,
    gates: UnsafeMutablePointer<Gate>, out: UnsafeMutablePointer<Float>)

  /// The way back through outputs over rectified units.
  ///
  /// - Parameters:
  ///   - hidden: shape `[V]`, before the ReLU.
  ///   - outputs: shape `[O, V]`.
  ///   - gradients: shape `[O]`, ∂J/∂out.
  ///   - outputSums: shape `[O, V]`; ∂J/∂outputs is added.
  ///   - out: shape `[V]`; overwritten by ∂J/∂hidden.
  static func backpropagateOutputs(
    hidden: UnsafePointer<Lane>, outputs: UnsafePointer<Lane>, gradients: UnsafePointer<Float>,
    lanes: Int, count: Int, outputSums: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Lane>)

  /// `Σ_h w[h] · tangent[h] + direction[h] · max(0, hidden[h])` over the units that fire: how an
  /// output changes with hidden units and output weights.
  static func outputTangent(
    hidden: UnsafePointer<Lane>, tangent: UnsafePointer<Lane>, output: UnsafePointer<Lane>,
    direction: UnsafePointer<Lane>, lanes: Int
  ) -> Float

  // MARK: Dense rows

  /// `out[h] += Σ_d x[d] · weights[d, h]`, rows whose x is 0 skipped.
  ///
  /// - Parameters:
  ///   - weights: shape `[D, V]` lanes.
  ///   - x: shape `[D]`.
  ///   - out: shape `[V]`; accumulated into, in the order of the rows.
  static func addScaledRows(
    weights: UnsafePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
    out: UnsafeMutablePointer<Lane>)

  /// `sums[d, h] += x[d] · vector[h]`, rows whose x is 0 skipped.
  static func addOuterProduct(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Float>, count: Int,
    vector: UnsafePointer<Lane>)

  /// The outer products of several decisions: `sums[d, h] += x[t, d] · vectors[t, h]`, t in order.
  ///
  /// - Parameters:
  ///   - x: shape `[T, inputs]` lanes, padded with 0; what is 0 throughout is skipped.
  ///   - vectors: shape `[T, V]`.
  static func addOuterProducts(
    sums: UnsafeMutablePointer<Lane>, lanes: Int, x: UnsafePointer<Lane>, inputs: Int,
    vectors: UnsafePointer<Lane>, decisions: Int)

  /// `out[d] = Σ_h weights[d, h] · vector[h]`; lanes summed in a fixed order.
  static func rowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>, count: Int,
    out: UnsafeMutablePointer<Float>)

  /// The same where `gate[d]` is not 0; elsewhere `out[d]` is 0.
  ///
  /// - Parameters:
  ///   - gate: shape `[D]` in lanes.
  ///   - out: shape `[D]` in lanes; what pads them is 0 afterwards.
  static func gatedRowDots(
    weights: UnsafePointer<Lane>, lanes: Int, vector: UnsafePointer<Lane>,
    gate: UnsafePointer<Lane>, count: Int, out: UnsafeMutablePointer<Lane>)

  /// `x ← max(0, x)`.
  static func rectify(_ x: UnsafeMutablePointer<Lane>, lanes: Int)

  /// `x ← tanh x`, to within 4·10⁻⁷ of it; NaN stays NaN.
  static func tanh(_ x: UnsafeMutablePointer<Lane>, lanes: Int)

  /// `x ← x·(1 − y²)`: back from y = tanh z to z, or along with it.
  static func multiplyByTanhSlope(
    _ x: UnsafeMutablePointer<Lane>, of y: UnsafePointer<Lane>, lanes: Int)

  /// `x[h] ← 0` where `gate[h] ≤ 0`.
  static func gate(_ x: UnsafeMutablePointer<Lane>, by gate: UnsafePointer<Lane>, lanes: Int)

  /// Sets, never clears, bit i of byte v of `fired` where unit 8v + i is above 0.
  static func markFired(
    hidden: UnsafePointer<Lane>, lanes: Int, fired: UnsafeMutablePointer<UInt8>)

  // MARK: Listed rows

  /// `out[h] += Σ_i values[i] · weights[rows[i], h]`: a product with a vector that is given as the
  /// list of its entries.
  ///
  /// - Parameters:
  ///   - weights: shape `[D, V]` lanes.
  ///   - rows, values: shape `[count]`.
  ///   - out: shape `[V]`; accumulated into, in the order of the list.
  static func addListedRows(
    weights: UnsafePointer<Lane>, lanes: Int, rows: UnsafePointer<UInt16>,
    values: UnsafePointer<Float>, count: Int, out: UnsafeMutablePointer<Lane>)

  /// `out[i] = Σ_h weights[rows[i], h] · vector[h]`; lanes summed in a fixed order.
  static func listedDots(
    weights: UnsafePointer<Lane>, lanes: Int, rows: UnsafePointer<UInt16>, count: Int,
    vector: UnsafePointer<Lane>, out: UnsafeMutablePointer<Float>)

  // MARK: Convolutions over maps that are background but for a list of entries

  /// Adds the responses to every listed entry of a map to the output positions that it reaches:
  /// `sums[p, f] += Σ values · weights[tap, channel, f]`.
  ///
  /// Work is proportional to what is listed. A position that is reached for the first time in an
  /// observation begins at the background and is appended to `touched`.
  ///
  /// - Parameters:
  ///   - weights: shape `[taps, channels, V]` lanes.
  ///   - reaches: of every input position.
  ///   - values: of the listed entries; those of `input`, or others in their place.
  ///   - background: shape `[V]`, what a position answers to an input that is all background.
  ///   - stamps: shape `[P]`; `stamp` where a position has been touched.
  ///   - touched: the positions touched, `count` of them before.
  ///   - sums: shape `[P, V]`; accumulated into where touched.
  /// - Returns: how many positions are touched now.
  static func convolve(
    _ form: ConvolutionForm, weights: UnsafePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, values: UnsafePointer<Float>,
    background: UnsafePointer<Lane>, stamps: UnsafeMutablePointer<UInt32>, stamp: UInt32,
    touched: UnsafeMutablePointer<UInt16>, count: Int, sums: UnsafeMutablePointer<Lane>
  ) -> Int

  /// Adds ∂J/∂weights of a convolution: `sums[tap, channel, f] += Σ values · deltas[p, f]`.
  ///
  /// - Parameter deltas: shape `[P, V]`, ∂J/∂sums at the positions that `input` reaches.
  static func addConvolutionGradient(
    _ form: ConvolutionForm, sums: UnsafeMutablePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, deltas: UnsafePointer<Lane>)

  /// The way back through a convolution, for listed entries only:
  /// `out[i] = Σ_(p, tap) Σ_f weights[tap, channel, f] · deltas[p, f]`.
  ///
  /// - Parameter out: an entry's ∂J/∂value, in the order of the list; overwritten.
  static func convolutionDots(
    _ form: ConvolutionForm, weights: UnsafePointer<Lane>,
    reaches: UnsafePointer<ConvolutionReach>, input: MapListing, deltas: UnsafePointer<Lane>,
    out: UnsafeMutablePointer<Float>)

  /// Lists what the touched positions of a map send on: max(0, sum) minus the background's, for every
  /// unit that fires there or in the background.
  ///
  /// - Parameters:
  ///   - sums: shape `[P, V]`, before the ReLU.
  ///   - units: C, of a position; `lanes` hold them.
  ///   - background: shape `[V]`, max(0, ·) of what an untouched position has.
  ///   - backgroundMasks: shape `[V]` bytes, the units that fire there.
  ///   - positions: those touched.
  ///   - fired: as in `markFired`, of all of them.
  ///   - scratch: shape `[V]`.
  ///   - starts: shape `[count + 1]`; overwritten, as are `rows` and `values`.
  static func listRectified(
    sums: UnsafePointer<Lane>, lanes: Int, units: Int, background: UnsafePointer<Lane>,
    backgroundMasks: UnsafePointer<UInt8>, positions: UnsafePointer<UInt16>, count: Int,
    fired: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutablePointer<Lane>,
    starts: UnsafeMutablePointer<Int32>, rows: UnsafeMutablePointer<UInt16>,
    values: UnsafeMutablePointer<Float>)

  /// How listed values change: the tangent where a unit fires, minus the background's.
  ///
  /// - Parameters:
  ///   - sums, tangents: shape `[P, V]`.
  ///   - background: shape `[V]`, how max(0, ·) of the background changes.
  ///   - out: shape of the list; overwritten.
  static func listTangents(
    sums: UnsafePointer<Lane>, tangents: UnsafePointer<Lane>, lanes: Int, units: Int,
    background: UnsafePointer<Lane>, listing: MapListing, scratch: UnsafeMutablePointer<Lane>,
    out: UnsafeMutablePointer<Float>)

  /// Brings the gradients of listed values back to the sums that they came from.
  ///
  /// - Parameters:
  ///   - gradients: ∂J/∂value, in the order of the list.
  ///   - background: shape `[V]`, max(0, ·) of what an untouched position has.
  ///   - deltas: shape `[P, V]`; overwritten by ∂J/∂sum at every listed position.
  ///   - totals: shape `[V]`; Σ deltas is added.
  ///   - shares: shape `[V]`; of the units that fire in the background, Σ gradients is added.
  static func spreadListed(
    gradients: UnsafePointer<Float>, listing: MapListing, sums: UnsafePointer<Lane>, lanes: Int,
    units: Int, background: UnsafePointer<Lane>, deltas: UnsafeMutablePointer<Lane>,
    totals: UnsafeMutablePointer<Lane>, shares: UnsafeMutablePointer<Lane>)

  // MARK: Whole blocks

  /// One ascent step of RMSProp in the post's form, epsilon outside the root:
  /// `g ← scale·(g − l2·θ); c ← decay·c + (1 − decay)·g²; θ ← θ + rate·g / (√c + epsilon)`.
  ///
  /// - Parameters:
  ///   - parameters, squares: shape `[lanes]`; updated.
  ///   - gradient: shape `[lanes]`; cleared.
  static func rmspropStep(
    parameters: UnsafeMutablePointer<Lane>, squares: UnsafeMutablePointer<Lane>,
    gradient: UnsafeMutablePointer<Lane>, lanes: Int, scale: Float, l2: Float, rate: Float,
    decay: Float, epsilon: Float
  ) -> StepSquares

  /// The same where gradient and l2 are 0, to the bit: `c ← decay·c`.
  static func rmspropRest(
    parameters: UnsafePointer<Lane>, squares: UnsafeMutablePointer<Lane>, lanes: Int, decay: Float
  ) -> StepSquares

  /// One ascent step of Adam: `g ← scale·(g − l2·θ); m ← β₁·m + (1 − β₁)·g;
  /// s ← β₂·s + (1 − β₂)·g²; θ ← θ + rate·m / (√s·rootScale + epsilon)`, the bias corrections being
  /// in `rate` and `rootScale`.
  static func adamStep(
    parameters: UnsafeMutablePointer<Lane>, means: UnsafeMutablePointer<Lane>,
    squares: UnsafeMutablePointer<Lane>, gradient: UnsafeMutablePointer<Lane>, lanes: Int,
    scale: Float, l2: Float, rate: Float, rootScale: Float, beta1: Float, beta2: Float,
    epsilon: Float
  ) -> StepSquares

  /// One ascent step with momentum: `g ← scale·(g − l2·θ); m ← μ·m + g; θ ← θ + rate·m`.
  static func momentumStep(
    parameters: UnsafeMutablePointer<Lane>, momenta: UnsafeMutablePointer<Lane>,
    gradient: UnsafeMutablePointer<Lane>, lanes: Int, scale: Float, l2: Float, rate: Float,
    momentum: Float
  ) -> StepSquares

  /// `y ← y + scale·x`.
  static func addScaled(
    _ y: UnsafeMutablePointer<Lane>, _ x: UnsafePointer<Lane>, scale: Float, lanes: Int)

  /// `x ← y + scale·x`.
  static func scaleAndAdd(
    _ x: UnsafeMutablePointer<Lane>, scale: Float, _ y: UnsafePointer<Lane>, lanes: Int)

  /// `x ← scale·x`.
  static func multiply(_ x: UnsafeMutablePointer<Lane>, by scale: Float, lanes: Int)

  /// `Σ x·y`, rows of 64 lanes summed in Float and the rows in Double.
  static func dotProduct(_ x: UnsafePointer<Lane>, _ y: UnsafePointer<Lane>, lanes: Int) -> Double
}

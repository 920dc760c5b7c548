// SPDX-License-Identifier: MIT

/// Eight floats, the unit in which every kernel works.
package typealias Lane = SIMD8<Float>

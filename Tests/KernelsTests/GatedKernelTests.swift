// SPDX-License-Identifier: MIT

import KernelLoops
import Kernels
import Testing

@Suite("Sums by gates against plain loops, to the bit")
struct GatedKernelTests {
  private static let sizes = [1, 3, 4, 12, 13, 14, 25, 26, 32, 33, 57]

  /// Gates of random units, and the same as booleans `[count][units]`.
  private func gates(
    _ count: Int, lanes: Int, _ kernels: LaneKernels, _ draws: inout TestDraws
  ) -> (GateBatch, [[Bool]]) {
    let batch = GateBatch(lanes: lanes)
    let row = UnsafeMutablePointer<Gate>.allocate(capacity: lanes)
    var out: Float = 0
    var plain: [[Bool]] = []
    for t in 0..<count {
      let hidden = draws.block(lanes * 8)
      kernels.rectifiedDots(
        hidden: hidden.lanes, outputs: hidden.lanes, lanes: lanes, count: 1, gates: row, out: &out)
      if t % 2 == 0 { batch.append(row) } else { batch.set(t, row) }
      plain.append(hidden.floats.map { $0 > 0 })
    }
    row.deallocate()
    return (batch, plain)
  }

  @Test("Events choose by their own gate and the next one's", arguments: widths, sizes)
  func sums(width: LaneWidth, lanes: Int) {
    var draws = TestDraws(lanes)
    let (gates, fired) = gates(2000, lanes: lanes, width.kernels, &draws)
    let tables = (0..<4000).map { _ in
      let (x, y) = (draws.float(), draws.float())
      return GateTable(0, x, y, x + y)
    }
    for count in [0, 1, 2, 700] {
      let events = (0..<count).map { _ in UInt32(draws.unit() * 3998) }
      let out = draws.block(lanes * 8)
      events.withUnsafeBufferPointer { events in
        tables.withUnsafeBufferPointer { tables in
          guard let tables = tables.baseAddress else { return }
          // An empty array has no address; nothing is read.
          let unread = UnsafePointer<UInt32>(bitPattern: 4)
          guard let start = events.baseAddress ?? unread else { return }
          width.kernels.sumGated(
            events: start, count: count, tables: tables, gates: gates.gates, lanes: lanes,
            out: out.lanes)
        }
      }
      for unit in 0..<lanes * 8 {
        var sum: Float = 0
        for event in events {
          let t = Int(event / 2)
          sum += tables[Int(event)][(fired[t][unit] ? 1 : 0) + (fired[t + 1][unit] ? 2 : 0)]
        }
        #expect(out.floats[unit] == sum, "unit \(unit) of \(count) events")
      }
    }
  }

  @Test("A row's gradient and its share of the outputs'; a frame's rows", arguments: widths, sizes)
  func rows(width: LaneWidth, lanes: Int) {
    var draws = TestDraws(lanes)
    let h = lanes * 8
    let (row, weights, outputs) = (draws.block(h), draws.block(h), draws.block(h))
    let shares = draws.block(h)
    let (m, before) = (Array(row.floats), Array(shares.floats))
    width.kernels.finishRow(
      row.lanes, weights: weights.lanes, outputs: outputs.lanes, outputSums: shares.lanes,
      lanes: lanes)
    for i in 0..<h {
      #expect(row.floats[i] == m[i] * outputs.floats[i])
      #expect(shares.floats[i] == before[i] + weights.floats[i] * m[i])
    }
    let (block, last, base) = (draws.block(10 * h), draws.block(h), draws.block(h))
    let (now, out) = (draws.block(h), draws.block(h))
    let indices: [UInt16] = [7, 2, 4]
    width.kernels.addFrame(
      weights: block.lanes, lanes: lanes, indices: indices, count: 3, before: last.lanes,
      base: base.lanes, now: now.lanes, out: out.lanes)
    for i in 0..<h {
      let sum = indices.reduce(Float(0)) { $0 + block.floats[Int($1) * h + i] }
      #expect(now.floats[i] == sum)
      #expect(out.floats[i] == base.floats[i] + (sum - last.floats[i]))
    }
  }

  @Test("Columns list the wanted observations in their order")
  func columns() {
    let columns = SparseColumns(rows: 30)
    var draws = TestDraws(3)
    for count in [0, 40, 9000] {
      let batch = SparseSignBatch(width: 30)
      var expected = [[UInt32]](repeating: [], count: 30)
      for t in 0..<count {
        let signs = draws.signs(30, share: 0.2)
        batch.append(signs: signs)
        for (d, sign) in signs.enumerated() where sign != 0 && t % 3 != 0 {
          expected[d].append(UInt32(2 * t + (sign < 0 ? 1 : 0)))
        }
      }
      columns.sort(batch) { $0 % 3 != 0 }
      for d in 0..<30 { #expect(Array(columns.events(of: d)) == expected[d]) }
    }
  }

  @Test("A team does every part once, whatever its size", arguments: [1, 2, 3, 8])
  func team(count: Int) {
    var done = [Int](repeating: 0, count: 100)
    var threads = [Int](repeating: -1, count: 100)
    done.withUnsafeMutableBufferPointer { done in
      threads.withUnsafeMutableBufferPointer { threads in
        let (done, threads) = (done, threads)
        ThreadTeam(count).share(100) { part, thread in
          done[part] += 1
          threads[part] = thread
        }
      }
    }
    #expect(done.allSatisfy { $0 == 1 })
    #expect(threads.allSatisfy { (0..<count).contains($0) })
  }
}

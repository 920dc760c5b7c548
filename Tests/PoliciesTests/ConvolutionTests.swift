// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

@Suite("Convolutional networks against the dense convolution in Double")
struct ConvolutionTests {
  @Test("Outputs are the dense ones", arguments: ConvolutionCase.all)
  func forward(shape: ConvolutionCase) throws {
    let network = try shape.network(seed: 1)
    let naive = NaiveConvolution(network)
    let (batch, rows) = shape.batch(20, for: network, seed: 1, margin: 0)
    #expect(naive.depth == shape.filters.count + shape.hidden.count + 1)
    var largest = 0.0
    for (t, x) in rows.enumerated() {
      let out = network.forward(batch, t)
      for (o, expected) in naive.outputs(x).enumerated() {
        #expect(abs(Double(out[o]) - expected) < 3e-6 * max(1, abs(expected)), "row \(t)")
        largest = max(largest, abs(expected))
      }
    }
    #expect(largest > 0.05)
  }

  @Test("Gradients are central differences in Double", arguments: ConvolutionCase.all)
  func gradients(shape: ConvolutionCase) throws {
    for seed in 0..<2 as Range<UInt64> {
      let network = try shape.network(seed: seed)
      let naive = NaiveConvolution(network)
      let (batch, rows) = shape.batch(4, for: network, seed: seed)
      let weights: [Float] = [0.5, -1, 2, 0.25]
      func objective(_ network: NaiveConvolution) -> Double {
        rows.reduce(0) { sum, x in
          zip(network.outputs(x), weights).reduce(sum) { $0 + $1.0 * Double($1.1) }
        }
      }
      let (sums, weighed) = (network.makeBlock(), network.makeBlock())
      network.accumulate(into: sums, batch, over: Array(rows.indices), gates: nil) { _, g in
        for o in 0..<shape.outputs { g[o] = weights[o] }
        return true
      }
      network.finishGradient(sums)
      for t in rows.indices {
        network.accumulate(into: weighed, batch, t) { _, g in
          for o in 0..<shape.outputs { g[o] = weights[o] }
          return true
        }
      }
      network.finishGradient(weighed)
      #expect(Array(sums.floats) == Array(weighed.floats))
      var largest = 0.0
      for part in network.tensors(of: sums, prefix: "") {
        // Of large parts some hundred numbers.
        for i in stride(from: 0, to: part.values.count, by: 1 + part.values.count / 300) {
          let value = part.values[i]
          var (up, down) = (naive, naive)
          up.add(1e-5, to: part.name, i)
          down.add(-1e-5, to: part.name, i)
          let expected = (objective(up) - objective(down)) / 2e-5
          #expect(
            abs(Double(value) - expected) < 1e-5 * max(1, abs(expected)),
            "\(part.name)[\(i)], seed \(seed)")
          largest = max(largest, abs(expected))
        }
      }
      #expect(largest > 0.1)
      // What pads the rows has no gradient: the numbers of the parts are all that there is.
      let named = network.tensors(of: sums, prefix: "").flatMap(\.values)
      #expect(sums.floats.count { $0 != 0 } == named.count { $0 != 0 })
    }
  }

  @Test("Tangents are central differences along a direction", arguments: ConvolutionCase.all)
  func tangents(shape: ConvolutionCase) throws {
    for seed in 0..<5 as Range<UInt64> {
      let network = try shape.network(seed: seed)
      let other = try shape.network(seed: seed + 50)
      let (naive, direction) = (NaiveConvolution(network), NaiveConvolution(other))
      let (batch, rows) = shape.batch(4, for: network, seed: seed)
      network.prepare(other.parameters)
      for (t, x) in rows.enumerated() {
        let tangent = network.tangent(along: other.parameters, batch, t)
        let up = naive.moved(1e-5, along: direction).outputs(x)
        let down = naive.moved(-1e-5, along: direction).outputs(x)
        for o in 0..<shape.outputs {
          let expected = (up[o] - down[o]) / 2e-5
          #expect(
            abs(Double(tangent[o]) - expected) < 1e-5 * max(1, abs(expected)),
            "row \(t), output \(o), seed \(seed)")
        }
      }
    }
  }

  @Test(
    "Outputs and gradients have every bit of plain loops in the same order",
    arguments: ConvolutionCase.all.filter { !$0.bias }, [1 << 20, 1])
  func everyBit(shape: ConvolutionCase, tableBytes: Int) throws {
    var shape = shape
    // Without a head of its own the outputs are sums over components, and ∂J is given.
    (shape.hidden, shape.outputs) = ([], 19)
    let network = try shape.network(seed: 4, tableBytes: tableBytes)
    let capacity = max(network.shape.last.positions, tableBytes / (2 * 3 * 32))
    let slow = SlowConvolution(network, capacity: capacity)
    let (batch, rows) = shape.batch(12, for: network, seed: 4, margin: 0)
    let sums = network.makeBlock()
    // Some come again, as in a game, so that components do.
    for t in Array(rows.indices) + [3, 5, 7, 3] {
      let g = (0..<19).map { Float($0 - 7) / 16 + Float(t) / 3 }
      let dense = batch.dense(t)
      let lit = dense.indices.filter { dense[$0] != 0 }
      // Of signs, those that are 1 come first.
      let ordered =
        shape.entries == .signs
        ? lit.filter { dense[$0] > 0 } + lit.filter { dense[$0] < 0 } : lit
      let picture = ordered.map { (place: $0, value: dense[$0]) }
      let out = network.forward(batch, t)
      #expect((0..<19).map { out[$0] } == slow.forward(picture), "row \(t)")
      network.accumulate(into: sums, batch, t) { _, out in
        for o in 0..<19 { out[o] = g[o] }
        return true
      }
      slow.accumulate(picture, g)
    }
    network.finishGradient(sums)
    slow.fold()
    for (part, expected) in zip(network.tensors(of: sums, prefix: ""), slow.gradients) {
      #expect(zip(part.values, expected).count { $0 != $1 } == 0, "\(part.name)")
    }
    #expect(slow.gradients.allSatisfy { $0.contains { $0 != 0 } })
  }

  @Test("All widths give the same bits", arguments: ConvolutionCase.all)
  func sameBits(shape: ConvolutionCase) throws {
    let results = try LaneWidth.supported.map { width -> [Float] in
      let network = try shape.network(seed: 7, kernels: width.kernels)
      let other = try shape.network(seed: 8, kernels: width.kernels)
      let (batch, _) = shape.batch(5, for: network, seed: 7)
      let sums = network.makeBlock()
      var values: [Float] = []
      network.prepare(other.parameters)
      for t in 0..<5 {
        network.accumulate(into: sums, batch, t) { out, g in
          for o in 0..<shape.outputs {
            values.append(out[o])
            g[o] = out[o] - 1
          }
          return true
        }
        let tangent = network.tangent(along: other.parameters, batch, t)
        for o in 0..<shape.outputs { values.append(tangent[o]) }
      }
      network.finishGradient(sums)
      return values + Array(sums.floats)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test(
    "A gradient over many windows, in two parts, is the sum of its rows", arguments: [false, true])
  func manyRows(bias: Bool) throws {
    let shape = ConvolutionCase(
      filters: [4, 9], kernels: [3, 2], strides: [2, 1], hidden: [10], bias: bias)
    let network = try shape.network(seed: 3)
    let (batch, _) = shape.batch(400, for: network, seed: 3, margin: 0)
    let (parts, single) = (network.makeBlock(), network.makeBlock())
    var sum = [Double](repeating: 0, count: parts.count)
    let weigh = { (out: Outputs, g: UnsafeMutablePointer<Float>) -> Bool in
      g[0] = out[0] - 0.5
      return true
    }
    for t in 0..<400 {
      network.accumulate(into: parts, batch, t, weigh: weigh)
      if t == 170 { network.finishGradient(parts) }
    }
    network.finishGradient(parts)
    for t in 0..<400 {
      single.clear()
      network.accumulate(into: single, batch, t, weigh: weigh)
      network.finishGradient(single)
      for (i, x) in single.floats.enumerated() { sum[i] += Double(x) }
    }
    #expect(sum.contains { abs($0) > 1 })
    for (i, x) in parts.floats.enumerated() {
      #expect(abs(Double(x) - sum[i]) < 2e-4 * max(1, abs(sum[i])), "\(i)")
    }
  }

  @Test("A weight of nothing adds nothing")
  func refusedWeights() throws {
    let network = try ConvolutionCase.all[7].network(seed: 3)
    let (batch, _) = ConvolutionCase.all[7].batch(3, for: network, seed: 3)
    let sums = network.makeBlock()
    network.accumulate(into: sums, batch, 2) { _, g in
      g[0] = 1
      return false
    }
    network.finishGradient(sums)
    #expect(sums.floats.allSatisfy { $0 == 0 })
  }

  @Test("Filters and units that never fire are counted, until activity is cleared")
  func deadUnits() throws {
    let shape = ConvolutionCase(
      filters: [4, 9], kernels: [3, 2], strides: [2, 1], hidden: [10], bias: true)
    let network = try shape.network(seed: 2)
    var parts = network.tensors(of: network.parameters, prefix: "")
    // Three filters and four units are held down by their biases, all others up.
    parts[1] = Tensor(name: "b1", shape: [4], values: [-100, -100, 100, 100])
    parts[3] = Tensor(name: "b2", shape: [9], values: (0..<9).map { $0 < 1 ? -1e4 : 1e4 })
    parts[5] = Tensor(name: "b3", shape: [10], values: (0..<10).map { $0 < 4 ? -1e6 : 1e6 })
    #expect(
      network.load(
        { name in parts.first { $0.name == name } }, prefix: "", into: network.parameters) == nil)
    let (batch, _) = shape.batch(3, for: network, seed: 1)
    network.clearActivity()
    for t in 0..<3 { _ = network.forward(batch, t) }
    #expect(network.deadUnits == 7.0 / 23)
    let plain = try ConvolutionCase.all[1].network(seed: 2)
    plain.clearActivity()
    #expect(plain.deadUnits == 1)
  }

  @Test("What the last hidden units contribute is the first output, its bias aside")
  func contributions() throws {
    let shape = ConvolutionCase.all[7]
    let network = try shape.network(seed: 6)
    let (batch, _) = shape.batch(3, for: network, seed: 6)
    let out = network.forward(batch, 2)[0]
    let added = network.lastContributions()
    #expect(added.count == 10)
    let bias = try #require(NaiveConvolution(network).tensors["b4"]).values[0]
    #expect(abs(Double(added.reduce(0, +)) + bias - Double(out)) < 1e-5)
  }
}

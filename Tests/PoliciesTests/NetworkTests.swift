// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

@Suite("Networks of every depth against their twins in Double")
struct NetworkTests {
  @Test("Outputs are the dense ones", arguments: NetworkCase.all)
  func forward(shape: NetworkCase) {
    let network = shape.network(seed: 1)
    let naive = NaiveNetwork(network, nil, shape.activation)
    let (batch, rows) = shape.batch(20, for: network, seed: 1, margin: 0)
    #expect(naive.layers.count == shape.hidden.count + 1)
    for (t, x) in rows.enumerated() {
      let out = network.forward(batch, t)
      for (o, expected) in naive.outputs(x).enumerated() {
        #expect(abs(Double(out[o]) - expected) < 2e-6, "row \(t), output \(o)")
      }
    }
  }

  @Test("Gradients are central differences in Double", arguments: NetworkCase.all)
  func gradients(shape: NetworkCase) {
    for seed in 0..<5 as Range<UInt64> {
      let network = shape.network(seed: seed)
      let naive = NaiveNetwork(network, nil, shape.activation)
      let (batch, rows) = shape.batch(3, for: network, seed: seed)
      let weights: [Float] = [0.5, -1, 2, 0.25, -1.5, 0.75]
      func objective(_ network: NaiveNetwork) -> Double {
        rows.reduce(0) { sum, x in
          zip(network.outputs(x), weights).reduce(sum) { $0 + $1.0 * Double($1.1) }
        }
      }
      let (sums, weighed) = (network.makeBlock(), network.makeBlock())
      network.accumulate(into: sums, batch, over: Array(rows.indices), gates: nil) { _, g in
        for o in 0..<shape.outputCount { g[o] = weights[o] }
        return true
      }
      network.finishGradient(sums)
      for t in rows.indices {
        network.accumulate(into: weighed, batch, t) { _, g in
          for o in 0..<shape.outputCount { g[o] = weights[o] }
          return true
        }
      }
      network.finishGradient(weighed)
      #expect(Array(sums.floats) == Array(weighed.floats))
      var largest = 0.0
      for part in network.tensors(of: sums, prefix: "") {
        for (i, value) in part.values.enumerated() {
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

  @Test("A weight of nothing adds nothing")
  func refusedWeights() {
    let shape = NetworkCase(entries: .signs, hidden: [10], outputs: 1, bias: true)
    let network = shape.network(seed: 3)
    let (batch, _) = shape.batch(1, for: network, seed: 3)
    let sums = network.makeBlock()
    network.accumulate(into: sums, batch, 0) { _, g in
      g[0] = 1
      return false
    }
    network.finishGradient(sums)
    #expect(sums.floats.allSatisfy { $0 == 0 })
  }

  @Test("Tangents are central differences along a direction", arguments: NetworkCase.all)
  func tangents(shape: NetworkCase) {
    for seed in 0..<5 as Range<UInt64> {
      let network = shape.network(seed: seed)
      let other = shape.network(seed: seed + 50)
      let (naive, direction) = (
        NaiveNetwork(network, nil, shape.activation), NaiveNetwork(other, nil, shape.activation)
      )
      let (batch, rows) = shape.batch(4, for: network, seed: seed)
      network.prepare(other.parameters)
      for (t, x) in rows.enumerated() {
        let tangent = network.tangent(along: other.parameters, batch, t)
        let up = naive.moved(1e-5, along: direction).outputs(x)
        let down = naive.moved(-1e-5, along: direction).outputs(x)
        for o in 0..<shape.outputCount {
          let expected = (up[o] - down[o]) / 2e-5
          #expect(
            abs(Double(tangent[o]) - expected) < 1e-5 * max(1, abs(expected)),
            "row \(t), output \(o), seed \(seed)")
        }
      }
    }
  }

  @Test("All widths give the same bits", arguments: NetworkCase.all)
  func sameBits(shape: NetworkCase) {
    let results = LaneWidth.supported.map { width -> [Float] in
      let network = shape.network(seed: 7, kernels: width.kernels)
      let other = shape.network(seed: 8, kernels: width.kernels)
      let (batch, _) = shape.batch(5, for: network, seed: 7)
      let sums = network.makeBlock()
      var values: [Float] = []
      network.prepare(other.parameters)
      for t in 0..<5 {
        network.accumulate(into: sums, batch, t) { out, g in
          for o in 0..<shape.outputCount {
            values.append(out[o])
            g[o] = out[o] - 1
          }
          return true
        }
        let tangent = network.tangent(along: other.parameters, batch, t)
        for o in 0..<shape.outputCount { values.append(tangent[o]) }
      }
      network.finishGradient(sums)
      return values + Array(sums.floats)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test("Units that never fire are counted, until activity is cleared")
  func deadUnits() {
    let shape = NetworkCase(entries: .numbers, hidden: [10, 6], outputs: 1, bias: true)
    let network = shape.network(seed: 2)
    var parts = network.tensors(of: network.parameters, prefix: "")
    // Four units of the first layer are held down by their biases.
    parts[1] = Tensor(
      name: "b1", shape: [10], values: (0..<10).map { $0 < 4 ? -100 : 100 })
    parts[3] = Tensor(name: "b2", shape: [6], values: [-1e4, 1e4, 1e4, 1e4, 1e4, 1e4])
    #expect(
      network.load(
        { name in parts.first { $0.name == name } }, prefix: "", into: network.parameters) == nil)
    let (batch, _) = shape.batch(3, for: network, seed: 1)
    network.clearActivity()
    #expect(network.deadUnits == 1)
    for t in 0..<3 { _ = network.forward(batch, t) }
    #expect(network.deadUnits == 5.0 / 16)
    network.clearActivity()
    #expect(network.deadUnits == 1)
    let linear = NetworkCase(entries: .numbers, hidden: [], outputs: 1, bias: true)
    #expect(linear.network(seed: 1).deadUnits == 0)
  }

  @Test("What the last hidden units contribute is the first output, its bias aside")
  func contributions() {
    for bias in [false, true] {
      let shape = NetworkCase(entries: .signs, hidden: [9, 11], outputs: 3, bias: bias)
      let network = shape.network(seed: 6)
      let (batch, _) = shape.batch(1, for: network, seed: 6)
      let out = network.forward(batch, 0)[0]
      let added = network.lastContributions()
      #expect(added.count == 11)
      let output = NaiveNetwork(network).layers[2].biases[0]
      #expect(abs(Double(added.reduce(0, +)) + output - Double(out)) < 1e-5)
    }
  }

  @Test("Tensors load back; another shape or a missing one is refused in words")
  func tensors() {
    for shape in NetworkCase.all {
      let network = shape.network(seed: 2)
      let parts = network.tensors(of: network.parameters, prefix: "policy.")
      let other = shape.network(seed: 3)
      #expect(Array(other.parameters.floats) != Array(network.parameters.floats))
      let find = { (name: String) in parts.first { $0.name == name } }
      #expect(other.load(find, prefix: "policy.", into: other.parameters) == nil)
      #expect(Array(other.parameters.floats) == Array(network.parameters.floats))
      #expect(
        other.load({ _ in nil }, prefix: "policy.", into: other.parameters)
          == "policy.w1 is missing")
    }
    let network = NetworkCase(entries: .signs, hidden: [11], outputs: 1, bias: true)
      .network(seed: 2)
    let parts = network.tensors(of: network.parameters, prefix: "policy.")
    let narrow = NetworkCase(entries: .signs, hidden: [5], outputs: 1, bias: true)
      .network(seed: 2)
    #expect(
      narrow.load(
        { name in parts.first { $0.name == name } }, prefix: "policy.", into: narrow.parameters)
        == "policy.w1 is [11, 12]; this policy has [5, 12]")
  }
}

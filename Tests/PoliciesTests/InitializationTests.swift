// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

@Suite("Initial weights")
struct InitializationTests {
  private func network(_ inputs: Int, _ hidden: [Int], outputs: Int = 1) -> Network {
    Network(
      form: ObservationForm(.signs, width: inputs), hidden: hidden,
      outputs: ModelOutputs(count: outputs),
      hasBias: true)
  }

  private func parts(_ network: Network) -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: network.tensors(of: network.parameters, prefix: "")
        .map { ($0.name, $0) })
  }

  @Test("The post's spread, and more units only add units")
  func post() throws {
    let (small, large) = (network(6400, [20]), network(6400, [200]))
    for network in [small, large] {
      network.initialize(.post, streams: RandomStreams(root: 0, seed: 5))
    }
    let a = try #require(parts(small)["w1"])
    let b = try #require(parts(large)["w1"])
    #expect(a.values == Array(b.values.prefix(20 * 6400)))
    let squares = b.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares / 200 - 1) < 0.01)
    let output = try #require(parts(large)["w2"]).values
    #expect(abs(output.reduce(0.0) { $0 + Double($1) * Double($1) } - 1) < 0.3)
    #expect(parts(large)["b1"]?.values.allSatisfy { $0 == 0 } == true)
  }

  @Test("Orthogonal rows, or columns where there are fewer, times their gains")
  func orthogonal() throws {
    // [20, 30] has rows, [50, 20] columns, the outputs rows again.
    let network = network(30, [20, 50], outputs: 4)
    network.initialize(
      .orthogonal(outputGain: 0.01), streams: RandomStreams(root: 0, seed: 1))
    for (name, gain) in [("w1", 2.0.squareRoot()), ("w2", 2.0.squareRoot()), ("w3", 0.01)] {
      let part = try #require(parts(network)[name])
      let (units, inputs) = (part.shape[0], part.shape[1])
      func w(_ u: Int, _ d: Int) -> Double { Double(part.values[u * inputs + d]) / gain }
      let (count, length) = (min(units, inputs), max(units, inputs))
      for i in 0..<count {
        for j in 0..<count {
          let dot = (0..<length).reduce(0.0) {
            $0 + (units <= inputs ? w(i, $1) * w(j, $1) : w($1, i) * w($1, j))
          }
          #expect(abs(dot - (i == j ? 1 : 0)) < 1e-5, "\(name): \(i), \(j)")
        }
      }
    }
  }

  @Test("Another seed gives other weights, the same one the same bits")
  func seeds() {
    func weights(_ kind: Initialization, _ seed: UInt64) -> [Float] {
      let network = network(30, [20], outputs: 3)
      network.initialize(kind, streams: RandomStreams(root: 0, seed: seed))
      return Array(network.parameters.floats)
    }
    for kind in [Initialization.post, .orthogonal(outputGain: 1)] {
      #expect(weights(kind, 1) == weights(kind, 1))
      #expect(weights(kind, 1) != weights(kind, 2))
    }
  }

  @Test("Normal draws have a normal's moments")
  func moments() {
    var normal = NormalDraws(Xoshiro256(seed: 3))
    let draws = (0..<200_000).map { _ in normal.next() }
    func moment(_ n: Int) -> Double {
      draws.reduce(0) { sum, x in sum + (0..<n).reduce(1.0) { p, _ in p * x } } / 200_000
    }
    // Four standard errors each.
    #expect(abs(moment(1)) < 0.009)
    #expect(abs(moment(2) - 1) < 0.013)
    #expect(abs(moment(3)) < 0.035)
    #expect(abs(moment(4) - 3) < 0.09)
  }
}

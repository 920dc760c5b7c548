// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies
import Randomness
import Testing

@Suite("Weights and shapes of convolutional networks")
struct ConvolutionWeightTests {
  @Test("Tensors load back; another shape or a missing one is refused in words")
  func tensors() throws {
    for shape in ConvolutionCase.all {
      let network = try shape.network(seed: 2)
      let parts = network.tensors(of: network.parameters, prefix: "policy.")
      let other = try shape.network(seed: 3)
      #expect(Array(other.parameters.floats) != Array(network.parameters.floats))
      let find = { (name: String) in parts.first { $0.name == name } }
      #expect(other.load(find, prefix: "policy.", into: other.parameters) == nil)
      #expect(Array(other.parameters.floats) == Array(network.parameters.floats))
      let (batch, _) = shape.batch(3, for: network, seed: 4)
      #expect(network.forward(batch, 2)[0] == other.forward(batch, 2)[0])
      #expect(
        other.load({ _ in nil }, prefix: "policy.", into: other.parameters)?.hasSuffix("is missing")
          == true)
    }
    let network = try ConvolutionCase(
      filters: [4], kernels: [3], strides: [2], hidden: [5], bias: true
    ).network(seed: 2)
    let parts = network.tensors(of: network.parameters, prefix: "policy.")
    #expect(parts.map(\.name) == ["w1", "b1", "w2", "b2", "w3", "b3"].map { "policy." + $0 })
    // 4 rows of 5 windows in a picture of 9 × 11.
    #expect(parts.map(\.shape) == [[4, 1, 3, 3], [4], [5, 4 * 4 * 5], [5], [1, 5], [1]])
    for (other, problem) in [
      (
        ConvolutionCase(filters: [4], kernels: [4], strides: [2], hidden: [5], bias: true),
        "policy.w1 is [4, 1, 3, 3]; this policy has [4, 1, 4, 4]"
      ),
      (
        ConvolutionCase(filters: [4], kernels: [3], strides: [3], hidden: [5], bias: true),
        "policy.w2 is [5, 80]; this policy has [5, 36]"
      ),
    ] {
      let narrow = try other.network(seed: 2)
      #expect(
        narrow.load(
          { name in parts.first { $0.name == name } }, prefix: "policy.", into: narrow.parameters)
          == problem)
    }
  }

  private func network(_ filters: [Int], hidden: [Int]) throws -> ConvolutionalNetwork {
    try ConvolutionalNetwork(
      form: ObservationForm(.signs, channels: 2, height: 80, width: 80), filters: filters,
      kernels: [8, 4], strides: [4, 2], hidden: hidden, outputs: 3, hasBias: true)
  }

  @Test("The post's spread of initial weights in every layer, by the inputs of a unit")
  func post() throws {
    let network = try network([16, 32], hidden: [64])
    network.initialize(.post, streams: RandomStreams(root: 0, seed: 5))
    let parts = network.tensors(of: network.parameters, prefix: "")
    #expect(
      parts.filter { $0.name.first == "w" }.map(\.shape) == [
        [16, 2, 8, 8], [32, 16, 4, 4], [64, 2048], [3, 64],
      ])
    for part in parts {
      let squares = part.values.reduce(0.0) { $0 + Double($1) * Double($1) }
      if part.name.first == "b" {
        #expect(squares == 0)
      } else {
        // Rows of unit length, but for six standard errors.
        let tolerance = 6 * (2 / Double(part.values.count)).squareRoot()
        #expect(abs(squares / Double(part.shape[0]) - 1) < tolerance, "\(part.name)")
      }
    }
  }

  @Test("Orthonormal filters and rows, times their gains; a seed's bits are its own")
  func orthogonal() throws {
    func parts(_ kind: Initialization, seed: UInt64) throws -> [Tensor] {
      let network = try network([16, 32], hidden: [20])
      network.initialize(kind, streams: RandomStreams(root: 0, seed: seed))
      return network.tensors(of: network.parameters, prefix: "")
    }
    let drawn = try parts(.orthogonal(outputGain: 0.01), seed: 1)
    for (part, gain) in zip(drawn.filter { $0.name.first == "w" }, [2.0, 2, 2, 0.0001]) {
      let (units, inputs) = (part.shape[0], part.values.count / part.shape[0])
      for i in 0..<units {
        for j in 0...i {
          let dot = (0..<inputs).reduce(0.0) {
            $0 + Double(part.values[i * inputs + $1]) * Double(part.values[j * inputs + $1])
          }
          #expect(abs(dot / gain - (i == j ? 1 : 0)) < 1e-5, "\(part.name): \(i), \(j)")
        }
      }
    }
    for kind in [Initialization.post, .orthogonal(outputGain: 1)] {
      let first = try parts(kind, seed: 1).flatMap(\.values)
      #expect(try parts(kind, seed: 1).flatMap(\.values) == first)
      #expect(try parts(kind, seed: 2).flatMap(\.values) != first)
    }
  }

  @Test("Layers that do not fit a picture are refused, with what is allowed")
  func misfits() {
    func sentence(
      _ filters: [Int], _ kernels: [Int], _ strides: [Int], _ height: Int = 80, _ width: Int = 80
    ) -> String? {
      do throws(PolicyMisfit) {
        _ = try ConvolutionShape(
          channels: 1, height: height, width: width, filters: filters, kernels: kernels,
          strides: strides)
        return nil
      } catch {
        return "\(error.parameter): \(error.sentence)"
      }
    }
    #expect(sentence([16, 32], [8, 4], [4, 2]) == nil)
    #expect(
      sentence([16], [8, 4], [4])
        == "kernels: 2 values, but policy.filters has 1; a layer has one of each")
    #expect(
      sentence([16, 8], [8, 4], [4])
        == "strides: 1 value, but policy.filters has 2; a layer has one of each")
    #expect(
      sentence([16, 32], [8, 20], [4, 2])
        == "kernels: layer 2 has 20, but its input is 19 × 19 pixels; allowed: at most 19")
    #expect(
      sentence([16], [1], [1])
        == "filters: layer 1 has 80 × 80 × 16 outputs, 102400; allowed: at most 65536")
    #expect(
      sentence([16], [2], [1], 1, 8)
        == "kind: a convolution looks at pictures; what is observed has 8 entries and no neighbours"
    )
    let shape = try? ConvolutionShape(
      channels: 3, height: 84, width: 60, filters: [16, 32], kernels: [8, 4], strides: [4, 2])
    #expect(shape?.layers.map(\.outputHeight) == [20, 9])
    #expect(shape?.layers.map(\.outputWidth) == [14, 6])
    #expect(shape?.layers.map(\.inputs) == [192, 256])
  }
}

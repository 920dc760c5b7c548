// SPDX-License-Identifier: MIT

/// A model in the format of ONNX, with as much of it as a policy needs.
///
/// Source: onnx/onnx.proto. Version 8 of the format with operator set 13, which readers of today and
/// of some years ago both take: onnxruntime 1.31 refuses what onnx 1.23 writes by itself.
package struct ONNXModel: Sendable {
  /// An operation between named values.
  package struct Node: Sendable {
    package enum Attribute: Sendable {
      case whole(Int)
      case wholes([Int])
    }

    package let operation: String
    package let inputs: [String]
    package let output: String
    package let attributes: [(name: String, value: Attribute)]

    package init(
      _ operation: String, _ inputs: [String], _ output: String,
      _ attributes: [(name: String, value: Attribute)] = []
    ) {
      (self.operation, self.inputs) = (operation, inputs)
      (self.output, self.attributes) = (output, attributes)
    }
  }

  /// A value that goes in or comes out: 32-bit floats.
  package struct Port: Sendable {
    package let name: String
    /// nil for an extent that is free, the number of observations.
    package let shape: [Int?]

    package init(_ name: String, shape: [Int?]) { (self.name, self.shape) = (name, shape) }
  }

  package var name: String
  package var version: String
  package var inputs: [Port] = []
  package var outputs: [Port] = []
  /// In an order in which each has its inputs.
  package var nodes: [Node] = []
  package var weights: [Tensor] = []
  /// Texts by key.
  package var metadata: [String: String] = [:]

  package init(name: String, version: String) { (self.name, self.version) = (name, version) }

  /// The file's bytes; the same model always gives the same bytes.
  package func encoded() -> [UInt8] {
    typealias P = ProtocolBuffer
    let graph =
      nodes.flatMap { P.bytes(1, Self.encoded($0)) } + P.text(2, name)
      + weights.flatMap { P.bytes(5, Self.encoded($0)) }
      + inputs.flatMap { P.bytes(11, Self.encoded($0)) }
      + outputs.flatMap { P.bytes(12, Self.encoded($0)) }
    let texts = metadata.sorted { $0.key < $1.key }.flatMap {
      P.bytes(14, P.text(1, $0.key) + P.text(2, $0.value))
    }
    return P.number(1, 8) + P.text(2, "Rallybook") + P.text(3, version) + P.bytes(7, graph)
      + P.bytes(8, P.text(1, "") + P.number(2, 13)) + texts
  }

  private static func encoded(_ node: Node) -> [UInt8] {
    typealias P = ProtocolBuffer
    let attributes = node.attributes.flatMap { name, value in
      switch value {
      case .whole(let number): P.bytes(5, P.text(1, name) + P.number(3, number) + P.number(20, 2))
      case .wholes(let all):
        P.bytes(5, P.text(1, name) + all.flatMap { P.number(8, $0) } + P.number(20, 7))
      }
    }
    return node.inputs.flatMap { P.text(1, $0) } + P.text(2, node.output)
      + P.text(3, node.output) + P.text(4, node.operation) + attributes
  }

  private static func encoded(_ tensor: Tensor) -> [UInt8] {
    typealias P = ProtocolBuffer
    let bytes = tensor.values.flatMap { littleEndian($0.bitPattern, count: 4) }
    return tensor.shape.flatMap { P.number(1, $0) } + P.number(2, 1) + P.text(8, tensor.name)
      + P.bytes(9, bytes)
  }

  private static func encoded(_ port: Port) -> [UInt8] {
    typealias P = ProtocolBuffer
    let extents = port.shape.flatMap { extent in
      P.bytes(1, extent.map { P.number(1, $0) } ?? P.text(2, "observations"))
    }
    return P.text(1, port.name) + P.bytes(2, P.bytes(1, P.number(1, 1) + P.bytes(2, extents)))
  }
}

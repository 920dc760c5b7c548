// SPDX-License-Identifier: MIT

import Environments
import FoundationEssentials
import ParameterSchema

/// The messages between this program and its Python worker: a header of 16 bytes, then a payload.
///
/// Little endian: "RBG" and the protocol's version, the payload's length (u32), the request's number
/// (u32), the kind (u8), three zeros. A reply bears the number and the kind of its request, or the
/// kind 255 and says in JSON what went wrong. Documented in `docs/reference/gymnasium.md`.
enum WorkerProtocol {
  /// What both sides have to agree on.
  static let version: UInt8 = 4
  static let headerBytes = 16
  /// A longer payload is nonsense.
  static let largestPayload = 1 << 26

  enum Kind: UInt8 {
    case hello = 1
    case view = 2
    case reset = 3
    case step = 4
    case record = 5
    case fault = 255
  }

  /// What a reply must bear.
  struct Request {
    let kind: Kind
    let number: UInt32
  }

  static func message(_ request: Request, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = Array("RBG".utf8) + [version]
    bytes.append(bytesOf: UInt32(payload.count))
    bytes.append(bytesOf: request.number)
    bytes.append(bytesOf: UInt32(request.kind.rawValue))
    return bytes + payload
  }

  static func json(_ value: some Encodable) -> [UInt8] {
    do {
      return Array(try JSONEncoder().encode(value))
    } catch {
      fatalError("a request that is not JSON: \(error)")
    }
  }

  /// Bytes for a person: text where they are text.
  fileprivate static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.allSatisfy { (0x20..<0x7F).contains($0) }
      ? "\"\(String(decoding: bytes, as: UTF8.self))\""
      : bytes.map { String($0, radix: 16) }.joined(separator: " ")
  }
}

extension WorkerProcess {
  /// Sends a request and waits for its reply: the payload.
  func exchange(
    _ kind: WorkerProtocol.Kind, _ payload: [UInt8], seconds: Double
  ) throws(EnvironmentError) -> ArraySlice<UInt8> {
    let deadline = Deadline(seconds: seconds)
    return try reply(to: ask(kind, payload, until: deadline), until: deadline)
  }

  /// Sends a request; requests are answered in their order.
  func ask(
    _ kind: WorkerProtocol.Kind, _ payload: [UInt8], until deadline: Deadline
  ) throws(EnvironmentError) -> WorkerProtocol.Request {
    let request = WorkerProtocol.Request(kind: kind, number: nextNumber)
    nextNumber &+= 1
    try send(WorkerProtocol.message(request, payload), until: deadline)
    return request
  }

  /// Waits for the reply to a request: its payload.
  ///
  /// - Parameter locate: where the worker was, by the place in the request of what went wrong.
  func reply(
    to request: WorkerProtocol.Request, until deadline: Deadline,
    locate: ((Int) -> WorkerPlace)? = nil
  ) throws(EnvironmentError) -> ArraySlice<UInt8> {
    let header = try receive(WorkerProtocol.headerBytes, until: deadline)
    try check(
      header.starts(with: Array("RBG".utf8)), allowed: "\"RBG\"",
      "a reply that begins with \(WorkerProtocol.shown(header.prefix(4)))")
    try check(
      header[3] == WorkerProtocol.version, allowed: "\(WorkerProtocol.version)",
      "protocol \(header[3])")
    let (length, largest) = (Int(header.word(at: 4)), WorkerProtocol.largestPayload)
    try check(length <= largest, allowed: "at most \(largest)", "a reply of \(length) bytes")
    let body = try receive(length, until: deadline)
    let number = header.word(at: 8)
    try check(
      number == request.number, allowed: "\(request.number)", "a reply to request \(number)")
    if header[12] == WorkerProtocol.Kind.fault.rawValue {
      let fault = try parsed(FaultReply.self, body)
      if let locate { place = locate(fault.place ?? 0) }
      throw fail(WorkerFault(fault))
    }
    try check(
      header[12] == request.kind.rawValue, allowed: "\(request.kind.rawValue)",
      "a reply of kind \(header[12])")
    return body
  }

  func parsed<Value: Decodable>(
    _ type: Value.Type, _ bytes: ArraySlice<UInt8>
  ) throws(EnvironmentError) -> Value {
    let value = try? JSONDecoder().decode(type, from: Data(bytes))
    guard let value else {
      throw fail(.nonsense(found: "JSON that is not as documented", allowed: "\(type)"))
    }
    return value
  }

  /// Ends the worker where a reply is none that a worker of ours sends.
  func check(
    _ isGood: Bool, allowed: @autoclosure () -> String, _ found: @autoclosure () -> String
  ) throws(EnvironmentError) {
    if !isGood { throw fail(.nonsense(found: found(), allowed: allowed())) }
  }
}

extension [UInt8] {
  /// Appends the bytes of a number, the lowest first.
  mutating func append(bytesOf number: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}

extension RandomAccessCollection<UInt8> where Index == Int {
  /// The number of four bytes, `offset` behind the start.
  func word(at offset: Int) -> UInt32 { word(at: offset, as: UInt32.self) }

  /// The number of as many bytes as its type has.
  func word<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
    (0..<Number.bitWidth / 8).reduce(0) {
      $0 | Number(self[startIndex + offset + $1]) << Number(8 * $1)
    }
  }
}

// MARK: What stands in JSON

/// What is asked for at the start.
struct HelloRequest: Encodable {
  let `protocol` = Int(WorkerProtocol.version)
  let id: String
  let count: Int
  /// The user's, in which modules are looked for first.
  let folder: String
  let making: GymnasiumMaking

  private enum Key: String, CodingKey {
    case `protocol`, id, count, folder, kwargs, module, register, wrappers, rewardWeights, key
  }

  func encode(to encoder: any Encoder) throws {
    var all = encoder.container(keyedBy: Key.self)
    try all.encode(`protocol`, forKey: .protocol)
    try all.encode(id, forKey: .id)
    try all.encode(count, forKey: .count)
    try all.encode(folder, forKey: .folder)
    try all.encode(making.kwargs.mapValues(PlainJSON.init), forKey: .kwargs)
    try all.encode(making.module, forKey: .module)
    try all.encode(making.register.map(PlainJSON.init), forKey: .register)
    try all.encode(making.wrappers.map(PlainJSON.init), forKey: .wrappers)
    try all.encode(making.rewardWeights, forKey: .rewardWeights)
    try all.encode(making.key, forKey: .key)
  }
}

/// What an environment is made of beside its id.
package struct GymnasiumMaking: Hashable, Sendable {
  /// For Gymnasium's `make`.
  var kwargs: [String: ConfigValue] = [:]
  /// `PATH@SHA-256` of the user's module, seen from the current folder.
  var module: String?
  /// What is called before, and the wrappers, the innermost first.
  var register: [ConfigValue] = []
  var wrappers: [ConfigValue] = []
  var rewardWeights: [Double]?
  /// The one entry of a Dict that is looked at.
  var key: String?

  package init() {}

  /// What a validated configuration says.
  init(_ environment: Settings, _ observation: Settings) {
    kwargs = environment.object("kwargs")
    module = environment.optionalString("module")
    register = environment.list("register")
    wrappers = environment.list("wrappers")
    rewardWeights = environment.isNull("rewardWeights") ? nil : environment.numbers("rewardWeights")
    key = observation.optionalString("key")
  }
}

/// Any value as JSON has it, whole numbers whole.
struct PlainJSON: Encodable {
  let value: ConfigValue

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .null: try container.encodeNil()
    case .bool(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .string(let text): try container.encode(text)
    case .array(let elements): try container.encode(elements.map(PlainJSON.init))
    case .object(let members): try container.encode(members.mapValues(PlainJSON.init))
    }
  }
}

/// What a worker says of itself and its environment before the first step.
package struct WorkerFacts: Decodable, Sendable {
  struct Observation: Decodable {
    /// Gymnasium's words for the space.
    let space: String
    /// Numbers in all.
    let count: Int
    /// nil where it is no picture of bytes.
    let picture: Picture?
    /// Texts among its parts, of which a policy sees nothing.
    let leftOut: [String]
  }

  /// What an action is.
  struct Space: Decodable {
    enum Kind: String, Decodable { case discrete, product, box }

    let kind: Kind
    /// Of a discrete space, by number.
    let names: [String]?
    /// Of a product, how many choices each entry has.
    let counts: [Int]?
    /// Of a box, the least and greatest of each entry; nil where there is none.
    let low: [Float?]?
    let high: [Float?]?
  }

  struct Picture: Decodable {
    /// Pixels.
    let height: Int
    let width: Int
    /// Bytes of a pixel: its colours, or as many frames.
    let planes: Int
    /// Planes in a row that are one pixel's colours, 3 or 1; 0 where they are no colours.
    let colours: Int
  }

  let `protocol`: Int
  /// The worker's process id.
  package let process: Int32
  /// Of Python and of the packages that decide what the environment does; for provenance.
  package let versions: [String: String]
  /// Whether it is a game of ALE's with nothing around it: the worker then takes every frame's
  /// action from us.
  let isAtari: Bool
  let observation: Observation
  /// Of all actions; for ALE's games always its 18.
  let space: Space
  /// Of an ALE game, the numbers of the actions that it offers itself.
  let ownActions: [Int]?
  /// For ALE's games: frames that one decision holds for, inclusive.
  let skip: [Int]?
  /// For ALE's games: probability, for each frame, that the action before is kept.
  package let stickyActions: Double?
  /// For ALE's games: frames after which an episode is truncated.
  package let maxFrames: Int?
}

/// Which pixels are kept of each picture; none where observations are no pictures.
struct ViewRequest: Encodable {
  let rows: [Int]
  let columns: [Int]
  let channels: Channels
}

/// What of a picture's colours is kept.
package enum Channels: String, Codable, Sendable { case red, grey, all }

/// What the worker says instead of a reply.
struct FaultReply: Decodable {
  let type: String
  let message: String
  /// The package that is missing, where it is one of those that we install.
  let lacks: String?
  /// Of a message of several decisions the one at which it happened, from 0.
  let place: Int?
}

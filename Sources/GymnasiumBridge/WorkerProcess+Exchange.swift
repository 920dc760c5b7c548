// SPDX-License-Identifier: MIT

import FoundationEssentials

extension WorkerProcess {
  /// Sends a request and waits for its reply: the payload.
  func exchange(
    _ kind: WireFormat.Kind, _ payload: [UInt8], number: UInt32, seconds: Double
  ) throws(WorkerFault) -> [UInt8] {
    let deadline = Deadline(seconds: seconds)
    try ask(kind, payload, number: number, until: deadline)
    return try reply(kind, number: number, until: deadline)
  }

  /// Sends a request; requests are answered in their order.
  func ask(
    _ kind: WireFormat.Kind, _ payload: [UInt8], number: UInt32, until deadline: Deadline
  ) throws(WorkerFault) {
    try send(
      WireFormat.header(kind, number: number, length: payload.count) + payload, until: deadline)
  }

  /// Waits for the reply to a request: its payload.
  func reply(
    _ kind: WireFormat.Kind, number: UInt32, until deadline: Deadline
  ) throws(WorkerFault) -> [UInt8] {
    let header = try WireFormat.readHeader(receive(WireFormat.headerBytes, until: deadline))
    let body = try receive(header.length, until: deadline)
    guard header.number == number else {
      throw .nonsense(Nonsense(found: "a reply to request \(header.number)", allowed: "\(number)"))
    }
    if header.kind == WireFormat.Kind.fault.rawValue {
      let fault = try WireFormat.parsed(FaultReply.self, body)
      switch fault.type {
      case "Refusal": throw .refused(fault.message)
      case "Unusable": throw .unusable(fault.message, environment: fault.environment)
      default:
        throw .raised(
          type: fault.type, message: fault.message, environment: fault.environment,
          lacks: fault.lacks)
      }
    }
    guard header.kind == kind.rawValue else {
      throw .nonsense(
        Nonsense(found: "a reply of kind \(header.kind)", allowed: "\(kind.rawValue)"))
    }
    return body
  }
}

extension WireFormat {
  static func json(_ value: some Encodable) -> [UInt8] {
    do {
      return try [UInt8](JSONEncoder().encode(value))
    } catch {
      fatalError("a request that is not JSON: \(error)")
    }
  }

  static func parsed<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8]
  ) throws(WorkerFault) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw .nonsense(Nonsense(found: "JSON that is not as documented", allowed: "\(type)"))
    }
  }
}

// SPDX-License-Identifier: MIT

import Environments
import GymnasiumBridge
import Testing

/// A worker that speaks nonsense, in place of ours.
@Suite(
  "Replies that no worker of ours sends")
struct ProtocolFaultTests {
  /// What is sent in answer to the hello, as Python.
  private static let cases: [(reply: String, says: String)] = [
    ("b''", "the Python worker ended with status 0"),
    ("b'RBG' + bytes([4]) + bytes(3)", "the Python worker ended with status 0"),
    ("b'HTTP/1.1 200 OK.'", "sent a reply that begins with \"HTTP\"; allowed: \"RBG\""),
    ("bytes(16)", "sent a reply that begins with 0 0 0 0; allowed: \"RBG\""),
    ("head(version=1)", "sent protocol 1; allowed: 4"),
    ("head(number=9)", "sent a reply to request 9; allowed: 0"),
    ("head(kind=4)", "sent a reply of kind 4; allowed: 1"),
    ("head(length=1 << 30)", "sent a reply of 1073741824 bytes; allowed: at most 67108864"),
    ("head(length=9) + b'{'", "the Python worker ended with status 0"),
    ("head(length=2) + b'[]'", "sent JSON that is not as documented; allowed: WorkerFacts"),
  ]

  @Test("is told, with what is allowed", arguments: cases)
  func nonsense(reply: String, says: String) throws {
    let script = """
      import os, socket, struct
      def head(version=4, length=0, number=0, kind=1):
          return struct.pack("<3sBIIB3x", b"RBG", version, length, number, kind)
      parent = socket.socket(fileno=3)
      parent.recv(1 << 16)
      parent.sendall(\(reply))
      """
    do throws(EnvironmentError) {
      _ = try GymnasiumWorker(id: "Any-v0", limits: .init(start: 20), script: Array(script.utf8))
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains(says), "\(error)")
      #expect(error.description.hasPrefix("gymnasium:Any-v0: "))
    }
  }

  @Test("Silence is ended after the time for a start")
  func silence() throws {
    let script = "import time\ntime.sleep(1000)"
    do throws(EnvironmentError) {
      _ = try GymnasiumWorker(id: "Any-v0", limits: .init(start: 0.5), script: Array(script.utf8))
      Issue.record("accepted")
    } catch {
      #expect(
        error.description == """
          gymnasium:Any-v0: at the start, the Python worker gave no reply within 0.5 s and was ended
          """)
    }
  }
}

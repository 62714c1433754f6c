import Glibc
import Testing

@testable import LVSSystem

struct StreamSocketTests {
  /// Two ends of a connection.
  private func pair() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  @Test func `what is sent arrives`() throws {
    let (one, other) = try pair()
    defer { for end in [one, other] { close(end) } }
    #expect(StreamSocket.send(Array("words".utf8), to: one) == 0)
    #expect(try beginning(of: other, named: "socket", atMost: 99) == Array("words".utf8))
  }

  @Test func `an end that has gone is an errno, and no signal`() throws {
    let (one, other) = try pair()
    close(other)
    defer { close(one) }
    #expect(StreamSocket.send([0], to: one) == EPIPE)
  }

  @Test func `where nobody listens there is no connection to take`() throws {
    let (one, other) = try pair()
    defer { for end in [one, other] { close(end) } }
    #expect(StreamSocket.accept(one) == nil)
  }
}

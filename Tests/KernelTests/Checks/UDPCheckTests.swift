import LVSChecks
import LVSModel
import Testing

extension RealKernel {
  /// Checks by UDP, against a socket that answers when it is told to.
  @Suite struct UDPCheckTests {
    private static let web = "192.168.147.4"

    /// The outcome of a question to a server that answers each datagram with `reply` and its text, or not at all where
    /// there is no reply; and what it was sent.
    private func outcome(_ check: UDPCheck, reply: String?, timeout: Int = 10) throws -> (CheckOutcome?, [String]) {
      var sent: [String] = []
      var outcome: CheckOutcome?
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try Datagrams(at: network.web1, address: Self.web, port: 53)
        let asking = try Asking(at: network.director1)
        asking.checker.ask([try .of(.udp(check), Self.web, 53, timeout: timeout): 1])
        try asking.go("the question is answered") {
          sent += try reply.map { try server.answer($0) } ?? server.received()
          return !asking.results.isEmpty
        }
        outcome = asking.results.first?.outcome
      }
      return (outcome, sent)
    }

    @Test(arguments: [
      (UDPCheck(send: "ping", expect: "pong ping"), "pong", CheckOutcome.passed),
      (UDPCheck(send: "ping", expect: "other"), "pong", .failed("unexpected answer")),
      (UDPCheck(send: "ping"), "pong", .passed),
      (UDPCheck(expect: "pong"), "pong", .passed),
      (UDPCheck(), "pong", .passed),
    ]) func `an answer passes where it is the one that is expected`(
      check: UDPCheck, reply: String, wanted: CheckOutcome
    ) throws {
      let (outcome, sent) = try outcome(check, reply: reply)
      #expect(outcome == wanted)
      #expect(sent == [check.send ?? ""])
    }

    @Test(arguments: [
      (UDPCheck(send: "ping"), CheckOutcome.failed("no answer")), (UDPCheck(expect: "pong"), .failed("no answer")),
      (UDPCheck(), .passed),
    ]) func `silence fails where an answer is needed, and passes where none is`(
      check: UDPCheck, wanted: CheckOutcome
    ) throws {
      let (outcome, sent) = try outcome(check, reply: nil, timeout: 1)
      #expect(outcome == wanted)
      #expect(sent == [check.send ?? ""])
    }

    @Test func `a port that nobody has, and a machine that is not there, fail before the time is up`() throws {
      try Network.with(HTTPCheckTests.pair) { network throws in
        let director = network.director1
        for check in [UDPCheck(), UDPCheck(send: "ping"), UDPCheck(send: "ping", expect: "pong")] {
          for address in [Self.web, "2001:db8:147::4"] {
            #expect(try director.outcome(.udp(check), address, 53, timeout: 60) == .failed("connection refused"))
          }
        }
        #expect(
          try director.outcome(.udp(UDPCheck()), "192.168.147.99", 53, timeout: 60) == .failed("no route to host"))
        #expect(try director.outcome(.udp(UDPCheck()), "10.9.9.9", 53, timeout: 60) == .failed("network unreachable"))
      }
    }
  }
}

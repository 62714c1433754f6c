import Glibc
import LVSSystem
import Synchronization
import Testing

extension RealKernel {
  /// The sandbox's clients, watched by programs that are not its own.
  @Suite struct AskingTests {
    private static let web1 = "192.168.147.4"
    private static let ends = "(tcp[tcpflags] & (tcp-syn|tcp-fin) != 0)"

    /// What each packet begins or ends, from the client's side.
    private func flags(_ lines: [String]) -> String {
      lines.map { $0.contains("[S]") ? "S" : $0.contains("[F") ? "F" : "?" }.joined()
    }

    @Test func `a connection ends with its answer, or all of them at the end`() throws {
      try Network.classic { network in
        let question = Question(.tcp, to: Self.web1, port: 80)
        for (holding, expected) in [(false, "SFSFSF"), (true, "SSSFFF")] {
          let wiretap = try Wiretap(at: network.client, "src host 192.168.147.50 and \(Self.ends)")
          let answers = try ask(network.client, question, count: 3, holding: holding)
          #expect(answers.byName == ["web1": 3])
          #expect(flags(try wiretap.packets(6)) == expected)
        }
      }
    }

    @Test func `sources take turns`() throws {
      let machines = [
        Machine("client", "192.168.147.50/24", "192.168.147.51/24", "2001:db8:147::50/64", "2001:db8:147::51/64"),
        Machine("web1", "192.168.147.4/24", "2001:db8:147::4/64", page: "web1"),
      ]
      try Network.with(machines) { network in
        // tcpdump's names for flags of TCP do not reach behind the header of IPv6.
        for (prefix, begins) in [("192.168.147.", "tcp[tcpflags] == tcp-syn"), ("2001:db8:147::", "ip6[53] == 2")] {
          let wiretap = try Wiretap(at: network.client, "dst port 80 and \(begins)")
          let question = Question(.tcp, to: prefix + "4", port: 80, sources: [prefix + "51", prefix + "50"])
          #expect(try ask(network.client, question, count: 4).byName == ["web1": 4])
          let lines = try wiretap.packets(4)
          #expect(lines.count == 4)
          for (line, host) in zip(lines, [51, 50, 51, 50]) {
            #expect(line.words[2].hasPrefix("\(prefix)\(host)."), "\(lines)")
          }
        }
        #expect(throws: SystemError(errno: EADDRNOTAVAIL, subject: "asking from 192.168.147.9")) {
          try ask(network.client, Question(.tcp, to: Self.web1, port: 80, sources: ["192.168.147.9"]), count: 1)
        }
      }
    }

    @Test(arguments: [Transport.tcp, .udp])
    func `what nobody answers is silent, and what is refused is told with its reason`(transport: Transport) throws {
      try Network.classic { network in
        try network.web2.succeed("iptables-legacy -A INPUT -p \(transport.rawValue) -j DROP")
        #expect(
          try ask(network.client, Question(transport, to: "192.168.147.3", port: 9), count: 2, abreast: 2, limit: 0.2)
            == [.silent, .silent])
        #expect(try network.ask(transport, Self.web1, 9) == [.refused(ECONNREFUSED)])
        #expect(try network.ask(transport, "10.9.9.9", 9) == [.refused(ENETUNREACH)])
        try network.client.ip("route add prohibit 10.9.9.9")
        #expect(try network.ask(transport, "10.9.9.9", 9) == [.refused(EACCES)])
      }
    }

    @Test func `so many questions as are to be are under way at a time`() throws {
      try Network.classic { network in
        let filter = "iptables-legacy -A INPUT -p tcp --syn -j DROP"
        try network.web1.succeed(filter)
        let answers = Mutex([Answer]())
        let client = network.client
        let thread = try BackgroundThread {
          let question = Question(.tcp, to: Self.web1, port: 80)
          let all = try? ask(client, question, count: 7, abreast: 5, limit: 20)
          answers.withLock { $0 = all ?? [] }
        }
        try eventually("five wait") {
          try client.run("ss", "-Htn", "state", "syn-sent").lines.count == 5
        }
        try network.web1.succeed(filter.replacing(" -A ", with: " -D "))
        thread.join()
        #expect(answers.withLock { $0.byName } == ["web1": 7])
      }
    }

    @Test func `a long connection lives until its server ends`() throws {
      try Network.with(.dualStack()) { network in
        for address in [Self.web1, "2001:db8:147::4"] {
          let responder = try Responder(network.web1, name: "one", ports: [(.tcp, 7)])
          defer { responder.stop() }
          let connection = try LongConnection(from: network.client, to: address, port: 7)
          #expect(connection.server == "one")
          // Who is there already is not sent away.
          try responder.setListening(false, transport: .tcp, port: 7)
          #expect(connection.isAlive() && connection.isAlive())
          responder.stop()
          #expect(!connection.isAlive())
        }
      }
    }

    @Test func `visitors go to all targets, and say who answered and why nobody did`() throws {
      try Network.with(.dualStack()) { network in
        let targets = [("192.168.147.4", 80), ("2001:db8:147::3", 80), ("192.168.147.4", 81)]
          .map { Visitors.Target($0.0, port: UInt16($0.1)) }
        let visitors = try Visitors(at: network.client, to: targets)
        defer { visitors.stop() }
        try eventually("all were visited") {
          Set(visitors.answeredBy.keys) == ["web1", "web2"] && visitors.failed > 0
        }
        visitors.stop()
        #expect(visitors.failures.allSatisfy { $0 == "connect: Connection refused (errno 111)" })
        #expect(visitors.answered == visitors.answeredBy.values.reduce(0, +))
      }
    }
  }
}

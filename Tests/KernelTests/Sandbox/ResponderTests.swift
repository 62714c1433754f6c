import Glibc
import LVSSystem
import Testing

extension RealKernel {
  /// The sandbox's servers, asked by programs that are not its own.
  @Suite struct ResponderTests {
    private static let web1 = "192.168.147.4"
    private static let web1v6 = "2001:db8:147::4"

    /// The classic machines with IPv4 and IPv6, and a responder on web1.
    private func withResponder(
      _ ports: [(Transport, UInt16)], pageText: String? = nil, _ body: (Network, Responder) throws -> Void
    ) throws {
      try Network.with(.dualStack().withoutPages) { network in
        let responder = try Responder(network.web1, name: "web one", ports: ports, pageText: pageText)
        defer { responder.stop() }
        try body(network, responder)
      }
    }

    @Test(arguments: [web1, "[\(web1v6)]"])
    func `a browser gets a page with the name, and with what a health check looks for`(host: String) throws {
      try withResponder([(.tcp, 8080)], pageText: "all is well") { network, _ in
        let page = try network.client.run(
          "curl", "--silent", "--show-error", "--globoff", "--include", "http://\(host):8080/any?thing")
        #expect(page.output.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(page)")
        #expect(page.output.hasSuffix("\r\n\r\nweb one\nall is well\n"), "\(page)")
        // curl waits for a body that HEAD does not have where it is told of one in another way.
        let head = try network.client.run("curl", "--silent", "--globoff", "--head", "http://\(host):8080/")
        #expect(head.status == 0 && head.output.contains("\r\nContent-Length: 20\r\n"), "\(head)")
        #expect(!head.output.contains("web one"), "\(head)")
      }
    }

    @Test func `a line is answered with the name in front, however many come, and in whatever pieces`() throws {
      try withResponder([(.tcp, 7)]) { network, _ in
        let answers = try network.client.run("busybox", "nc", Self.web1, "7", input: "one\nGETTY two\n\nlast")
        #expect(answers.output == "web one one\nweb one GETTY two\nweb one \n", "\(answers)")
        // Each line of a request is a segment of its own.
        let socket = try inNamespace(network.client.name) { try TCPSocket(to: Self.web1v6, port: 7) }
        for line in ["GET / HTTP/1.0", "Host: x", ""] { try socket.send(line: line) }
        #expect(try socket.receiveLine() == "HTTP/1.1 200 OK\r")
        // What comes first may become either.
        for (begin, end, answer) in [
          ("GE", "T / HTTP/1.0\\n\\n", "HTTP/1.1 200 OK"), ("HE", "LLO\\n", "web one HELLO"),
        ] {
          let script = "exec 3<>/dev/tcp/\(Self.web1)/7; printf \(begin) >&3; printf '\(end)' >&3; head -n 1 <&3"
          #expect(try network.client.run("bash", "-c", script).output.trimmed == answer)
        }
      }
    }

    @Test func `a datagram is answered from the address that it came to, one of many of the machine`() throws {
      try withResponder([(.udp, 53)]) { network, _ in
        // Behind the responder's back: as apply puts a VIP on a machine that serves already.
        try network.web1.ip("address add 192.168.147.100/32 dev lo", "address add 2001:db8:147::100/128 dev lo nodad")
        try network.client.ip(
          "route add 192.168.147.100 via \(Self.web1)", "route add 2001:db8:147::100 via \(Self.web1v6)")
        let wiretap = try Wiretap(at: network.client, "udp src port 53")
        let addresses = [Self.web1, "192.168.147.100", Self.web1v6, "2001:db8:147::100"]
        for address in addresses {
          #expect(try network.ask(.udp, address, 53) == [.from("web one")], "\(address)")
        }
        let senders = try wiretap.packets(4).map { $0.words[2] }
        #expect(senders == addresses.map { "\($0).53" })
      }
    }

    @Test(arguments: [Transport.tcp, .udp])
    func `a port is closed and opened again while others answer`(transport: Transport) throws {
      try withResponder([(transport, 7), (transport, 8)]) { network, responder in
        try responder.setListening(false, transport: transport, port: 7)
        for address in [Self.web1, Self.web1v6] {
          #expect(try network.ask(transport, address, 7) == [.refused(ECONNREFUSED)])
          #expect(try network.ask(transport, address, 8) == [.from("web one")])
        }
        try responder.setListening(true, transport: transport, port: 7)
        #expect(try network.ask(transport, Self.web1, 7) == [.from("web one")])
        responder.stop()
        #expect(try network.ask(transport, Self.web1, 8) == [.refused(ECONNREFUSED)])
      }
    }

    @Test func `a machine without IPv6 is served over IPv4`() throws {
      try Network.with([Machine("client", "192.168.147.50/24"), Machine("web1", "192.168.147.4/24")]) { network in
        for scope in ["all", "default", "lo"] {
          try network.web1.setSysctl("net/ipv6/conf/\(scope)/disable_ipv6", 1)
        }
        let responder = try Responder(network.web1, name: "web1", ports: [(.tcp, 80), (.udp, 80)])
        defer { responder.stop() }
        #expect(try network.client.get(Self.web1) == "web1")
        #expect(try network.ask(.udp, Self.web1, 80) == [.from("web1")])
      }
    }

    @Test func `a port that is taken is told of`() throws {
      try withResponder([(.tcp, 80), (.udp, 80)]) { network, _ in
        for transport in [Transport.tcp, .udp] {
          #expect(throws: SystemError(errno: EADDRINUSE, subject: "port 80 of \(transport.rawValue)")) {
            try Responder(network.web1, name: "other", ports: [(transport, 80)])
          }
        }
      }
    }

    private static let hasSCTP: Bool = {
      guard isSandboxKernel else { return false }
      _ = try? run(["modprobe", "sctp"])
      return access("/proc/sys/net/sctp", F_OK) == 0
    }()

    @Test(.enabled(if: hasSCTP, "the kernel has no SCTP"), arguments: [web1, web1v6])
    func `an association of SCTP is answered`(address: String) throws {
      try withResponder([(.sctp, 9000)]) { network, responder in
        #expect(Transport.isSupported(.sctp, on: network.client))
        let wiretap = try Wiretap(at: network.client, "sctp")
        #expect(try network.ask(.sctp, address, 9000, count: 3) == Array(repeating: .from("web one"), count: 3))
        #expect(try wiretap.packets(4).contains { $0.contains("[INIT ACK]") })
        try responder.setListening(false, transport: .sctp, port: 9000)
        #expect(try network.ask(.sctp, address, 9000) == [.refused(ECONNREFUSED)])
      }
    }
  }
}

extension [Network.Machine] {
  /// The same machines without responders.
  var withoutPages: Self {
    map { machine in
      var machine = machine
      machine.page = nil
      return machine
    }
  }
}

extension Network {
  /// Asks from the client.
  func ask(_ transport: Transport, _ address: String, _ port: UInt16, count: Int = 1) throws -> [Answer] {
    try LVSSandbox.ask(client, Question(transport, to: address, port: port), count: count)
  }
}

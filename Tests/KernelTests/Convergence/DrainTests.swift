import Glibc
import LVSKernel
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// What counts as a connection when a real server leaves, what becomes of new ones meanwhile, and of those that are cut.
  @Suite struct DrainTests {
    private static let vip = "192.168.147.100"
    private static let sysctls = ["expire_quiescent_template", "expire_nodest_conn"]

    /// A cluster of director1 with some of the web nodes.
    private static func file(_ service: String, on servers: [String] = ["web1", "web2"], _ rest: String = "") -> String
    {
      """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }
      vips: [{ name: shop, address: \(vip) }]
      services:
        - { \(service), scheduler: rr, real_servers: [\(servers.joined(separator: ", "))] }
      \(rest)

      """
    }

    private static let udp = "vip: \(vip), port: 53, protocol: udp"
    private static let bound = "vip: \(vip), port: 80, persistence: 300"

    /// The cluster, applied, where a flow of UDP ends three seconds after its last datagram.
    private func withFlow(_ service: String, _ body: (Network, Flow) throws -> Void) throws {
      try Network.classic { network in
        if service.contains("fwmark") { try network.director1.mark(7, everythingTo: Self.vip) }
        for node in [network.web1, network.web2, network.director1] { try node.apply(Self.file(service)) }
        try network.director1.succeed("ipvsadm --set 0 0 3")
        try body(network, try network.flow(to: Self.vip, answeredBy: "web2"))
      }
    }

    /// The cluster with persistence, applied, with a client that is bound to a web node.
    private func withBoundClient(
      _ service: String = bound, _ body: (Network, LongConnection, _ other: String) throws -> Void
    ) throws {
      try Network.classic { network in
        for node in [network.web1, network.web2, network.director1] { try node.apply(Self.file(service)) }
        let connection = try LongConnection(from: network.client, to: Self.vip, port: 80)
        try body(network, connection, connection.server == "web1" ? "web2" : "web1")
      }
    }

    // MARK: UDP

    @Test func `a flow of UDP is waited for until it ends, and loses nothing`() throws {
      try withFlow(Self.udp) { network, flow in
        let director = network.director1
        let apply = try director.startLvsctl("apply", Self.file(Self.udp, on: ["web1"]), "--graceful", "600")
        try eventually("apply waits") {
          try flow.expectAnswer(by: "web2")
          return apply.errors.contains("1 connection")
        }
        for _ in 1...60 { try flow.expectAnswer(by: "web2") }
        #expect(try director.ipvs().contains("-a -u \(Self.vip):53 -r 192.168.147.3:53 -g -w 0"))
        try flow.expectAnswer(by: "web2")
        #expect(apply.wait(limit: 30) == 0)
        #expect(apply.output.contains("waits for 1 connection"))
        #expect(apply.errors.contains("no connection is left"))
        try flow.expectAnswer(by: "web1")
        #expect(flow.lost == 0)
        try director.expectSysctls(Self.sysctls, "0")
      }
    }

    @Test func `when the time is up a flow of UDP goes on at another real server at once`() throws {
      try withFlow(Self.udp) { network, flow in
        let director = network.director1
        let apply = try director.startLvsctl("apply", Self.file(Self.udp, on: ["web1"]), "--graceful", "1")
        try eventually("the flow goes on at web1") { try flow.ask() == "web1" }
        #expect(apply.wait(limit: 30) == 0)
        #expect(apply.errors.contains("1 connection, 0 s left"))
        for _ in 1...10 { try flow.expectAnswer(by: "web1") }
        #expect(flow.lost == 0)
        try director.expectSysctls(Self.sysctls, "0")
      }
    }

    @Test func `without grace the plan says that a flow of UDP is cut`() throws {
      try withFlow(Self.udp) { network, _ in
        let alone = Self.file(Self.udp, on: ["web1"])
        for command in ["diff", "apply"] {
          let outcome = try network.director1.lvsctl(command, alone)
          #expect(outcome.output.contains("cuts 1 connection"))
        }
      }
    }

    @Test func `one_packet holds nothing up and loses nothing`() throws {
      let service = "\(Self.udp), one_packet: true"
      try withFlow(service) { network, flow in
        let apply = try network.director1.startLvsctl(
          "apply", Self.file(service, on: ["web1"]), "--graceful", "600")
        try eventually("web2 is gone") {
          for _ in 1...20 { try flow.ask() }
          return try !network.director1.ipvs().contains { $0.contains("192.168.147.3") }
        }
        #expect(apply.wait(limit: 30) == 0)
        #expect(flow.lost == 0)
      }
    }

    // MARK: Firewall marks

    @Test func `behind a firewall mark flows of UDP are waited for, and TCP connections that are over are not`() throws
    {
      try withFlow("fwmark: 7") { network, flow in
        let director = network.director1
        #expect(try network.client.answers(from: Self.vip, count: 4)["web2"] == 2)
        let apply = try director.startLvsctl("apply", Self.file("fwmark: 7", on: ["web1"]), "--graceful", "600")
        try eventually("apply waits") {
          try flow.expectAnswer(by: "web2")
          return apply.errors.contains("1 connection,")
        }
        for _ in 1...20 { try flow.expectAnswer(by: "web2") }
        #expect(apply.wait(limit: 30) == 0)
        #expect(apply.output.contains("waits for 1 connection"))
        #expect(flow.lost == 0)
        // What is over lasts two minutes in the table; the kernel let go of it with the real server.
        try flow.expectAnswer(by: "web1")
      }
    }

    @Test func `the VIP of a firewall mark stays until the connections of its service have ended`() throws {
      let nothing = """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
        real_servers: []
        services: []

        """
      try withFlow("fwmark: 7") { network, flow in
        let director = network.director1
        let apply = try director.startLvsctl("apply", nothing, "--graceful", "600")
        try eventually("apply waits") {
          try flow.expectAnswer(by: "web2")
          return apply.errors.contains("1 connection")
        }
        #expect(try director.addresses().contains { $0.hasPrefix("\(Self.vip)/32") })
        try flow.expectAnswer(by: "web2")
        #expect(apply.wait(limit: 30) == 0)
        #expect(try !director.addresses().contains { $0.hasPrefix("\(Self.vip)/32") })
        #expect(try director.ipvs() == [])
        #expect(flow.lost == 0)
      }
    }

    // MARK: Half-open

    @Test func `a half-open connection of TCP is waited for`() throws {
      try withBoundClient { network, connection, other in
        let director = network.director1
        connection.close()
        try eventually("the connection is over") {
          try [3, 4].allSatisfy { try director.activeConnections(of: "192.168.147.\($0):80") == 0 }
        }
        let filter = "iptables-legacy -A INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -j DROP"
        try network.client.succeed(filter)
        // A client that stays when it has its answer.
        let visitor = try network.client.start(
          "bash", "-c", "exec 3<>/dev/tcp/\(Self.vip)/80; echo held >&3; cat <&3")
        try eventually("the connection is half open") {
          try director.connections().contains { $0.contains("SYN_RECV") }
        }
        let apply = try director.startLvsctl("apply", Self.file(Self.bound, on: [other]), "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        try network.client.succeed(filter.replacing(" -A ", with: " -D "))
        try eventually("the connection is open") { visitor.output.contains(connection.server) }
        #expect(try director.ipvs().contains { $0.hasSuffix("-w 0") })
        visitor.stop()
        #expect(apply.wait(limit: 30) == 0)
      }
    }

    @Test func `a half-open association of SCTP is waited for`() throws {
      let service = "vip: \(Self.vip), port: 9000, protocol: sctp"
      try succeed(["modprobe", "sctp"])
      try Network.classic { network in
        let director = network.director1
        for node in [network.web1, network.web2, director] { try node.apply(Self.file(service, on: ["web2"])) }
        try network.web2.succeed("iptables-legacy -A INPUT -p sctp -j DROP")
        let client = try SCTPAttempt(from: network.client, to: Self.vip, port: 9000)
        try eventually("the association is half open") { try director.connections().contains { $0.contains(" INIT") } }
        let apply = try director.lvsctl("apply", Self.file(service, on: ["web1"]), "--graceful", "1")
        #expect(apply.status == 0)
        #expect(apply.output.contains("waits for 1 connection"))
        #expect(apply.errors.contains("1 connection, 0 s left"))
        withExtendedLifetime(client) {}
      }
    }

    // MARK: Persistence, and the sysctls

    @Test(arguments: ["0", "1"])
    func `new connections of a bound client go elsewhere while its old ones last`(before: String) throws {
      try withBoundClient { network, connection, other in
        let director = network.director1
        for name in Self.sysctls { try director.setSysctl("net/ipv4/vs/\(name)", Int(before) ?? 0) }
        let apply = try director.startLvsctl("apply", Self.file(Self.bound, on: [other]), "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        for _ in 1...5 {
          #expect(try LongConnection(from: network.client, to: Self.vip, port: 80).server == other)
        }
        #expect(connection.isAlive())
        connection.close()
        #expect(apply.wait(limit: 30) == 0)
        try director.expectSysctls(Self.sysctls, before)
      }
    }

    /// The scheduler chooses one real server for an address, and refuses it when that one has weight 0.
    @Test func `new connections go elsewhere also where sh hashes them to the real server that leaves`() throws {
      let service = "vip: \(Self.vip), port: 80"
      func hashed(_ file: String) -> String { file.replacing("scheduler: rr", with: "scheduler: sh") }
      try withBoundClient(service) { network, first, _ in
        let director = network.director1
        first.close()
        try director.apply(hashed(Self.file(service)))
        let connection = try LongConnection(from: network.client, to: Self.vip, port: 80)
        let other = connection.server == "web1" ? "web2" : "web1"
        try eventually("that is the only open connection") {
          let counts = try [3, 4].map { try director.activeConnections(of: "192.168.147.\($0):80") ?? 0 }
          return counts.reduce(0, +) == 1
        }
        let apply = try director.startLvsctl(
          "apply", hashed(Self.file(service, on: [other])), "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        for _ in 1...5 {
          #expect(try LongConnection(from: network.client, to: Self.vip, port: 80).server == other)
        }
        #expect(connection.isAlive())
        connection.close()
        #expect(apply.wait(limit: 30) == 0)
        #expect(try director.ipvs().contains("-A -t \(Self.vip):80 -s sh"))
      }
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal during the wait sets the sysctls back`(signal: String) throws {
      try withBoundClient { network, connection, other in
        let director = network.director1
        let before = try director.state()
        let apply = try director.startLvsctl("apply", Self.file(Self.bound, on: [other]), "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        #expect(try director.sysctl("net/ipv4/vs/expire_quiescent_template") == "1")
        try succeed(["kill", "-\(signal)", "\(apply.pid)"])
        #expect(apply.wait(limit: 30) == 71)
        #expect(apply.errors.contains("All of it was taken back"))
        try director.expectUnchanged(since: before)
        try director.expectSysctls(Self.sysctls, "0")
        // And the client is bound to its real server as before.
        #expect(try LongConnection(from: network.client, to: Self.vip, port: 80).server == connection.server)
      }
    }

    @Test func `when the time is up or nobody confirms, the sysctls are back`() throws {
      try withBoundClient { network, connection, other in
        let director = network.director1
        let before = try director.state()
        let alone = Self.file(Self.bound, on: [other])
        let unkept = try director.lvsctl("apply", alone, "--graceful", "1", "--confirm-within", "0.1")
        #expect(unkept.status == 1)
        try director.expectUnchanged(since: before)
        try director.expectSysctls(Self.sysctls, "0")
        #expect(try director.lvsctl("apply", alone, "--graceful", "1").status == 0)
        try director.expectSysctls(Self.sysctls, "0")
        withExtendedLifetime(connection) {}
      }
    }

    @Test func `a value that the file gives the sysctls is there afterwards, and not before`() throws {
      let off = "sysctls: { director: { net.ipv4.vs.expire_quiescent_template: 0, net.ipv4.vs.expire_nodest_conn: 0 } }"
      for before in [0, 1] {
        try withBoundClient { network, connection, other in
          let director = network.director1
          for name in Self.sysctls { try director.setSysctl("net/ipv4/vs/\(name)", before) }
          let apply = try director.startLvsctl("apply", Self.file(Self.bound, on: [other], off), "--graceful", "600")
          try eventually("apply waits") { apply.errors.contains("1 connection") }
          #expect(try LongConnection(from: network.client, to: Self.vip, port: 80).server == other)
          connection.close()
          #expect(apply.wait(limit: 30) == 0)
          try director.expectSysctls(Self.sysctls, "0")
        }
      }
    }

    @Test func `whichever message is refused, the sysctls are back`() throws {
      try withBoundClient { network, connection, other in
        try inNamespace(network.director1.name) {
          let target = try NodeInProcess(Self.file(Self.bound, on: [other]), node: "director1")
          let before = try target.observe()
          let staged = try target.plan(from: before).staged(observed: before)
          func apply(_ seam: MessageSeam, keepsPartial: Bool = false) throws {
            let removal = GracefulRemoval(
              seam.kernel, remember: { _ in }, shouldStop: { false }, signals: { nil },
              report: { Issue.record("\($0)") })
            removal.begin(staged)
            defer { removal.end() }
            let applier = Applier(
              sink: TransientSysctlSink(KernelSink(seam.kernel), removal.sysctls), observe: { try target.observe() },
              replan: { try target.plan(from: $0) })
            try applier.apply(
              staged.first, wait: { try removal.wait(atMost: 0, progress: { _, _ in }) }, then: staged.second,
              before: before, keepsPartial: keepsPartial)
          }
          for message in 0..<2 {
            for keepsPartial in [false, true] {
              let seam = MessageSeam { $0 == message ? .refuse(EPERM) : .pass }
              #expect(throws: ApplyError.self) { try apply(seam, keepsPartial: keepsPartial) }
              try network.director1.expectSysctls(Self.sysctls, "0")
              try NodeInProcess(Self.file(Self.bound), node: "director1").apply()
            }
          }
          try apply(MessageSeam())
          try network.director1.expectSysctls(Self.sysctls, "0")
        }
        withExtendedLifetime(connection) {}
      }
    }

    @Test func `what a killed run held is set back from memory, unless somebody else has set it since`() throws {
      try Network.classic { network in
        let director = network.director1
        _ = try director.ipvs()
        try inNamespace(director.name) {
          var memory: [String: String] = [:]
          let names = Self.sysctls.map { "net.ipv4.vs.\($0)" }
          let killed = TransientSysctls { memory = $0 }
          for name in names { try killed.hold(name, at: "1") }
          #expect(memory == Dictionary(uniqueKeysWithValues: names.map { ($0, "0") }))
          try director.expectSysctls(Self.sysctls, "1")
          #expect(GracefulRemoval.setBack(memory) { Issue.record("\($0)") } == [:])
          try director.expectSysctls(Self.sysctls, "0")

          #expect(GracefulRemoval.setBack([names[0]: "2"]) { Issue.record("\($0)") } == [:])
          try director.expectSysctls(Self.sysctls, "0")
          // A run that comes to its end leaves nothing to remember.
          killed.release { Issue.record("\($0): \($1)") }
          #expect(memory == [:])
        }
      }
    }

    // MARK: Teardown

    private static let lastService = "services: [{ vip: \(vip), port: 80, forward: nat }]"

    @Test(arguments: ["teardown", "apply"])
    func `forwarding stays on for as long as a connection of the last NAT service needs it`(command: String) throws {
      let file = """
        directors: [{ name: director1, address: [192.168.147.6, 10.0.0.1], interface: ens33 }]
        real_servers: [{ name: web1, address: 10.0.0.4 }]
        \(Self.lastService)

        """
      let machines = [
        Machine("client", "192.168.147.50/24"),
        Machine(
          "director1",
          links: [
            Link(addresses: ["192.168.147.6/24"]), Link(name: "ens34", lan: "inner", addresses: ["10.0.0.1/24"]),
          ]),
        Machine(
          "web1", links: [Link(lan: "inner", addresses: ["10.0.0.4/24"])], routes: ["default via 10.0.0.1"],
          page: "web1"),
      ]
      try succeed(["modprobe", "ip_vs"])
      try Network.with(machines) { network in
        let director = network.director1
        let before = try director.state()
        try director.apply(file)
        let connection = try LongConnection(from: network.client, to: Self.vip, port: 80)
        let wanted = command == "apply" ? file.replacing(Self.lastService, with: "services: []") : file
        let run = try director.startLvsctl(command, wanted, "--graceful", "600")
        try eventually("\(command) waits") { run.errors.contains("1 connection") }
        #expect(run.output.contains("waits for 1 connection"))
        #expect(try director.sysctl("net/ipv4/ip_forward") == "1")
        #expect(connection.isAlive())
        connection.close()
        #expect(run.wait(limit: 30) == 0)
        #expect(try director.sysctl("net/ipv4/ip_forward") == "0")
        if command == "teardown" { try director.expectUnchanged(since: before) }
        try director.expectSysctls(Self.sysctls, "0")
      }
    }
  }
}

extension Namespace {
  /// Sets a firewall mark on all that comes for an address.
  func mark(_ mark: Int, everythingTo address: String) throws {
    // The sandbox kernel has no nf_tables for IPv4, so the older backend it is.
    try succeed("iptables-legacy -t mangle -A PREROUTING -d \(address) -j MARK --set-mark \(mark)")
  }

  /// The connections of IPVS, a line each.
  func connections() throws -> [String] { try succeed("ipvsadm -Lnc").lines }

  /// Expects a value of sysctls below net.ipv4.vs.
  func expectSysctls(_ names: [String], _ value: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for name in names { #expect(try sysctl("net/ipv4/vs/\(name)") == value, "\(name)", sourceLocation: sourceLocation) }
  }
}

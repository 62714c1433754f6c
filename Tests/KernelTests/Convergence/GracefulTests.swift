import Testing

extension RealKernel {
  /// Real servers that leave get the time that their connections need, where an operator grants it.
  @Suite struct GracefulTests {
    private static let both = Clusters.classic
    private static let web1Alone = """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
      services:
        - { vip: 192.168.147.100, port: 80, scheduler: rr }

      """
    private static let service = "-t 192.168.147.100:80"
    private static let web2 = "-a \(service) -r 192.168.147.3:80 -g -w 1"
    private static let resting = "-a \(service) -r 192.168.147.3:80 -g -w 0"

    /// The classic cluster, applied, with a connection to web2 that is held.
    private func withConnection(_ body: (Namespace, LongConnection) throws -> Void) throws {
      try Network.classic { network in
        for node in [network.web1, network.web2, network.director1] { try node.apply(Self.both) }
        var held: LongConnection?
        try eventually("a connection leads to web2") {
          held = try LongConnection(from: network.client, to: "192.168.147.100", port: 80)
          return held?.server == "web2"
        }
        let connection = try #require(held)
        try eventually("the director counts it as active") {
          try network.director1.activeConnections(of: "192.168.147.3:80") == 1
        }
        try body(network.director1, connection)
      }
    }

    @Test func `a real server with connections is given no new ones, waited for and removed`() throws {
      try withConnection { director, connection in
        let apply = try director.startLvsctl("apply", Self.web1Alone, "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        #expect(try director.ipvs().contains(Self.resting))
        #expect(connection.isAlive())
        connection.close()
        #expect(apply.wait(limit: 30) == 0)
        #expect(try !director.ipvs().contains { $0.contains("192.168.147.3") })
        // One line when the wait began and one when it was over, and which real server it was.
        #expect(apply.errors.lines.count == 2)
        #expect(apply.errors.lines.allSatisfy { $0.contains("192.168.147.3:80") })
        #expect(apply.errors.contains("no connection is left"))
        #expect(apply.output.contains("waits for 1 connection"))
      }
    }

    @Test func `when the time is up the real server goes with its connections, and that is said`() throws {
      try withConnection { director, connection in
        let outcome = try director.lvsctl("apply", Self.web1Alone, "--graceful", "1")
        #expect(outcome.status == 0)
        #expect(outcome.errors.lines.last?.contains("1 connection, 0 s left") == true)
        #expect(try !director.ipvs().contains { $0.contains("192.168.147.3") })
        _ = connection
      }
    }

    @Test func `without grace removal is immediate, and the plan says what it cuts`() throws {
      try withConnection { director, connection in
        let outcome = try director.lvsctl("apply", Self.web1Alone)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("cuts 1 connection"))
        #expect(outcome.errors == "")
        #expect(try !director.ipvs().contains { $0.contains("192.168.147.3") })
        _ = connection
      }
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal during the wait takes the first stage back`(signal: String) throws {
      try withConnection { director, connection in
        let before = try director.state()
        let apply = try director.startLvsctl("apply", Self.web1Alone, "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        try succeed(["kill", "-\(signal)", "\(apply.pid)"])
        #expect(apply.wait(limit: 30) == 71)
        #expect(apply.errors.contains("Ended on request"))
        #expect(apply.errors.contains("All of it was taken back"))
        #expect(try director.state() == before)
        #expect(connection.isAlive())
      }
    }

    @Test func `killed during the wait, the next apply converges`() throws {
      try withConnection { director, _ in
        let apply = try director.startLvsctl("apply", Self.web1Alone, "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        #expect(apply.stop() == 137)
        #expect(try director.ipvs().contains(Self.resting))
        try director.apply(Self.both)
        #expect(try director.ipvs().contains(Self.web2))
      }
    }

    @Test func `a VIP that leaves waits with the connections of its service`() throws {
      try withConnection { director, connection in
        let moved = Self.both.replacing("192.168.147.100", with: "192.168.147.101")
        let apply = try director.startLvsctl("apply", moved, "--graceful", "600")
        try eventually("apply waits") { apply.errors.contains("1 connection") }
        #expect(try director.addresses().contains { $0.hasPrefix("192.168.147.100/32") })
        #expect(connection.isAlive())
        connection.close()
        #expect(apply.wait(limit: 30) == 0)
        #expect(try !director.addresses().contains { $0.hasPrefix("192.168.147.100/32") })
        #expect(try !director.ipvs().contains { $0.contains("192.168.147.100") })
      }
    }
  }
}

extension Namespace {
  /// ActiveConn of `ipvsadm -Ln` for a real server.
  func activeConnections(of realServer: String) throws -> Int? {
    let line = try succeed("ipvsadm -Ln").lines.first { $0.hasPrefix("-> \(realServer) ") }
    return line.flatMap { $0.words.count >= 5 ? Int($0.words[4]) : nil }
  }
}

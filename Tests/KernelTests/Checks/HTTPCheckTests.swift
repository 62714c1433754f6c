import LVSChecks
import LVSModel
import Testing

extension RealKernel {
  /// Checks by TCP and HTTP, against a server that libcurl's authors did not write.
  @Suite struct HTTPCheckTests {
    /// A checking machine and a checked one.
    static let pair = [
      Machine("director1", "192.168.147.6/24", "2001:db8:147::6/64"),
      Machine("web1", "192.168.147.4/24", "2001:db8:147::4/64"),
    ]

    private static let web = "192.168.147.4"

    /// Runs `body` with a server on web1's port 80.
    private func withServer(_ body: (Network, CheckedServer) throws -> Void) throws {
      try Network.with(Self.pair) { network in try body(network, try CheckedServer(network["web1"])) }
    }

    private func get(_ path: String, host: String? = nil, body: String? = nil) -> CheckMeans {
      .http(HTTPCheck(path: path, host: host, body: body))
    }

    @Test func `what a server answers passes or fails by status and body`() throws {
      try withServer { network, server throws in
        let director = network.director1
        let cases: [(CheckMeans, CheckOutcome)] = [
          (get("/ok"), .passed),
          (get("/ok", body: "fine"), .passed),
          (get("/ok", body: "bad"), .failed("body without \"bad\"")),
          (get("/empty"), .passed),
          (get("/empty", body: "fine"), .failed("body without \"fine\"")),
          (get("/503"), .failed("http 503")),
          (.http(HTTPCheck(path: "/503", status: [200...200, 500...599])), .passed),
          (.http(HTTPCheck(path: "/ok", status: [204...204])), .failed("http 200")),
          (get("/split", body: "needle"), .passed),
          (get("/endless"), .passed),
          (get("/endless", body: "needle"), .failed("body without \"needle\"")),
          (get("/headers"), .failed("http headers of more than 64 KiB")),
          (get("/closed"), .failed("connection closed without an answer")),
          (get("/garbage"), .failed("answer is not HTTP")),
          (get("/control"), .failed("http 500")),
        ]
        for (means, outcome) in cases {
          #expect(try director.outcome(means, Self.web, 80) == outcome, "\(means)")
        }
        // One question, one connection, one request.
        #expect(server.log.count { $0 == "connection" } == cases.count)
        #expect(server.log.count { $0.hasPrefix("/") } == cases.count)
      }
    }

    @Test func `a redirect is an answer, and is not followed`() throws {
      try withServer { network, server throws in
        #expect(try network.director1.outcome(get("/redirect"), Self.web, 80) == .failed("http 302"))
        #expect(
          try network.director1.outcome(.http(HTTPCheck(path: "/redirect", status: [302...302])), Self.web, 80)
            == .passed)
        #expect(server.log.filter { $0.hasPrefix("/") } == Array(repeating: "/redirect \(Self.web) lvsctld", count: 2))
      }
    }

    @Test(arguments: ["/hang", "/trickle", "/halfway"]) func `an answer that takes too long fails`(path: String) throws
    {
      try withServer { network, _ throws in
        let means = get(path, body: "never there")
        #expect(
          try network.director1.outcome(means, Self.web, 80, timeout: 1) == .failed("timeout after 1 s (answer)"))
      }
    }

    @Test func `the server is told the name that the check has, which nobody looks up`() throws {
      try withServer { network, server in
        let director = network.director1
        #expect(try director.outcome(get("/ok?a=b", host: "www.example.com"), Self.web, 80) == .passed)
        #expect(try director.outcome(get("/ok", host: "www.example.com"), "2001:db8:147::4", 80) == .passed)
        #expect(try director.outcome(get("/ok"), "2001:db8:147::4", 80) == .passed)
        let other = try CheckedServer(network.web1, port: 8080)
        #expect(try director.outcome(get("/ok", host: "www.example.com"), Self.web, 8080) == .passed)
        #expect(try director.outcome(get("/a b#c"), "2001:db8:147::4", 8080) == .passed)
        #expect(
          server.log.filter { $0.hasPrefix("/") } == [
            "/ok?a=b www.example.com lvsctld", "/ok www.example.com lvsctld", "/ok [2001:db8:147::4] lvsctld",
          ])
        #expect(
          other.log.filter { $0.hasPrefix("/") } == [
            "/ok www.example.com:8080 lvsctld", "/a%20b#c [2001:db8:147::4]:8080 lvsctld",
          ])
      }
    }

    @Test func `a connection that comes about is enough for tcp, and nothing is sent`() throws {
      try withServer { network, server throws in
        #expect(try network.director1.outcome(.tcp, Self.web, 80) == .passed)
        #expect(try network.director1.outcome(.tcp, "2001:db8:147::4", 80) == .passed)
        try eventually("both connections were accepted") { server.log.count { $0 == "connection" } == 2 }
        #expect(!server.log.contains { $0.hasPrefix("/") })
      }
    }

    @Test(arguments: [.tcp, .http(HTTPCheck())] as [CheckMeans])
    func `a connection that does not come about says why`(means: CheckMeans) throws {
      try Network.with(Self.pair) { network in
        let director = network.director1
        for address in [Self.web, "2001:db8:147::4"] {
          #expect(try director.outcome(means, address, 80) == .failed("connection refused"))
        }
        #expect(try director.outcome(means, "10.9.9.9", 80) == .failed("network unreachable"))
        #expect(try director.outcome(means, "192.168.147.99", 80) == .failed("no route to host"))
        try network.web1.succeed("iptables-legacy -A INPUT -p tcp --dport 80 -j DROP")
        #expect(try director.outcome(means, Self.web, 80, timeout: 1) == .failed("timeout after 1 s (connect)"))
      }
    }

    @Test func `a server that accepts nothing is connected to by the kernel, and does not answer`() throws {
      try Network.with(Self.pair) { network in
        let program = "import socket, time; s = socket.create_server(('', 80)); print('listening'); time.sleep(600)"
        let server = try network.web1.start("/usr/bin/python3", "-u", "-c", program)
        try eventually("the server listens") { server.output.contains("listening") }
        let director = network.director1
        #expect(try director.outcome(.tcp, Self.web, 80) == .passed)
        #expect(
          try director.outcome(get("/"), Self.web, 80, timeout: 1) == .failed("timeout after 1 s (answer)"))
        server.stop()
      }
    }
  }
}

import Glibc
import Testing

extension RealKernel {
  /// A director that lvsctld keeps: real servers that die leave, and come back when they live again.
  @Suite struct HealthTests {
    @Test func `a web server that is stopped leaves, and from then on no request fails; started again it comes back`()
      throws
    {
      try Network.withoutPages { network in
        let file = CheckedCluster.file()
        for web in [network.web1, network.web2] { try web.apply(file) }
        let first = try WebServer(network.web1)
        let second = try WebServer(network.web2)
        let director = network.director1
        let kept = try director.keep(file, "--interval", "1")
        #expect(try network.client.answers(from: CheckedCluster.vip, count: 10) == ["web1": 5, "web2": 5])
        first.stop()
        try eventually("web1 has weight 0: \(kept.log)") { try director.weight("192.168.147.4:80") == 0 }
        #expect(try network.client.answers(from: CheckedCluster.vip, count: 40) == ["web2": 40])
        #expect(kept.count(of: "Down: http 192.168.147.4:80 (web1): connection refused, 2 times in a row.") == 1)
        let status = try director.lvsctl("status", file, "--format", "json")
        #expect(status.status == 0, "\(status.output)\(status.errors)")
        #expect(try director.lvsctl("diff", file).status == 0)
        try first.start()
        try eventually("web1 has its weight again: \(kept.log)") { try director.weight("192.168.147.4:80") == 1 }
        #expect(try network.client.answers(from: CheckedCluster.vip, count: 10) == ["web1": 5, "web2": 5])
        #expect(kept.count(of: "Up again: http 192.168.147.4:80 (web1), 2 passed in a row.") == 1)
        second.stop()
        try eventually("web2 has weight 0") { try director.weight("192.168.147.3:80") == 0 }
        #expect(try network.client.answers(from: CheckedCluster.vip, count: 10) == ["web1": 10])
      }
    }

    @Test func `a server that is down stays out over apply, a kill, a faulty file, and a file with other weights`()
      throws
    {
      let file = CheckedCluster.file()
      try Network.withoutPages { network in
        for web in [network.web1, network.web2] { try web.apply(file) }
        let first = try WebServer(network.web1)
        let second = try WebServer(network.web2)
        let director = network.director1
        let kept = try director.keep(file, "--interval", "1")
        first.stop()
        try eventually("web1 is out") { try director.weight("192.168.147.4:80") == 0 }
        try director.apply(file)
        #expect(try director.weight("192.168.147.4:80") == 0)
        #expect(try director.lvsctl("diff", file).status == 0)
        try kept.killAndStartAgain()
        try eventually("the new one has applied") { kept.count(of: "This node is director1") == 2 }
        #expect(try director.weight("192.168.147.4:80") == 0)
        try kept.reload(file + "colour: red\n")
        #expect(kept.log.contains("is not taken; this node stays what it was"))
        #expect(try director.weight("192.168.147.4:80") == 0)
        #expect(try director.weight("192.168.147.3:80") == 1)
        let heavier = CheckedCluster.file(weights: (7, 9))
        try kept.reload(heavier)
        #expect(try director.weight("192.168.147.4:80") == 0)
        #expect(try director.weight("192.168.147.3:80") == 9)
        // Another question about the same server: what was known of it is not forgotten with the old one.
        try kept.reload(
          CheckedCluster.file(
            "{ type: http, path: /index.html, interval: 1, timeout: 1, fall: 2, rise: 2 }", weights: (7, 9)))
        #expect(try director.weight("192.168.147.4:80") == 0)
        try first.start()
        try eventually("web1 is back with its new weight: \(kept.log)") { try director.weight("192.168.147.4:80") == 7 }
        withExtendedLifetime(second) {}
      }
    }

    @Test func `when all are down the fallback serves, and it leaves with the first that comes back`() throws {
      let file = CheckedCluster.file(
        "{ type: http, interval: 1, timeout: 1, fall: 2, rise: 2 }", "fallback: sorry")
      try Network.withoutPages { network in
        let sorry = network.director2
        for web in [network.web1, network.web2, sorry] { try web.apply(file) }
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let last = try WebServer(sorry, page: "sorry")
        let director = network.director1
        let kept = try director.keep(file, "--interval", "1")
        #expect(try director.weight("192.168.147.5:80") == nil)
        first.stop()
        second.stop()
        try eventually("the fallback serves: \(kept.log)") { try director.weight("192.168.147.5:80") == 1 }
        try eventually("both are out") {
          try director.weight("192.168.147.4:80") == 0 && director.weight("192.168.147.3:80") == 0
        }
        #expect(try network.client.answers(from: CheckedCluster.vip, count: 10) == ["sorry": 10])
        try second.start()
        try eventually("the fallback is gone") { try director.weight("192.168.147.5:80") == nil }
        #expect(try director.weight("192.168.147.3:80") == 1)
        #expect(try network.client.answers(from: CheckedCluster.vip, count: 10) == ["web2": 10])
        withExtendedLifetime(last) {}
      }
    }

    /// One real server with a service, and a check, for each way to fail; the port is the service's number.
    @Test func `each way to fail takes a real server out, and what answers as it should stays`() throws {
      let checks = [
        ("type: http, path: /503", "http 503"), ("type: http, path: /ok, body: welcome", "body without \"welcome\""),
        ("type: http, path: /hang", "timeout after 1 s (answer)"),
        ("type: tcp, port: 81", "timeout after 1 s (connect)"),
        ("type: https, path: /ok, port: 443, host: other.example, verify: true", "tls: "),
        ("type: udp, port: 53, send: hello", "timeout after 1 s"), ("type: tcp, port: 82", "connection refused"),
        ("type: exec, command: [/bin/sh, -c, \"sleep 1000 & sleep 1000\"]", "timeout after 1 s (exec)"),
        ("type: exec, command: [/bin/false]", "exec exit status 1"),
        ("type: http, path: /ok, body: all fine", nil), ("type: https, path: /ok, port: 443, host: other.example", nil),
        ("type: exec, command: [/bin/true]", nil),
      ]
      let services = checks.enumerated().map { number, check in
        "  - { vip: \(CheckedCluster.vip), port: \(8000 + number), real_servers: [web1], "
          + "check: { \(check.0)\(check.0.contains("port:") ? "" : ", port: 80"), interval: 1, timeout: 1, fall: 2 } }"
      }
      let file = """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
        real_servers: [{ name: web1, address: 192.168.147.4 }]
        services:
        \(services.joined(separator: "\n"))

        """
      try Network.withoutPages { network in
        let servers = [
          try CheckedServer(network.web1), try CheckedServer(network.web1, port: 443, certificate: "www.example.com"),
        ]
        let silent = try network.web1.start(
          "/usr/bin/python3", "-c",
          "import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\ns.bind(('', 53))\nwhile 1: s.recv(9)")
        defer { silent.stop() }
        try network.web1.succeed("iptables-legacy -A INPUT -p tcp --dport 81 -j DROP")
        let kept = try network.director1.keep(file, "--interval", "1")
        let wanted = checks.map { $0.1 == nil ? 1 : 0 }
        func weights() throws -> [Int?] {
          try checks.indices.map {
            try network.director1.weight("192.168.147.4:\(8000 + $0)", of: "\(CheckedCluster.vip):\(8000 + $0)")
          }
        }
        try eventually("each has its weight: \(kept.log)") { try weights() == wanted }
        for case (let check, let reason?) in checks {
          #expect(kept.log.lines.contains { $0.hasPrefix("Down: ") && $0.contains(reason) }, "\(check): \(kept.log)")
        }
        // What never ends is killed with whatever it started.
        kept.send(SIGTERM)
        #expect(kept.process.wait(limit: 20) == 0)
        try eventually("no program is left") { try run(["pgrep", "-f", "^sleep 1000$"]).output.isEmpty }
        #expect(try weights() == wanted)
        withExtendedLifetime(servers) {}
      }
    }

    @Test func `with on_failure remove a server that is down leaves the service, and comes back to it`() throws {
      let file = CheckedCluster.file(
        "{ type: http, interval: 1, timeout: 1, fall: 2, rise: 2 }", "on_failure: remove")
      try Network.withoutPages { network in
        for web in [network.web1, network.web2] { try web.apply(file) }
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let director = network.director1
        let kept = try director.keep(file, "--interval", "1")
        first.stop()
        try eventually("web1 is gone: \(kept.log)") { try director.weight("192.168.147.4:80") == nil }
        #expect(try director.weight("192.168.147.3:80") == 1)
        try director.apply(file)
        #expect(try director.weight("192.168.147.4:80") == nil)
        try first.start()
        try eventually("web1 is there again") { try director.weight("192.168.147.4:80") == 1 }
        withExtendedLifetime(second) {}
      }
    }
  }
}

extension Network {
  /// The classic machines, whose web servers are the test's to start.
  static func withoutPages(_ body: (Network) throws -> Void) throws {
    try with([Machine].classic.withoutPages, body)
  }
}

/// A web server of a test that comes and goes.
final class WebServer {
  private let node: Namespace
  private let port: Int
  private let page: String
  private var responder: Responder?

  /// Starts it with its machine's name for a page.
  init(_ node: Namespace, port: Int = 80, page: String? = nil) throws {
    self.node = node
    self.port = port
    self.page = page ?? node.machine
    try start()
  }

  deinit { stop() }

  /// Starts it again.
  func start() throws { responder = try Responder(node, name: page, ports: [(.tcp, UInt16(port))]) }

  /// Ends it, and waits until it has.
  func stop() {
    responder?.stop()
    responder = nil
  }
}

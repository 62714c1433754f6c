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
    var machines: [Machine] = .classic
    for index in machines.indices { machines[index].page = nil }
    try with(machines, body)
  }
}

/// A web server of a test that comes and goes.
final class WebServer {
  private let node: Namespace
  private let port: Int
  private let folder: String
  private var process: RunningCommand?

  /// Starts it with its machine's name for a page, and waits until it listens.
  init(_ node: Namespace, port: Int = 80, page: String? = nil) throws {
    self.node = node
    self.port = port
    folder = "/run/pages-\(node.name)-\(port)"
    _ = try LVSSandbox.succeed(["mkdir", "-p", folder])
    try write((page ?? node.machine) + "\n", to: "\(folder)/index.html")
    try start()
  }

  deinit { stop() }

  /// Starts it again.
  func start() throws {
    process = try node.start("busybox", "httpd", "-f", "-p", "\(port)", "-h", folder)
    try eventually("the web server of \(node.machine) listens") {
      try node.run("ss", "-Hltn", "sport = :\(port)").output.contains("LISTEN")
    }
  }

  /// Ends it, and waits until it has.
  func stop() {
    process?.stop()
    process = nil
  }
}

import Glibc
import LVSConfig
import LVSModel
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// What lvsctld keeps of the health of real servers is what every command goes by.
  @Suite struct KeptHealthTests {
    private static let vip = "192.168.147.100"

    /// A cluster of two web nodes and a fallback, with a check that is asked of the two.
    private static func file(_ onFailure: FailurePolicy, hasFallback: Bool = true) throws -> ClusterFile {
      var file = try readCluster(
        """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
        real_servers:
          - { name: web1, address: 192.168.147.4, weight: 3 }
          - { name: web2, address: 192.168.147.3, weight: 5 }
          - { name: sorry, address: 192.168.147.9, weight: 7 }
        services:
          - { vip: \(vip), port: 80, scheduler: wrr, real_servers: [web1, web2\(hasFallback ? ", sorry" : "")] }
        """)
      file.services[0].health = ClusterFile.HealthPolicy(
        checks: [Check(.tcp)], onFailure: onFailure, hasFallback: hasFallback)
      return file
    }

    private static func entry(_ host: Int, _ weight: Int) -> String {
      "-a -t \(vip):80 -r 192.168.147.\(host):80 -g -w \(weight)"
    }

    /// Does something as this machine, with its own state.
    private func at<Result>(_ node: Namespace, _ body: () throws -> Result) throws -> Result {
      setenv("LVSCTL_STATE_DIR", node.stateDirectory, 1)
      defer { unsetenv("LVSCTL_STATE_DIR") }
      return try inNamespace(node.name, body)
    }

    /// Keeps verdicts as lvsctld does: those that are down, of the two hosts.
    private func keep(_ hosts: [UInt8], at node: Namespace) throws {
      try at(node) {
        var health = Health()
        for host in [4, 3] as [UInt8] {
          let question = CheckQuestion(
            means: .tcp, address: IPAddress(ipv4: 0xc0a8_9300 | UInt32(host)), port: 80, timeout: Check.standardTimeout)
          let isDown = hosts.contains(host)
          health.verdicts[CheckRule(question, fall: Check.standardFall, rise: Check.standardRise)] = LVSModel.Verdict(
            isDown ? .down : .up, since: 1_795_669_200, reason: isDown ? "refused" : nil)
        }
        try HealthFile(.verdicts, beside: try MachineMemoryFile()).write(health)
      }
    }

    private func servers(_ node: Namespace) throws -> Set<String> {
      Set(try node.ipvs().filter { $0.hasPrefix("-a") })
    }

    /// Applies in this process, and the steps that were done.
    @discardableResult
    private func apply(
      _ file: ClusterFile, _ node: Namespace, verdicts: [CheckRule: LVSModel.Verdict]? = nil
    ) throws -> [Change] {
      try at(node) {
        var request = ApplyRequest(file)
        request.verdicts = verdicts
        return try request.carryOut(NodeEvents { _ in }).done
      }
    }

    private func difference(_ file: ClusterFile, _ node: Namespace) throws -> [Change] {
      try at(node) {
        let session = try NodeSession(file, NodeRequest(), NodeEvents { _ in })
        return try session.plan(from: try session.observe(), prune: false).changes
      }
    }

    private func expect(_ entries: [String], _ file: ClusterFile, _ node: Namespace) throws {
      try apply(file, node)
      #expect(try servers(node) == Set(entries))
      #expect(try difference(file, node) == [])
      #expect(try apply(file, node) == [])
    }

    @Test func `what is down has weight 0, and the fallback comes and goes`() throws {
      try Network.classic { network in
        let node = network.director1
        let file = try Self.file(.drain)
        try expect([Self.entry(4, 3), Self.entry(3, 5)], file, node)
        try keep([4], at: node)
        try expect([Self.entry(4, 0), Self.entry(3, 5)], file, node)
        try keep([4, 3], at: node)
        try expect([Self.entry(4, 0), Self.entry(3, 0), Self.entry(9, 7)], file, node)
        try keep([3], at: node)
        try expect([Self.entry(4, 3), Self.entry(3, 0)], file, node)
      }
    }

    @Test func `what is down can be taken out`() throws {
      try Network.classic { network in
        let node = network.director1
        let file = try Self.file(.remove)
        try apply(file, node)
        try keep([4], at: node)
        try expect([Self.entry(3, 5)], file, node)
        try keep([4, 3], at: node)
        try expect([Self.entry(9, 7)], file, node)
        let report = try at(node) { try StatusSource(file, NodeRequest(), NodeEvents { _ in }).report() }
        #expect(report.drift?.isEmpty == true && report.isFaulty)
        #expect(report.findings.map(\.code.rawValue).contains("below-quorum"))
        let shown = try #require(report.services.first).realServers
        #expect(shown.map(\.name) == ["web2", "web1", "sorry"])
        #expect(shown.map(\.isInTable) == [false, false, true])
        #expect(shown.first?.health == ServerHealth(.down, since: 1_795_669_200, reason: "tcp: refused"))
        try keep([], at: node)
        try expect([Self.entry(4, 3), Self.entry(3, 5)], file, node)
      }
    }

    @Test func `verdicts that somebody has at hand stand for those that are kept`() throws {
      try Network.classic { network in
        let node = network.director1
        let file = try Self.file(.drain)
        try keep([4], at: node)
        try apply(file, node, verdicts: [:])
        #expect(try servers(node) == [Self.entry(4, 3), Self.entry(3, 5)])
      }
    }

    @Test func `another check of what is down does not bring it back`() throws {
      try Network.classic { network in
        let node = network.director1
        var file = try Self.file(.drain)
        try keep([4], at: node)
        file.services[0].health.checks = [Check(.http(HTTPCheck()))]
        try expect([Self.entry(4, 0), Self.entry(3, 5)], file, node)
      }
    }

    @Test func `verdicts that cannot be read end an apply, and a look goes on`() throws {
      try Network.classic { network in
        let node = network.director1
        let file = try Self.file(.drain)
        try keep([4], at: node)
        try apply(file, node)
        let path = try at(node) { HealthFile(.verdicts, beside: try MachineMemoryFile()).path }
        let whole = try read(path)
        try write(String(whole.dropLast(8)), to: path)
        let failure = #expect(throws: RunFailure.self) { try apply(file, node) }
        #expect(failure?.failure.kind == .refused)
        #expect(failure?.message.text.contains(path) == true)
        #expect(try servers(node) == [Self.entry(4, 0), Self.entry(3, 5)])
        #expect(try difference(file, node).count == 1)
      }
    }
  }
}

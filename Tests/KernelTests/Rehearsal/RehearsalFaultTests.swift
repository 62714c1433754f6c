import LVSRehearsal
import LVSSandbox
import Testing

extension RealKernel {
  /// A rehearsal finds what breaks clusters, names the node, and says why.
  struct RehearsalFaultTests {
    private static let classic = """
      directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }
      services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

      """
    private static let traffic: [CheckName] = [.apply, .answers, .shares, .directReturn, .natReturn, .vipOwner]

    /// Expects that one real server fails for a reason, and that the other one does not.
    private func expect(
      _ cluster: String, _ check: CheckName, failsAt node: String, but other: String, because words: String,
      edit: @escaping (Network, [String: Responder]) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let report = try rehearse(cluster, only: Self.traffic, edit: edit)
      let failure = report.results(check).first { $0.node == node }
      #expect(failure?.result == .fail, "\(report.checks)", sourceLocation: sourceLocation)
      #expect(
        failure?.evidence.text.contains(words) == true, "\(failure?.evidence.text ?? "")",
        sourceLocation: sourceLocation)
      let sound = report.results(check).first { $0.node == other }
      #expect(sound?.result != .fail, "\(report.failures)", sourceLocation: sourceLocation)
    }

    @Test func `a sound cluster has no fault`() throws {
      for cluster in [Self.classic, natCluster] {
        let report = try rehearse(cluster)
        #expect(report.failures == [])
        #expect(report.results(.answers).allSatisfy { $0.result == .pass } && report.results(.answers).count == 2)
        #expect(report.results(.vipOwner).map(\.result) == [.pass])
      }
    }

    @Test func `a web node without its ARP sysctls answers for the VIP`() throws {
      try expect(
        Self.classic, .vipOwner, failsAt: "web1", but: "web2", because: "net.ipv4.conf.all.arp_ignore: 0 → 1"
      ) { network, _ in
        for sysctl in ["arp_ignore", "arp_announce"] { try network.web1.setSysctl("net/ipv4/conf/all/\(sysctl)", 0) }
      }
    }

    @Test func `whoever answers past the director is named, and not who gets nothing for that`() throws {
      let report = try rehearse(Self.classic, only: [.answers]) { network, _ in
        for sysctl in ["arp_ignore", "arp_announce"] { try network.web1.setSysctl("net/ipv4/conf/all/\(sysctl)", 0) }
        // The client has no choice but to believe web1.
        let address = try #require(try network.web1.hardwareAddress("eth0"))
        try network.client.ip("neigh replace 192.168.147.100 dev eth0 lladdr \(address)")
      }
      let results = report.results(.answers)
      #expect(results.map(\.result) == [.fail, .skip], "\(results)")
      #expect(results.first?.evidence.text.hasPrefix("It answered 40 requests, and the director gave it 0:") == true)
      #expect(results.last?.evidence.text.contains("clients reached web1 past the director") == true)
    }

    @Test func `a web node without the VIP does not answer`() throws {
      try expect(
        Self.classic, .answers, failsAt: "web1", but: "web2", because: "address 192.168.147.100/32 dev lo"
      ) { network, _ in try network.web1.ip("address delete 192.168.147.100/32 dev lo") }
    }

    @Test func `a real server on another network is out of reach of direct routing`() throws {
      let cluster = Self.classic.replacing("192.168.147.3", with: "192.168.148.3")
      try expect(
        cluster, .answers, failsAt: "web2", but: "web1", because: "web2 (192.168.148.3) is reached through the gateway"
      ) { _, _ in }
    }

    @Test func `a director by NAT that does not forward is named`() throws {
      let report = try rehearse(natCluster, only: Self.traffic) { network, _ in
        try network["gateway1"].setSysctl("net/ipv4/ip_forward", 0)
      }
      for node in ["app1", "app2"] {
        let failure = report.results(.answers).first { $0.node == node }
        #expect(failure?.result == .fail, "\(report.checks)")
        #expect(
          failure?.evidence.text.contains(
            "gateway1 is not what the file says: update sysctl net.ipv4.ip_forward: 0 → 1") == true,
          "\(report.failures)")
      }
    }

    @Test(arguments: ["10.0.0.3", "10.0.0.12"])
    func `a real server by NAT whose replies go elsewhere is named`(gateway: String) throws {
      try expect(
        natCluster, .answers, failsAt: "app1", but: "app2",
        because: "app1 sends its replies to \(gateway), which is no address of gateway1"
      ) { network, _ in try network["app1"].ip("route replace default via \(gateway)") }
    }

    @Test func `a port that nothing listens on is named`() throws {
      try expect(
        natCluster, .answers, failsAt: "app1", but: "app2", because: "Nothing listens on tcp port 8080 of app1."
      ) { _, responders in try responders["app1"]?.setListening(false, transport: .tcp, port: 8080) }
    }
  }
}

import LVSRehearsal
import Testing

extension RealKernel {
  /// What a rehearsal says of a cluster is what an operator sees who sets it up with ipvsadm, ip and sysctl, and asks it with
  /// curl: the same machines answer, as often, the same way back.
  @Suite struct ExamplesByHandTests {
    private static let traffic: [CheckName] = [.apply, .answers, .shares, .directReturn, .natReturn, .persistence]

    @Test(arguments: ClusterByHand.examples)
    func `an example works as it does by hand`(cluster: ClusterByHand) throws {
      let report = try rehearse(cluster.file, only: Self.traffic, requests: cluster.requests)
      #expect(report.failures == [])
      #expect(report.tallies.map(\.service).sorted() == cluster.services.map(\.name).sorted())
      try cluster.with { network, _ in
        var seen: Set<String> = []
        var connections = 0
        for service in cluster.services {
          let tally = try #require(report.tallies.first { $0.service == service.name })
          let byHand = try service.answers(network.client, count: tally.requests)
          expect(tally.byMachine, areLike: byHand, service)
          seen.formUnion(byHand.keys)
          if service.transport == .tcp { connections += byHand.values.reduce(0, +) }
        }
        let healthy = report.results(.answers).filter { $0.result == .pass }.compactMap(\.node)
        #expect(Set(healthy) == seen)
        #expect(
          report.results(.persistence).count == cluster.services.count { $0.shares == .persistent }, "\(report.checks)")

        // Both ways back have a check where there are replies of that kind, and nothing failed.
        let passed = try cluster.repliesThroughDirector(network)
        #expect(
          report.results(.directReturn).map(\.result).contains(.pass) == (passed == 0), "\(passed) of \(connections)")
        #expect(
          report.results(.natReturn).map(\.result).contains(.pass) == (passed >= connections),
          "\(passed) of \(connections)")
      }
    }

    /// Compares the numbers of answers, as far as two rounds of requests are alike.
    private func expect(
      _ rehearsed: [String: Int], areLike byHand: [String: Int], _ service: ClusterByHand.Service
    ) {
      let words = "\(service.name): rehearsed \(rehearsed), by hand \(byHand)"
      if service.shares == .exact {
        #expect(rehearsed == byHand, "\(words)")
        return
      }
      #expect(Set(rehearsed.keys) == Set(byHand.keys), "\(words)")
      #expect(byHand["none"] == nil, "\(words)")
      if service.shares != .similar { return }
      // One in ten: that of a wrong weight is more.
      let bound = max(2, rehearsed.values.reduce(0, +) / 10)
      for (machine, count) in rehearsed { #expect(abs(count - byHand[machine, default: 0]) <= bound, "\(words)") }
    }

    @Test(arguments: FaultByHand.all)
    func `what is broken loses by hand what the rehearsal says`(fault: FaultByHand) throws {
      let cluster = fault.cluster
      let report = try rehearse(
        cluster.file, only: Self.traffic, requests: fault.requests
      ) { try fault.breaks($0, $1) }
      let tally = try #require(report.tallies.first, "\(report.checks)")
      let failing = Set(report.results(.answers).filter { $0.result == .fail }.compactMap(\.node))
      try cluster.with { network, responders in
        let service = cluster.services[0]
        if fault.worksBefore {
          let answers = try service.answers(network.client, count: 2)
          #expect(Set(answers.keys) == Set(cluster.servers.keys), "\(answers)")
          try fault.breaks(network, responders)
        }
        let byHand = try service.answers(network.client, count: fault.requests)
        #expect(byHand["none"] != nil)
        #expect(tally.byMachine == byHand, "\(report.failures)")
        #expect(failing == Set(cluster.servers.keys).subtracting(byHand.keys), "\(report.failures)")
      }
    }

    @Test func `who else answers arping for the VIP is whom the rehearsal names`() throws {
      let forget: @Sendable (Network) throws -> Void = { network in
        try network.web1.succeed("sysctl -w net.ipv4.conf.all.arp_ignore=0")
        try network.web1.succeed("sysctl -w net.ipv4.conf.all.arp_announce=0")
      }
      let cluster = ClusterByHand.cluster
      let report = try rehearse(cluster.file, only: [.apply, .answers, .vipOwner]) { network, _ in try forget(network) }
      let named = report.results(.vipOwner).filter { $0.result == .fail }.compactMap(\.node)
      try cluster.with { network, _ in
        #expect(try network.holders(of: "192.168.147.100", among: ["director1", "web1", "web2"]) == ["director1"])
        try forget(network)
        let holders = try network.holders(of: "192.168.147.100", among: ["director1", "web1", "web2"])
        #expect(holders == ["director1", "web1"])
        #expect(holders.subtracting(["director1"]) == Set(named), "\(report.failures)")
      }
    }

    @Test func `a standby that is promoted by hand takes over as the rehearsal says`() throws {
      let cluster = ClusterByHand.sync
      let report = try rehearse(cluster.file, only: [.apply, .failover])
      let result = try #require(report.results(.failover).first, "\(report.checks)")
      #expect(report.failures == [])
      #expect(result.result == .pass && result.node == "director2", "\(report.checks)")
      #expect(result.evidence.text.hasSuffix("requests were answered. A connection from before lives on."), "\(result)")
      try cluster.with { network, _ in
        let connection = try LongConnection(from: network.client, to: "10.1.0.100", port: 80)
        defer { connection.close() }
        try eventually("director2 hears of the connection") {
          _ = connection.isAlive()
          return try network.director2.succeed("ipvsadm -Lnc").lines.contains {
            $0.words.contains("ESTABLISHED") && $0.words.contains("10.1.0.100:80")
          }
        }
        try network.setCarried(false, "director1")
        try network.director2.type(
          """
          ipvsadm --stop-daemon backup
          ipvsadm --start-daemon master --mcast-interface eth1 --syncid 7 --mcast-group 224.0.0.82
          ip address add 10.1.0.100/32 dev eth0
          busybox arping -U -c 1 -I eth0 10.1.0.100
          """)
        #expect(
          try network.holders(of: "10.1.0.100", among: ["director1", "director2", "web1", "web2"]) == ["director2"])
        let neighbour = try network.client.succeed("ip neigh show 10.1.0.100").output.words
        let card = try network.director2.succeed("ip -o link show eth0").output.words
        #expect(
          !Set(neighbour).isDisjoint(with: card.filter { $0.count == 17 && $0 != "ff:ff:ff:ff:ff:ff" }), "\(neighbour)")
        #expect(connection.isAlive())
        let answers = try network.client.answers(from: "10.1.0.100", port: 443, count: 8)
        #expect(answers == ["web1": 8] || answers == ["web2": 8], "\(answers)")
      }
    }
  }
}

extension Network {
  /// The machines that answer a broadcast of arping(8) for an address.
  fileprivate func holders(of address: String, among machines: [String]) throws -> Set<String> {
    let answers = try client.run("busybox", "arping", "-b", "-c", "2", "-I", "eth0", address).lines
    let hardware = answers.flatMap(\.words).filter { $0.hasPrefix("[") }.map { $0.filter { $0 != "[" && $0 != "]" } }
    return Set(
      try hardware.map { hardware in
        let holder = try machines.first { try self[$0].succeed("ip -o link show").output.contains(hardware) }
        return try #require(holder, "\(answers)")
      })
  }
}

extension RehearsalReport.Tally {
  /// How many answers each machine gave; "none" counts the requests without one.
  fileprivate var byMachine: [String: Int] {
    var counts = Dictionary(answers.map { ($0.machine, $0.count) }, uniquingKeysWith: +)
    counts["none"] = lost
    return counts.filter { $0.value > 0 }
  }
}

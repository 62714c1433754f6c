import Testing

/// Something that the classic tools change behind lvsctl's back.
struct Drift: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let machine: String
  let command: String
  /// `ACTION KIND ID` of the one change that mends it.
  let change: String
  /// The fields that differ, where they are known to the letter.
  var before: JSON?
  var after: JSON?

  private static let service = "tcp 192.168.147.100:80"

  static let all: [Drift] = [
    Drift(
      testDescription: "a real server deleted", machine: "director1",
      command: "ipvsadm -d -t 192.168.147.100:80 -r 192.168.147.3:80",
      change: "create real_server \(service) -> 192.168.147.3:80"),
    Drift(
      testDescription: "a weight changed", machine: "director1",
      command: "ipvsadm -e -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 5",
      change: "update real_server \(service) -> 192.168.147.4:80", before: ["weight": 5], after: ["weight": 1]),
    Drift(
      testDescription: "a weight of zero", machine: "director2",
      command: "ipvsadm -e -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 0",
      change: "update real_server \(service) -> 192.168.147.4:80", before: ["weight": 0], after: ["weight": 1]),
    Drift(
      testDescription: "a scheduler changed", machine: "director1", command: "ipvsadm -E -t 192.168.147.100:80 -s wlc",
      change: "update service \(service)", before: ["scheduler": "wlc"], after: ["scheduler": "rr"]),
    Drift(
      testDescription: "a foreign real server added", machine: "director1",
      command: "ipvsadm -a -t 192.168.147.100:80 -r 192.168.147.77:80 -g",
      change: "delete real_server \(service) -> 192.168.147.77:80"),
    Drift(
      testDescription: "the VIP deleted from a director", machine: "director1",
      command: "ip address del 192.168.147.100/32 dev ens33", change: "create address 192.168.147.100/32 dev ens33"),
    Drift(
      testDescription: "a director's sysctl flipped", machine: "director1",
      command: "sysctl -qw net.ipv4.conf.all.send_redirects=1",
      change: "update sysctl net.ipv4.conf.all.send_redirects"),
    Drift(
      testDescription: "the VIP deleted from a real server", machine: "web1",
      command: "ip address del 192.168.147.100/32 dev lo", change: "create address 192.168.147.100/32 dev lo"),
    Drift(
      testDescription: "the host route deleted", machine: "web1", command: "ip route del 192.168.147.100/32 dev lo",
      change: "create route 192.168.147.100/32 dev lo"),
    Drift(
      testDescription: "a real server's sysctl flipped", machine: "web1",
      command: "sysctl -qw net.ipv4.conf.lo.arp_ignore=0", change: "update sysctl net.ipv4.conf.lo.arp_ignore"),
  ]
}

extension RealKernel {
  /// What others change is named exactly and mended exactly.
  @Suite struct DriftTests {
    @Test(arguments: Drift.all)
    func `drift is named exactly by diff and mended exactly by apply`(drift: Drift) throws {
      try Network.classic { network in
        let node = network[drift.machine]
        try node.apply(Clusters.classic)
        let right = try node.state()
        #expect(try node.lvsctl("diff", Clusters.classic).status == 0)

        try node.succeed(drift.command)
        let wrong = try node.state()
        #expect(wrong != right)
        let diff = try node.plan("diff", Clusters.classic)
        #expect(diff.status == 1)
        #expect(diff.changes == [drift.change])
        let change = try #require(diff.json["changes"].elements.first)
        if let before = drift.before { #expect(change["before"] == before) }
        if let after = drift.after { #expect(change["after"] == after) }
        #expect(try node.state() == wrong)

        let apply = try node.plan("apply", Clusters.classic)
        #expect(apply.status == 0)
        #expect(apply.changes == [drift.change])
        #expect(try node.state() == right)
        #expect(try node.lvsctl("diff", Clusters.classic).status == 0)
      }
    }

    @Test func `mending keeps the counters of what is mended and of what is not`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        let node = network.director1
        func connections(_ address: String) throws -> Int? { try node.statistics(of: address)?.connections }
        try eventually("the director has counted ten connections") { try connections("192.168.147.100:80") == 10 }

        try node.succeed("ipvsadm -e -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 7")
        try node.succeed("ipvsadm -E -t 192.168.147.100:80 -s wlc")
        try node.ip("address del 192.168.147.100/32 dev ens33")
        #expect(try node.plan("apply", Clusters.classic).changes.count == 3)

        #expect(try connections("192.168.147.100:80") == 10)
        #expect(try connections("192.168.147.4:80") == 5)
        #expect(try connections("192.168.147.3:80") == 5)
        #expect(try network.client.get("192.168.147.100") != nil)
      }
    }

    @Test func `a state built by hand that equals the file needs no change`() throws {
      try Network.classic { network in
        try network.buildByHand()
        for node in [network.director1, network.web1, network.web2] {
          let before = try node.state()
          let diff = try node.plan("diff", Clusters.classic)
          #expect(diff.status == 0)
          #expect(diff.changes == [])
          #expect(try node.plan("apply", Clusters.classic).changes == [])
          #expect(try node.state() == before)
        }
      }
    }

    @Test func `services that the file does not name stay, are listed, and go with --prune`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.succeed(
          "ipvsadm -R",
          input: """
            -A -t 10.0.0.9:443 -s wrr
            -a -t 10.0.0.9:443 -r 10.0.0.10:443 -g -w 3
            -A -f 7 -s rr

            """)
        let foreign = try node.ipvs()
        try node.apply(Clusters.classic)
        #expect(try node.ipvs().isSuperset(of: foreign))

        let diff = try node.plan("diff", Clusters.classic)
        #expect(diff.status == 0)
        #expect(diff.changes == [])
        #expect(Set(diff.unmanaged) == ["tcp 10.0.0.9:443", "fwmark 7 ipv4"])

        let pruning = try node.plan("diff", Clusters.classic, "--prune")
        #expect(pruning.status == 1)
        #expect(pruning.changes.contains("delete service tcp 10.0.0.9:443"))
        #expect(pruning.changes.contains("delete service fwmark 7 ipv4"))
        #expect(pruning.unmanaged == [])
        #expect(try node.ipvs().isSuperset(of: foreign))

        #expect(try node.plan("apply", Clusters.classic, "--prune").status == 0)
        #expect(try node.ipvs().isDisjoint(with: foreign))
        #expect(try node.ipvs().count == 3)
      }
    }

    @Test func `a VIP that left the file goes with its services, and a foreign address stays`() throws {
      try Network.classic { network in
        let moved = Clusters.classic.split(separator: "192.168.147.100").joined(separator: "192.168.147.101")
        for node in [network.director1, network.web1] {
          let interface = node.machine == "web1" ? "lo" : "ens33"
          try node.ip("address add 192.168.147.99/32 dev \(interface)")
          try node.apply(Clusters.classic)
          try node.apply(moved)
          let vips = try node.addresses().filter { $0.contains("/32 ") }.map { $0.words[0] }
          #expect(Set(vips) == ["192.168.147.99/32", "192.168.147.101/32"])
          #expect(try !node.routes().contains { $0.contains("192.168.147.100 ") })
          #expect(try !node.ipvs().contains { $0.contains("192.168.147.100:80") })
          #expect(try node.plan("apply", moved).changes == [])
        }
      }
    }
  }
}

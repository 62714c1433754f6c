import Testing

extension RealKernel {
  /// Proof of the test network itself, with the classic tools alone: it forwards, answers and counts as LVS does.
  @Suite struct ClassicNetworkTests {
    @Test func `a cluster built by hand answers alternately and past the director`() throws {
      try Network.classic { network in
        try network.buildByHand()
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.client.neighbour("192.168.147.100") == network.director1.hardwareAddress())
        try eventually("the director has counted ten connections") {
          try network.director1.statistics(of: "192.168.147.100:80")?.connections == 10
        }
        #expect(try network.director1.statistics(of: "192.168.147.100:80")?.outPackets == 0)
      }
    }

    @Test func `two networks do not see each other`() throws {
      try Network.classic { first in
        try Network.classic { second in
          try first.buildByHand()
          #expect(try first.client.get("192.168.147.100") != nil)
          #expect(try second.client.get("192.168.147.4") == "web1")
          #expect(try second.client.neighbour("192.168.147.100") == nil)
          #expect(try second.director1.ipvs() == [])
        }
      }
    }

    @Test func `the marks that the kernel gives its own addresses are read`() throws {
      try Network.classic { network in
        // IFAPROT_KERNEL_LO (linux/if_addr.h); an address that ip added has no mark.
        let marks = try network.client.addressMarks()
        #expect(marks["::1/128"] == 1)
        #expect(marks["192.168.147.50/24"] == nil)
      }
    }

    @Test func `a network leaves nothing behind`() throws {
      let before = try run(["ip", "netns", "list"]).lines
      try Network.classic { _ in }
      #expect(try run(["ip", "netns", "list"]).lines == before)
    }
  }
}

extension Network {
  /// Configures director1, web1 and web2 of the classic network with ipvsadm, ip and sysctl.
  func buildByHand() throws {
    for web in [web1, web2] {
      for scope in ["all", "lo"] {
        try web.setSysctl("net/ipv4/conf/\(scope)/arp_ignore", 1)
        try web.setSysctl("net/ipv4/conf/\(scope)/arp_announce", 2)
      }
      try web.ip("address add 192.168.147.100/32 dev lo label lo:0", "route add 192.168.147.100/32 dev lo")
    }
    try director1.setSysctl("net/ipv4/ip_forward", 0)
    for scope in ["all", "default", "ens33"] {
      try director1.setSysctl("net/ipv4/conf/\(scope)/send_redirects", 0)
    }
    try director1.succeed(
      "ipvsadm -R",
      input: """
        -A -t 192.168.147.100:80 -s rr
        -a -t 192.168.147.100:80 -r 192.168.147.4:80 -g
        -a -t 192.168.147.100:80 -r 192.168.147.3:80 -g

        """)
    try director1.ip("address add 192.168.147.100/32 dev ens33 label ens33:0")
  }
}

import Testing

extension RealKernel {
  /// Machines that still know the old holder of a VIP hear of the new one.
  @Suite struct AnnouncementTests {
    /// Starts tcpdump at the client and waits until it captures.
    private func capture(at node: Namespace, _ filter: String) throws -> RunningCommand {
      let capture = try node.start(
        "tcpdump", "-i", "ens33", "-n", "-e", "-l", "--immediate-mode", "-Z", "root", filter)
      try eventually("tcpdump captures") { capture.errors.contains("listening on ens33") }
      return capture
    }

    @Test func `a VIP that is added on a director is announced by gratuitous ARP`() throws {
      try Network.classic { network in
        let director = network.director1
        let hardware = try #require(try director.hardwareAddress())
        // The sender's protocol address (RFC 826: 14 bytes into the packet) is 192.168.147.100.
        let capture = try capture(at: network.client, "arp[14:4] == 0xc0a89364")
        try director.apply(Clusters.classic)
        try eventually("the client sees the announcement") { capture.output.contains("192.168.147.100") }
        #expect(capture.output.lines.allSatisfy { $0.contains("\(hardware) > ff:ff:ff:ff:ff:ff") })
      }
    }

    @Test func `an IPv6 VIP is announced by an unsolicited neighbour advertisement`() throws {
      try Network.with(.dualStack()) { network in
        let director = network.director1
        let hardware = try #require(try director.hardwareAddress())
        // ICMPv6 type 136, NDISC_NEIGHBOUR_ADVERTISEMENT, with the target 2001:db8:147::100.
        let capture = try capture(
          at: network.client, "icmp6 and ip6[40] == 136 and ip6[48:4] == 0x20010db8 and ip6[60:4] == 0x100")
        try director.apply(Clusters.dualStack)
        try eventually("the client sees the advertisement") { capture.output.contains("2001:db8:147::100") }
        #expect(capture.output.lines.filter { $0.contains("ethertype") }.allSatisfy { $0.contains(hardware) })
        #expect(capture.output.contains("ff02::1"))
      }
    }

    @Test func `a client that knew the old director is moved to the new one at once`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        #expect(try network.client.get("192.168.147.100") != nil)
        #expect(try network.client.neighbour("192.168.147.100") == network.director1.hardwareAddress())
        try network.director1.apply(Clusters.classic, "--role", "standby")
        try network.director2.apply(Clusters.classic, "--role", "director")
        let moved = try network.director2.hardwareAddress()
        // Without a packet from the client: only the announcement can have told it.
        try eventually("the client's neighbour entry is the new director's") {
          try network.client.neighbour("192.168.147.100") == moved
        }
      }
    }
  }
}

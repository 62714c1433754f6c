import Testing

extension RealKernel {
  /// A director that lvsctld keeps follows the VIPs where another program holds them.
  @Suite struct FollowingTests {
    private static let file =
      Clusters.classic + """
        vips:
          - { address: 192.168.147.100, held_by: external }
        sync: { interface: ens33 }

        """

    @Test func `a director becomes a standby when the VIP leaves, and a director when it comes, without a script`()
      throws
    {
      try Network.classic { network in
        let director = network.director1
        let kept = try director.keep(Self.file, "--interval", "3600")
        #expect(kept.log.contains("This node is director1 (standby)"), "\(kept.log)")
        #expect(try director.succeed("ipvsadm -L --daemon").output.contains("backup"))
        try director.ip("address add 192.168.147.100/32 dev ens33")
        try eventually("it is the director: \(kept.log)") {
          try director.succeed("ipvsadm -L --daemon").output.contains("master")
        }
        #expect(kept.log.contains("This node is director1 (director)"))
        try director.ip("address delete 192.168.147.100/32 dev ens33")
        try eventually("it is a standby again: \(kept.log)") {
          try director.succeed("ipvsadm -L --daemon").output.contains("backup")
        }
        #expect(try director.ipvs().contains("-A -t 192.168.147.100:80 -s rr"))
      }
    }
  }
}

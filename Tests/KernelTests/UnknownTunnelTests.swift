import LVSKernel
import LVSModel
import Testing

extension RealKernel {
  /// A kernel takes any number for the kind of a tunnel, as a newer one lists kinds that this program does not know.
  @Suite struct UnknownTunnelTests {
    @Test func `a real server behind a tunnel of an unknown kind is shown, differs, and is brought to the file`() throws
    {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let vip = try #require(IPAddress("192.168.147.100"))
        let service = ServiceID.address(.tcp, vip, port: 80)
        let web2 = RealServerID(address: try #require(IPAddress("192.168.147.3")), port: 80)
        let unknown = RealServerSettings(
          forward: .unknown(UnknownForwarding(method: 2, tunnelKind: 3, port: 9, flags: 1)))
        try inNamespace(node.name) {
          let change = Change.realServer(
            service, web2, Difference(before: RealServerSettings(), after: unknown))
          #expect(KernelConnection().perform([change]).isComplete)
          let found = try KernelConnection().services()
          #expect(found[service]?.realServers[web2] == unknown)
        }

        let status = try node.status(Clusters.classic)
        #expect(status.status == 1)
        #expect(status.realServer("192.168.147.3:80", of: "tcp 192.168.147.100:80")["forward"].string == "tun")
        let diff = try node.plan("diff", Clusters.classic)
        #expect(diff.changes == ["update real_server tcp 192.168.147.100:80 -> 192.168.147.3:80"])
        let before = diff.change(of: "tcp 192.168.147.100:80 -> 192.168.147.3:80")["before"]
        #expect(before["tunnel"]["type"].string == "kind-3")
        #expect(before["tunnel"]["port"].number == 9)

        let snapshot = try node.lvsctl("snapshot", Clusters.classic)
        try write(snapshot.output, to: "/run/unknown-tunnel.json")
        let against = try node.plan("diff", Clusters.classic, "--against", "/run/unknown-tunnel.json")
        #expect(against.changes == diff.changes)
        #expect(
          against.change(of: "tcp 192.168.147.100:80 -> 192.168.147.3:80")["before"]["tunnel"] == before["tunnel"])

        try node.apply(Clusters.classic)
        #expect(try node.ipvs().contains("-a -t 192.168.147.100:80 -r 192.168.147.3:80 -g -w 1"))
      }
    }
  }
}

import LVSSandbox
import Testing

extension RealKernel {
  /// What export writes, read by the programs it is for.
  @Suite struct ExportTests {
    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]

    @Test(arguments: ["web1", "director2"])
    func `a node has its sysctls from sysctl's own reading of them, and diff agrees`(name: String) throws {
      let file = Clusters.classic(interface: "bond0.7")
        .replacing("scheduler: rr", with: "scheduler: rr, forward: \(name == "web1" ? "dr" : "nat")")
      try Network.with(.dualStack(ipv6: false, interface: "bond0.7")) { network in
        let node = network[name]
        func sysctls() throws -> [String] {
          try node.plan("diff", file).json["changes"].elements.filter { $0["kind"].string == "sysctl" }
            .map { $0["id"].string ?? "" }
        }
        let before = try sysctls()
        #expect(
          before.contains(name == "web1" ? "net.ipv4.conf.all.arp_ignore" : "net.ipv4.conf.bond0/7.send_redirects"))
        // It takes no privilege to say what they are.
        let text = try node.run(Self.nobody + [lvsctlPath, "export", "sysctl", "/run/cluster-\(node.name).conf"])
        #expect(text.status == 0, "\(text.errors)")
        try succeed(["sysctl", "-q", "-p", "-"], in: node.name, input: text.output)
        #expect(try sysctls() == [])
      }
    }
  }
}

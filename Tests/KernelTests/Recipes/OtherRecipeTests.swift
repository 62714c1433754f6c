import Glibc
import Testing

extension RealKernel {
  /// What README.md has its reader type beside the first steps and the twelve recipes.
  @Suite struct OtherRecipeTests {
    private static let vip = RecipeCluster.vip

    /// What `dr.sh` does on a web node, and at boot `sysctl.d`.
    private static let webScript = """
      sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
      sysctl -qw net.ipv4.conf.lo.arp_ignore=1 net.ipv4.conf.lo.arp_announce=2
      ip address add \(vip)/32 brd \(vip) dev lo label lo:0
      ip route add \(vip)/32 dev lo
      """

    private static func directorScript(_ prefix: Int) -> String {
      """
      sysctl -qw net.ipv4.ip_forward=0
      ip address add \(vip)/\(prefix) dev ens33 label ens33:0
      ipvsadm -A -t \(vip):80 -s rr
      ipvsadm -a -t \(vip):80 -r 192.168.147.4 -g
      ipvsadm -a -t \(vip):80 -r 192.168.147.3 -g
      """
    }

    private func marks(_ cluster: RecipeCluster, _ machine: String, prefix: Int = 32) throws -> Int? {
      try cluster.network[machine].addressMarks()["\(Self.vip)/\(prefix)"]
    }

    @Test func `a cluster that runs by hand is adopted, and no client notices`() throws {
      try RecipeCluster.with(applied: false) { cluster in
        for web in ["web1", "web2"] { try cluster.tools(Self.webScript, on: web) }
        try cluster.tools(Self.directorScript(32), on: "director1")
        try cluster.underTraffic { try cluster.follow("adopt") }
        for machine in ["web1", "web2", "director1"] { #expect(try marks(cluster, machine) == 76, "\(machine)") }
        try cluster.expectDone()
        #expect(try cluster.network.director2.ipvs() == cluster.network.director1.ipvs())
      }
    }

    @Test func `a VIP with a prefix length of 24 is adopted as it is, and no client notices`() throws {
      try RecipeCluster.with(applied: false) { cluster in
        for web in ["web1", "web2"] { try cluster.tools(Self.webScript, on: web) }
        try cluster.tools(Self.directorScript(24), on: "director1")
        try cluster.underTraffic { try cluster.follow("adopt-24") }
        #expect(try cluster.network.director1.addresses().contains("\(Self.vip)/24 dev ens33 label ens33:0"))
        #expect(try marks(cluster, "director1", prefix: 24) == 76)
        try cluster.expectDone(["director1"])
      }
    }

    /// Commands that stand in a sentence or a table, with a word of the cluster where a word in capitals is.
    private static func commands() throws -> [String] {
      let words = [
        "SECONDS": "1", "CODE": "bad-name", "KEY": "services.port", "CHECK": "apply", "N": "1", "SERVER": "web1",
      ]
      return try Readme().prose.flatMap { line in
        line.matches(of: #/`(lvsctld? [^`]+)`/#).map { String($0.1) }
      }.map { line in
        line.words.map { words[$0] ?? $0 }.joined(separator: " ")
      }
    }

    /// On a machine without any address of the file: what is right in itself ends with another status than 64.
    @Test func `commands in sentences are ones that lvsctl knows`() throws {
      try RecipeCluster.with(applied: false) { cluster in
        // A command named alone is one whose help is there.
        let named = Set(try Self.commands().filter { !$0.contains("COMMAND") })
        #expect(named.count > 20)
        let lines = named.sorted().map { $0.words.count == 2 ? "\($0) --help" : $0 }
        let script = lines.map {
          "timeout 1 \($0) >/dev/null 2>&1 </dev/null; echo \"$? \($0.replacing("\"", with: ""))\""
        }
        for line in try cluster.type(script.joined(separator: "\n"), on: "client").outcome.lines {
          #expect(!["64", "70", "126", "127"].contains(line.words[0]), "\(line)")
        }
      }
    }
  }
}

import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// What may never come from a memory: sysctls of more than the network.
struct ForeignSysctlTests {
  static let foreign = [
    "kernel.core_pattern", "vm.swappiness", "fs.suid_dumpable", "network.x", "net", "net.", "net/ipv4/ip_forward",
    "net..ipv4", "net.ipv4.", "net.//.kernel.core_pattern", "net./.x", "net.ipv4.ip_forward\0", "",
  ]
  static let own = [
    "net.ipv4.ip_forward", "net.ipv4.conf.eth0/100.rp_filter", "net.core.somaxconn", "net.unix.max_dgram_qlen",
    "net.ipv4.conf./x.rp_filter",
  ]

  @Test(arguments: foreign)
  func `a name outside the network is none that a memory may have`(name: String) {
    #expect(!SysctlName.isNetwork(name))
    #expect(MachineMemory.of(sysctls: [name: "1"]).objection?.contains("under net. alone") == true)
    var transient = MachineMemory()
    transient.transientSysctls = [name: "1"]
    #expect(transient.objection != nil)
  }

  @Test(arguments: own)
  func `a name of the network is one`(name: String) {
    #expect(SysctlName.isNetwork(name))
    #expect(MachineMemory.of(sysctls: [name: ""]).objection == nil)
  }

  @Test(arguments: ["1\n2", "\0", String(repeating: "1", count: 4096)])
  func `a value that no sysctl has is none that a memory may have`(value: String) {
    #expect(MachineMemory.of(sysctls: ["net.ipv4.ip_forward": value]).objection?.contains("none of a sysctl") == true)
  }

  @Test func `nothing outside the network is ever set back, whatever is remembered`() throws {
    let memory = MachineMemory.of(
      sysctls: ["kernel.core_pattern": "|/tmp/x", "net.ipv4.vs.conntrack": "0", "net.//.x": "1"])
    var observed = try Classic.target("director1").state
    for name in memory.sysctls.keys { observed.sysctls[name] = "other" }
    var target = try Classic.target("director1")
    target.restore(from: memory)
    #expect(target.restored.sysctls == ["net.ipv4.vs.conntrack": "0"])
    let teardown = Planner.teardown(try Classic.target("director1"), observed: observed, memory: memory)
    #expect(teardown.words.filter { $0.contains("sysctl") } == ["update sysctl net.ipv4.vs.conntrack"])
  }

  @Test func `what is set outside the network is not remembered`() throws {
    var file = Classic.file()
    file.sysctls.director = ["vm.swappiness": .value("1"), "net.ipv4.vs.conntrack": .value("1")]
    let target = try Classic.target("director1", file: file)
    var observed = HostState()
    observed.sysctls = ["vm.swappiness": "60", "net.ipv4.vs.conntrack": "0"]
    var memory = MachineMemory()
    memory.note(target, observed)
    memory.note([.sysctl("kernel.panic", Difference(before: "0", after: "9"))])
    #expect(memory.sysctls == ["net.ipv4.vs.conntrack": "0"])
  }

  /// Ways to write a name that would be a file elsewhere if it were pasted into a path.
  @Test(arguments: [
    "net.ipv4.conf.eth0/../../../kernel/core_pattern", "net/ipv4/conf/eth0/../../../kernel/core_pattern",
    "net/ipv4/../../kernel/core_pattern", "net/ipv4/./ip_forward", "net.ipv4.//.x", "net.ipv4./", "net/ipv4//x",
    "net.ipv4.conf.//.//.rp_filter",
  ])
  func `a name that climbs is no name`(written: String) {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services: []
      sysctls: { director: { "\(written)": 1 } }
      """
    for allowsAnySysctl in [false, true] {
      let reading = ClusterFile.read(Array(text.utf8), allowsAnySysctl: allowsAnySysctl)
      #expect(reading.diagnostics.map(\.code) == [.badSysctl])
    }
  }

  @Test(arguments: [
    "net.ipv4/conf.x", "net/ipv4.conf/x", "netx.ipv4.x", "net.ipv4x.y", "net.ipv4", "net.unix.x", "kernel/panic",
    "Net.ipv4.x", "net.IPV4.x",
  ])
  func `a name that only looks like the network's is foreign`(written: String) {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services: []
      sysctls: { real_server: { "\(written)": keep } }
      """
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [.foreignSysctl])
    #expect(ClusterFile.read(Array(text.utf8), allowsAnySysctl: true).diagnostics.isEmpty)
  }
}

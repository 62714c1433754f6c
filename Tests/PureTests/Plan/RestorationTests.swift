import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// What leaves the file goes back to what it was.
struct RestorationTests {
  private func target(_ file: ClusterFile = Classic.file(), _ change: (inout MachineMemory) -> Void) throws -> Target {
    var memory = MachineMemory()
    change(&memory)
    var target = try Classic.target("director1", file: file)
    target.restore(from: memory)
    return target
  }

  @Test func `sysctls, timeouts, a sync daemon and a device that left the file go back, last of all`() throws {
    let target = try target {
      $0.sysctls = ["net.ipv4.vs.conntrack": "0", "net.ipv4.ip_forward": "1"]
      $0.timeouts = Timeouts(tcp: 900)
      $0.syncDaemons = [:]
      $0.devices = ["tunl0"]
    }
    var observed = target.state
    observed.addresses = [:]
    observed.sysctls["net.ipv4.vs.conntrack"] = "1"
    observed.timeouts = Timeouts(tcp: 10, tcpFin: 20, udp: 30)
    observed.syncDaemons[.master] = SyncDaemon(interface: "ens33")
    observed.links["tunl0"] = LinkSettings(isUp: true)
    let plan = try Planner.plan(target, observed: observed)
    #expect(
      plan.words == [
        "update timeouts timeouts", "delete sync_daemon master", "create address 192.168.147.100/32 dev ens33",
        "update link tunl0", "update sysctl net.ipv4.vs.conntrack",
      ])
    #expect(plan.changes[0].fields.after == [Field("tcp", .integer(900))])
  }

  @Test func `what the file keeps is left alone, whatever was there before`() throws {
    var file = Classic.file()
    file.sysctls.director = ["net.ipv4.vs.conntrack": .keep]
    let target = try target(file) { $0.sysctls = ["net.ipv4.vs.conntrack": "0"] }
    var observed = target.state
    observed.sysctls["net.ipv4.vs.conntrack"] = "1"
    #expect(try Planner.plan(target, observed: observed).isEmpty)
  }

  @Test func `a key of sync that left the file goes back to the kernel's default, and the others stay`() throws {
    let group = IPAddress(ipv4: 0xe000_0060)
    var file = Classic.file()
    file.sync = SyncDaemon(interface: "ens33", id: 2)
    let target = try target(file) { $0.sync = SyncDaemon(interface: "ens33", id: 2, group: group) }
    var observed = target.state
    observed.syncDaemons[.master] = SyncDaemon(
      interface: "ens33", id: 2, group: group, port: 8848, ttl: 1, maxlen: 1400)
    let change = try #require(try Planner.plan(target, observed: observed).changes.first)
    #expect(change.fields.before == [Field("group", .text("224.0.0.96"))])
    #expect(change.fields.after == [Field("group", .absent, default: .absent)])
    observed.syncDaemons[.master]?.group = IPAddress(ipv4: 0xe000_0051)
    #expect(try Planner.plan(target, observed: observed).isEmpty)
  }

  @Test func `a change of the sync daemon shows what changes and nothing that stays`() throws {
    var file = Classic.file()
    file.sync = SyncDaemon(interface: "ens33", id: 3)
    let target = try Classic.target("director1", file: file)
    var observed = target.state
    observed.syncDaemons[.master] = SyncDaemon(
      interface: "ens33", id: 2, group: IPAddress(ipv4: 0xe000_0051), port: 8848, ttl: 1, maxlen: 1472)
    let change = try #require(try Planner.plan(target, observed: observed).changes.first)
    #expect(change.fields.before == [Field("id", .integer(2))] && change.fields.after == [Field("id", .integer(3))])
  }

  @Test func `forwarding that ends goes after the services that needed it`() throws {
    let observed = try Classic.target("director1", file: Classic.file(forward: .nat)).state
    let words = try Planner.plan(Classic.target("director1"), observed: observed).words
    #expect(words.last == "update sysctl net.ipv4.ip_forward" && words.count == 3)
  }

  @Test func `a machine is not heard answering ARP while a VIP of the file stays on it`() throws {
    let target = try Classic.target("web1")
    var observed = target.state
    var memory = MachineMemory()
    memory.sysctls = target.state.sysctls.mapValues { _ in "0" }
    observed.addresses[Classic.vipOnLoopback]?.mark = 0
    let stays = Planner.teardown(target, observed: observed, memory: memory)
    #expect(stays.words == ["delete route 192.168.147.100/32 dev lo"])
    #expect(stays.withheld == target.state.sysctls.keys.sorted())
    observed.addresses[Classic.vipOnLoopback]?.mark = ownershipMark
    let leaves = Planner.teardown(target, observed: observed, memory: memory)
    #expect(leaves.words.count == 6 && leaves.withheld.isEmpty)
  }
}

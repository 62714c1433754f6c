import LVSModel
import LVSPlan
import LVSText
import Testing

/// What is remembered of a machine, as values.
struct MachineMemoryTests {
  private let place = MachinePlace(boot: "boot", namespace: "cookie 7")

  private var full: MachineMemory {
    var memory = MachineMemory()
    memory.cluster = "shop"
    memory.node = "director1"
    memory.lastRole = "director+realserver"
    memory.role = .standby
    memory.sysctls = ["net.ipv4.ip_forward": "0", "net.ipv4.conf.eth0/100.arp_ignore": "2"]
    memory.timeouts = Timeouts(tcp: 900, udp: 300)
    memory.syncDaemons = [.backup: SyncDaemon(interface: "eth1", id: 3, group: IPAddress("224.0.0.82"), port: 8849)]
    memory.sync = SyncDaemon(interface: "eth1", ttl: 2, maxlen: 1400)
    memory.devices = ["tunl0"]
    memory.vips = Set(["192.168.147.100", "2001:db8::100"].compactMap { IPAddress($0) })
    memory.fwmarks = [.fwmark(7, .ipv4), .fwmark(7, .ipv6)]
    return memory
  }

  private func text(_ memory: MachineMemory) -> String { JSONText.pretty(memory.json(place)) }

  private func read(_ text: String) -> (memory: MachineMemory, place: MachinePlace)? {
    try? MachineMemory.read(Array(text.utf8))
  }

  @Test func `what is written is read again`() throws {
    var none = full
    none.syncDaemons = [:]
    for memory in [full, none, MachineMemory()] {
      let found = try #require(read(text(memory)))
      #expect(found.memory == memory)
      #expect(found.place == place)
    }
  }

  @Test(arguments: [
    ("\"format_version\": 1", "\"format_version\": 2"), ("\"boot\": \"boot\"", "\"boot\": 1"), ("\"cluster\"", "\"c\""),
    ("\"role\": \"standby\"", "\"role\": \"realserver\""), ("\"role\": \"standby\"", "\"role\": \"king\""),
    ("192.168.147.100", "192.168.147"), ("fwmark 7 ipv4", "fwmark seven ipv4"), ("\"tunl0\"", "7"),
    ("\"0\"", "0"), ("900", "\"900\""), ("900", "99999999999"), ("\"backup\"", "\"spare\""), ("8849", "88490"),
    ("224.0.0.82", "224"), ("\"ttl\": 2", "\"ttl\": {}"), ("\"sync\":", "\"sink\":"), ("\"timeouts\"", "\"times\""),
  ])
  func `a part that is not as it was written makes all of it unreadable`(old: String, new: String) {
    let damaged = text(full).replacing(old, with: new)
    #expect(damaged != text(full))
    #expect(read(damaged) == nil)
  }

  @Test func `a part that is not as it was written is named with its line and column`() {
    func fault(_ text: String) -> MemoryFault? {
      do throws(MemoryFault) {
        _ = try MachineMemory.read(Array(text.utf8))
        return nil
      } catch {
        return error
      }
    }
    let wrong = fault(text(full).replacing("900", with: "-900"))
    #expect(
      wrong?.message
        == "In the memory of this machine, timeouts.tcp is not a number from 0 to 4294967295: `-900` stands there.")
    #expect(fault("{\n  \"format_version\": 1,\n  \"boot\": \n}")?.position == SourcePosition(line: 4, column: 1))
    #expect(fault("{ \"format_version\": 1 }")?.message == "In the memory of this machine, boot is missing.")
    #expect(fault("")?.message.hasPrefix("The memory of this machine is not JSON here: ") == true)
    #expect(fault("[]")?.message == "The memory of this machine is not a map.")
  }

  @Test func `a hundred thousand addresses are read`() throws {
    var memory = MachineMemory()
    for number in 0..<100_000 { memory.vips.insert(IPAddress(ipv6High: 0x2001_0db8_1234_5678, low: UInt64(number))) }
    #expect(try #require(read(text(memory))).memory == memory)
  }

  /// A director whose file has everything that is remembered.
  private func target() throws -> Target {
    var file = Classic.file()
    file.timeouts = Timeouts(tcp: 100)
    file.sync = SyncDaemon(interface: "eth1", id: 3)
    var target = try Classic.target("director1", file: file)
    target.state.links["tunl0"] = LinkSettings(isUp: true)
    return target
  }

  @Test func `what a plan sets is noted before, and only once`() throws {
    let target = try target()
    var observed = HostState()
    observed.sysctls = ["net.ipv4.ip_forward": "1", "kernel.other": "1"]
    observed.links = ["tunl0": LinkSettings(isUp: false)]
    observed.syncDaemons = [.backup: SyncDaemon(interface: "eth9")]
    var memory = MachineMemory()
    memory.note(target, observed)
    #expect(memory.sysctls == ["net.ipv4.ip_forward": "1"])
    #expect(memory.devices == ["tunl0"])
    #expect(memory.syncDaemons == observed.syncDaemons)
    #expect(memory.sync == SyncDaemon(interface: "eth1", id: 3))
    #expect(memory.vips == target.scope.vips)
    // Without IPVS there is nothing to read, and it will begin with what it always begins with.
    #expect(memory.timeouts == Timeouts(tcp: 900))

    let first = memory
    memory.note(target, target.state)
    memory.sysctls = memory.sysctls.filter { first.sysctls[$0.key] != nil }
    #expect(memory == first)
  }

  @Test func `what is managed stays, and of the rest what is not yet as it was`() throws {
    var target = try target()
    var memory = MachineMemory()
    memory.note(target, HostState())
    memory.sysctls = ["net.ipv4.ip_forward": "1", "restored": "5", "not.restored": "5", "never.read": "5"]
    memory.timeouts = Timeouts(tcp: 900, udp: 300)
    memory.devices = ["tunl0", "gre0", "sit0"]
    var observed = HostState()
    observed.sysctls = ["net.ipv4.ip_forward": "1", "restored": "4", "not.restored": "4"]
    observed.timeouts = Timeouts(tcp: 100, tcpFin: 120, udp: 60)
    observed.links = [
      "tunl0": LinkSettings(isUp: true), "gre0": LinkSettings(isUp: true), "sit0": LinkSettings(isUp: true),
    ]
    observed.syncDaemons = [.master: SyncDaemon(interface: "eth1", id: 3)]
    let done: [Change] = [
      .sysctl("restored", Difference(before: "4", after: "5")),
      .timeouts(Difference(before: Timeouts(udp: 60), after: Timeouts(udp: 300))),
      .link("gre0", Difference(before: LinkSettings(isUp: true), after: LinkSettings(isUp: false))),
    ]
    var kept = memory
    kept.keepOnly(target, observed, done)
    #expect(kept.sysctls == ["net.ipv4.ip_forward": "1", "not.restored": "5", "never.read": "5"])
    #expect(kept.timeouts == Timeouts(tcp: 900))
    #expect(kept.devices == ["tunl0", "sit0"])
    #expect(kept.syncDaemons == [:])

    // What moves with forwarding will not be as it was once that is set back.
    kept = memory
    kept.sysctls["net.ipv4.conf.all.accept_redirects"] = "0"
    observed.sysctls["net.ipv4.conf.all.accept_redirects"] = "0"
    kept.keepOnly(target, observed, done)
    #expect(kept.sysctls["net.ipv4.conf.all.accept_redirects"] == "0")
    var free = target
    free.state.sysctls["net.ipv4.ip_forward"] = nil
    kept.keepOnly(free, observed, done)
    #expect(kept.sysctls == ["not.restored": "5", "never.read": "5"])

    // A run for the real server's part alone forgets nothing.
    target.scope.coversServices = false
    kept = memory
    kept.keepOnly(target, observed, done)
    #expect(kept == memory)
    target.scope.coversServices = true

    // The daemon is forgotten once it has ended.
    target.scope.coversSyncDaemons = false
    kept.keepOnly(target, observed, done)
    #expect(kept.syncDaemons == [:] && kept.sync != nil)
    let end = Change.syncDaemon(.master, Difference(before: observed.syncDaemons[.master], after: nil))
    kept.keepOnly(target, observed, done + [end])
    #expect(kept.syncDaemons == nil && kept.sync == nil)
  }

  @Test func `after a teardown that is left to remember which was not set back`() throws {
    let target = try target()
    var memory = full
    var observed = HostState()
    observed.sysctls = memory.sysctls
    observed.timeouts = Timeouts(tcp: 900, tcpFin: 120, udp: 300)
    observed.syncDaemons = memory.syncDaemons ?? [:]
    #expect(memory.left(of: target, observed, []) == nil)
    memory.sysctls["net.ipv4.ip_forward"] = "1"
    let left = try #require(memory.left(of: target, observed, []))
    #expect(left.sysctls == ["net.ipv4.ip_forward": "1"])
    #expect(left.role == nil && left.cluster == nil && left.vips.isEmpty)
  }

  @Test func `only who it is outlasts the machine's start`() {
    #expect(full.lasting.role == .standby && full.lasting.cluster == "shop" && full.lasting.node == "director1")
    #expect(full.lasting.sysctls.isEmpty && full.lasting.vips.isEmpty && full.lasting.syncDaemons == nil)
  }

  @Test func `another cluster's file is told what it would take away, shortened`() {
    let plan = Plan(
      changes: (1...12).map { number in
        .service(
          .address(.tcp, Classic.vip, port: number),
          Difference(before: ServiceSettings(scheduler: Scheduler("rr")), after: nil))
      })
    let refusal = full.refusal(of: "blog", plan)
    #expect(refusal?.contains("the cluster shop as director1 (director+realserver)") == true)
    #expect(refusal?.contains("the service tcp 192.168.147.100:10 and 2 more.") == true)
    #expect(full.refusal(of: "shop", plan) == nil)
    #expect(full.refusal(of: "blog", Plan())?.contains("nothing of it away") == true)
    #expect(MachineMemory().refusal(of: "blog", plan) == nil)
  }
}

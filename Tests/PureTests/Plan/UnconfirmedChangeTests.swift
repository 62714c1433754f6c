import LVSModel
import LVSPlan
import LVSText
import Testing

/// What is kept of an unconfirmed change, and how it is taken back from what is there.
struct UnconfirmedChangeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_764_097_968, "2025-11-25T19:12:48Z"),
    (4_107_542_399, "2100-02-28T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"), (Int.max, "9999-12-31T23:59:59Z"),
    (Int.min, "0001-01-01T00:00:00Z"),
  ])
  func `a time is told in UTC`(seconds: Int, text: String) {
    #expect(utcText(seconds) == text)
  }

  private let heading = UnconfirmedChange.Heading(
    cluster: "c\n\u{2028}", node: "n", role: "director", since: 7, isGraceful: true)
  private let place = MachinePlace(boot: "b", namespace: "cookie 1")

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `what is written is read back`(seed: UInt64) throws {
    var states = RandomStates(seed: seed)
    let (before, after) = (states.state(), states.state())
    var change = UnconfirmedChange(
      heading, formerMemory: seed % 2 == 0 ? nil : lasting(states.memory()), keptMemory: lasting(states.memory()))
    let steps = steps(from: before, to: after)
    change.add(steps, before: before)
    let text = change.lines(place)
    let read = try #require(UnconfirmedChange.read(Array(text.utf8)))
    #expect(read.place == place && read.change.heading == heading)
    #expect(read.change.lines(place) == text)
    #expect(read.change.formerMemory == change.formerMemory && read.change.keptMemory == change.keptMemory)
    #expect(UnconfirmedChange.Heading.read(Array(text.utf8.prefix { $0 != 10 }))?.heading == heading)

    // Where nobody was at it meanwhile, all of it goes back, and nothing else is touched.
    let reversal = Reversal(read.change, now: after)
    #expect(reversal.foreign == [])
    for id in before.addresses.keys { #expect(reversal.goal.addresses[id]?.label == before.addresses[id]?.label) }
    #expect(reversal.goal.routes == before.routes && reversal.goal.services == before.services)
    #expect(reversal.goal.syncDaemons == before.syncDaemons)
    #expect(Reversal(read.change, now: before).done == [])
  }

  @Test(arguments: 0..<60) func `what is cut off or spoilt is none`(place: Int) {
    var states = RandomStates(seed: 3)
    var change = UnconfirmedChange(heading, formerMemory: nil, keptMemory: MachineMemory())
    let (before, after) = (states.state(), states.state())
    change.add(steps(from: before, to: after), before: before)
    let bytes = Array(change.lines(self.place).utf8)
    #expect(UnconfirmedChange.read(Array(bytes.prefix(bytes.count * place / 60))) == nil)
    var spoilt = bytes
    spoilt[bytes.count * place / 60] = 0
    #expect(UnconfirmedChange.read(spoilt) == nil)
  }

  @Test func `only sysctls below net are set from what was kept`() {
    var change = UnconfirmedChange(heading, formerMemory: nil, keptMemory: MachineMemory())
    var before = HostState()
    before.sysctls = ["kernel.core_pattern": "core", "net.ipv4.ip_forward": "0", "network.x": "1"]
    var now = HostState()
    now.sysctls = ["kernel.core_pattern": "|/bin/sh", "net.ipv4.ip_forward": "1", "network.x": "2"]
    change.add(steps(from: before, to: now), before: before)
    let reversal = Reversal(change, now: now)
    #expect(reversal.done == [.sysctl("net.ipv4.ip_forward", Difference(before: "0", after: "1"))])
    #expect(reversal.withheld.sorted() == ["kernel.core_pattern = core", "network.x = 1"])
  }

  /// Memories as a file keeps them: those of a snapshot have no role by another name.
  private func lasting(_ memory: MachineMemory) -> MachineMemory {
    var memory = memory
    memory.role = memory.role == .director ? .director : nil
    return memory
  }

  private func steps(from before: HostState, to after: HostState) -> [Change] {
    var steps: [Change] = []
    for name in Set(before.sysctls.keys).union(after.sysctls.keys)
    where before.sysctls[name] != nil && after.sysctls[name] != nil {
      steps.append(.sysctl(name, Difference(before: before.sysctls[name], after: after.sysctls[name])))
    }
    for id in Set(before.addresses.keys).union(after.addresses.keys) {
      steps.append(.address(id, Difference(before: before.addresses[id], after: after.addresses[id])))
    }
    for id in Set(before.routes.keys).union(after.routes.keys) {
      steps.append(.route(id, Difference(before: before.routes[id], after: after.routes[id])))
    }
    for id in Set(before.services.keys).union(after.services.keys) {
      let (old, new) = (before.services[id], after.services[id])
      if old?.settings != new?.settings {
        steps.append(.service(id, Difference(before: old?.settings, after: new?.settings)))
      }
      guard let new else { continue }
      for server in Set((old?.realServers ?? [:]).keys).union(new.realServers.keys)
      where old?.realServers[server] != new.realServers[server] {
        steps.append(
          .realServer(
            id, server, Difference(before: old?.realServers[server], after: new.realServers[server])))
      }
    }
    for role in SyncRole.allCases where before.syncDaemons[role] != after.syncDaemons[role] {
      steps.append(.syncDaemon(role, Difference(before: before.syncDaemons[role], after: after.syncDaemons[role])))
    }
    return steps
  }
}

import LVSModel
import LVSPlan
import Testing

struct TakenAddressesTests {
  private func taken(_ target: Target, from observed: HostState) throws -> [AddressID] {
    try Planner.plan(target, observed: observed).takenAddresses
  }

  @Test func `an active director takes its VIPs, and nothing that it holds already`() throws {
    let target = try Classic.target("director1")
    #expect(try taken(target, from: HostState()).map(\.address) == [Classic.vip])
    #expect(try taken(target, from: target.state) == [])
    #expect(target.announcedAddresses.map(\.address) == [Classic.vip])
  }

  @Test(arguments: ["director2", "web1"]) func `a standby and a real server take none`(name: String) throws {
    let target = try Classic.target(name)
    #expect(try taken(target, from: HostState()) == [])
    #expect(target.announcedAddresses == [])
  }

  @Test func `a VIP that gets another label stays where it is`() throws {
    var file = Classic.file()
    file.vips[0].label = "ens33:shop"
    let target = try Classic.target("director1", file: file)
    var observed = target.state
    for id in observed.addresses.keys { observed.addresses[id]?.label = "ens33:0" }
    let plan = try Planner.plan(target, observed: observed)
    #expect(plan.changes.count == 1)
    #expect(plan.takenAddresses == [])
  }
}

import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// Addresses that somebody else added, and labels.
struct AddressPlanningTests {
  private func plan(_ observed: HostState, file: ClusterFile = Classic.file(), adopt: Bool = false) throws -> Plan {
    try Planner.plan(Classic.target("director1", file: file), observed: observed, adopt: adopt)
  }

  private func observed(label: String?, mark: UInt8) throws -> HostState {
    var observed = try Classic.target("director1").state
    observed.addresses[Classic.vipOnDirector] = AddressSettings(label: label, mark: mark)
    return observed
  }

  @Test func `an address of somebody else that satisfies the file stays unsigned, and is told`() throws {
    let plan = try plan(observed(label: nil, mark: 0))
    #expect(plan.isEmpty && plan.unsigned == [Classic.vipOnDirector])
  }

  @Test func `an explicit label does not replace an address of somebody else`() throws {
    var file = Classic.file()
    file.vips[0].label = "ens33:web"
    let kept = try plan(observed(label: nil, mark: 0), file: file)
    #expect(kept.isEmpty && kept.unsigned == [Classic.vipOnDirector])
    #expect(try plan(observed(label: nil, mark: ownershipMark), file: file).words.count == 1)
  }

  @Test func `adopting signs an address where it is, and takes only a wrong label away with it`() throws {
    let adopting = try plan(observed(label: nil, mark: 0), adopt: true)
    let adopted = try #require(adopting.changes.first)
    #expect(adopted.fields.before == [Field("signed", .boolean(false), default: .boolean(true))])
    #expect(adopted.isSignature && !adopted.announces(adopting.announced))
    #expect(try plan(observed(label: nil, mark: ownershipMark), adopt: true).isEmpty)
  }

  @Test func `the interface's own name as a label asks for none`() throws {
    var file = Classic.file()
    file.vips[0].label = "ens33"
    #expect(try plan(observed(label: nil, mark: ownershipMark), file: file).isEmpty)
    #expect(try plan(observed(label: "ens33:0", mark: ownershipMark), file: file).words.count == 1)
  }

  @Test func `a prefix is the director's alone, and another one is another address`() throws {
    var file = Classic.file()
    file.vips[0].prefixLength = 24
    #expect(
      try plan(observed(label: "ens33:0", mark: ownershipMark), file: file).words == [
        "create address 192.168.147.100/24 dev ens33", "delete address 192.168.147.100/32 dev ens33",
      ])
    #expect(try Classic.target("web1", file: file).state.addresses.keys.map(\.prefixLength) == [32])
  }
}

import LVSConfig
import LVSModel
import LVSText
import Testing

@testable import LVSPlan

/// What is looked at, and what is read of it: a rule that reads what it did not ask for ends the test.
struct SectionTests {
  @Test func `a section that nobody asked for is a bug to read, and is named`() async {
    let ending = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Observed().surroundings.neighbours
    }
    #expect(words(ending).contains("The neighbours are read, and nobody asked for them"))
  }

  @Test func `a question that nobody asked is a bug to read, and is named`() async {
    let ending = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Surroundings().sysctls["net.ipv4.conf.all.rp_filter"]
    }
    #expect(words(ending).contains("The answer to net.ipv4.conf.all.rp_filter is read, and nobody asked for it"))
  }

  private func words(_ ending: ExitTest.Result?) -> String {
    String(decoding: ending?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func `what was asked for and could not be read is not known`() {
    var observed = Observed()
    observed.activity = nil
    observed.surroundings.gateways[.ipv4] = nil
    #expect(observed.activity == nil)
    #expect(observed.surroundings.gateways[.ipv4] == nil)
  }

  // MARK: The rules

  /// What only the surroundings tell, and in no other way.
  private static let codes: Set<FindingCode> = [
    .drGateway, .noRoute, .natReturnPath, .guePort, .arpNotMuted, .rpFilter,
  ]

  /// The worst that there is to say to each question of a query.
  private static func worst(_ query: SurroundingsQuery) -> Surroundings {
    var answers = Surroundings()
    for name in query.sysctls { answers.sysctls[name] = name.hasSuffix("rp_filter") ? "1" : "0" }
    for (number, question) in query.routes.enumerated() {
      answers.routes[question] =
        question.source != nil || question.destination == anybody(.ipv4) || number.isMultiple(of: 2)
        ? RouteAnswer.gateway(ip("10.1.0.254"), interface: "eth1") : .unreachable
    }
    for family in query.gateways { answers.gateways[family] = [] }
    if query.readsGUEPorts { answers.guePorts = [] }
    return answers
  }

  /// The random machine of a node, on networks with its real servers or apart from them.
  private static func machine(_ name: String, _ random: inout SeededNumbers) -> (HostState, [NetworkLink]) {
    let number = ["d1": 1, "d2": 2, "w1": 11, "w2": 12][name] ?? 0
    let isApart = random.chance(40)
    var state = HostState()
    func add(_ text: String, _ length: UInt8, _ interface: String) {
      state.addresses[AddressID(ip(text), prefixLength: length, interface: interface)] = AddressSettings(mark: 0)
    }
    add("10.0.0.\(number)", isApart ? 32 : 24, "eth0")
    if random.chance(80) { add("2001:db8::\(number)", isApart ? 128 : 64, "eth0") }
    if random.chance(50) { add("10.1.0.\(number)", 24, "eth1") }
    let links = [
      NetworkLink("lo", isLoopback: true, answersARP: false), NetworkLink("eth0", isUp: random.chance(90)),
      NetworkLink("eth1", hasCarrier: random.chance(90)), NetworkLink("dummy0", answersARP: false),
    ]
    return (state, links)
  }

  @Test func `rules read nothing but what they asked for, on every node of random clusters`() throws {
    var found: Set<FindingCode> = []
    for seed in 1...300 as ClosedRange<UInt64> {
      var cluster = RandomCluster(seed: seed)
      var file = cluster.file(mixes: cluster.random.chance(30))
      if cluster.random.chance(30) { file.sysctls.realServer["net.ipv4.conf.all.arp_ignore"] = .keep }
      for name in ["d1", "d2", "w1", "w2"] {
        let node = try cluster.node(name, of: file)
        let (state, links) = Self.machine(name, &cluster.random)
        let target = file.target(for: node)
        let examination = Examination(file, node, target, observed: state, links: links)
        found.formUnion(examination.findings(Self.worst(examination.query)).map(\.code))
        let unknown = examination.findings(unknownSurroundings.answering(examination.query)).map(\.code)
        #expect(Self.codes.isDisjoint(with: unknown), "seed \(seed), \(name)")
      }
    }
    #expect(found.isSuperset(of: Self.codes), "never found: \(Self.codes.subtracting(found).map(\.rawValue))")
  }
}

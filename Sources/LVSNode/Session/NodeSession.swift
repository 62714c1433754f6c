import Glibc
import LVSConfig
import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// One node of the file as this machine: who it is, what the file wants of it, what it holds.
public struct NodeSession {
  /// The file.
  public let file: ClusterFile
  /// The node.
  public let node: Node
  /// The role that the node has, as in ``NodePlan/role``.
  public let role: String?
  /// Where the role comes from, and what is to be remembered of it.
  public let roleChoice: RoleChoice
  /// What is remembered of this machine.
  public let memory: KeptMemory
  /// What is known of the health of its real servers, by the file's own questions, and which of them are drained; nothing
  /// for a node that balances nothing.
  public private(set) var health: Health
  /// What the file wants of the node, beside what goes back to what it was before.
  public private(set) var target: Target
  /// Sysctls that are looked at beside those of the target.
  private var furtherSysctls: Set<String> = []
  /// Network devices likewise.
  private var furtherDevices: Set<String> = []
  /// Whether plans are for real servers alone, of services that are there.
  private var isAboutRealServersAlone = false
  /// The kernel that is looked at and changed.
  public let kernel: KernelConnection

  /// Finds out which node this machine is, and in which role, for a look that changes nothing; `verdicts`, where they are
  /// given, stand for those that are kept on this machine.
  public init(
    _ file: ClusterFile, _ request: NodeRequest, _ events: NodeEvents, verdicts: [CheckRule: Verdict]? = nil
  ) throws(NodeFailure) {
    try Requirements.proc()
    do {
      self = try NodeSession(file, request, .forLook(events), .look(events), verdicts: verdicts)
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  /// A node of a file on this machine, by its name and as if nothing were remembered here.
  public init(
    _ file: ClusterFile, named name: String, role: RoleRequest = .auto, kernel: KernelConnection = KernelConnection(),
    health: Health = Health()
  ) throws(NodeMismatch) {
    let node = try file.node(named: name, role: role)
    self.init(
      file, node, node.roleWord, RoleChoice(role: role, remembered: nil), file.target(for: node, health: health),
      .nothing, health, kernel)
  }

  /// Finds out which node this machine is, and in which role; throws ``NodeMismatch`` where it is none.
  init(
    _ file: ClusterFile, _ request: NodeRequest, _ memory: KeptMemory, _ source: HealthSource,
    verdicts: [CheckRule: Verdict]? = nil
  ) throws {
    let kernel = KernelConnection()
    let held = try kernel.addresses()
    let machine = try Self.machine(file, request, Set(held.lazy.map(\.address)))
    let choice = machine.role(asked: request.role, remembered: memory.stored?.role)
    let node = try file.node(machine, role: choice.role, holding: Self.holders(file, held))
    let health = try Self.health(file, node, source, memory, verdicts)
    self.init(file, node, node.roleWord, choice, file.target(for: node, health: health), memory, health, kernel)
  }

  /// This machine by what is remembered of it alone, for a file that does not name it.
  init(_ file: ClusterFile, remembering memory: KeptMemory, _ remembered: MachineMemory) {
    self.init(
      file, remembered.formerNode, remembered.lastRole, RoleChoice(role: .auto, remembered: nil),
      remembered.formerTarget, memory, Health(), KernelConnection())
  }

  private init(
    _ file: ClusterFile, _ node: Node, _ role: String?, _ choice: RoleChoice, _ target: Target, _ memory: KeptMemory,
    _ health: Health, _ kernel: KernelConnection
  ) {
    self.file = file
    self.node = node
    self.role = role
    roleChoice = choice
    self.target = target
    self.memory = memory
    self.health = health
    self.kernel = kernel
    self.target.scope.takeOver(from: memory.stored)
    if let stored = memory.stored { self.target.restore(from: stored) }
    furtherSysctls = Set(memory.stored?.sysctls.keys.map(\.self) ?? [])
    furtherDevices = memory.stored?.devices ?? []
  }

  /// The health of a node's real servers; a verdict that was reached by another file stands for the question that the
  /// file has in the place of the old one.
  private static func health(
    _ file: ClusterFile, _ node: Node, _ source: HealthSource,
    _ memory: KeptMemory, _ verdicts: [CheckRule: Verdict]?
  ) throws(NodeFailure) -> Health {
    guard node.directing != nil else { return Health() }
    let health = try source.health(beside: memory, verdicts: verdicts)
    return health.verdicts.isEmpty ? health : health.carried(over: file.checks(for: node).rules)
  }

  /// This session by another health.
  func with(_ health: Health) -> NodeSession {
    var session = self
    let target = file.target(for: node, health: health)
    session.health = health
    session.target.state.services = target.state.services
    session.target.weightedHere = target.weightedHere
    return session
  }

  private static func machine(
    _ file: ClusterFile, _ request: NodeRequest, _ held: Set<IPAddress>
  ) throws(NodeMismatch) -> Machine {
    guard let name = request.name else { return try file.machine(holding: held) }
    return request.isForced ? try file.machine(named: name) : try file.machine(named: name, holding: held)
  }

  /// The interfaces of each VIP that this machine holds, where its role follows them.
  private static func holders(
    _ file: ClusterFile, _ held: [AddressRecord]
  ) -> [IPAddress: Set<String>] {
    guard file.rolesFollowVIPs else { return [:] }
    let vips = Set(file.vips.lazy.map(\.address))
    var holders: [IPAddress: Set<String>] = [:]
    for record in held where vips.contains(record.address) {
      if let name = interfaceName(record.interfaceIndex) { holders[record.address, default: []].insert(name) }
    }
    return holders
  }

  /// Throws where the node has to balance and this kernel cannot.
  public func requireIPVS() throws(NodeFailure) {
    guard node.directing != nil else { return }
    do {
      if try IPVSAvailability.current() != .absent { return }
    } catch {
      throw NodeFailure(describing: error)
    }
    throw NodeFailure(
      .noIPVS, "\(node.name) is a \(node.roleWord), and \(Requirements.ipvsRemedy) Nothing was changed.")
  }

  /// What this machine holds, of what the file is about.
  public func observe() throws(NodeFailure) -> Observed {
    do {
      var query = query
      do throws(ObservationError) {
        return try kernel.observe(query)
      } catch .netlink(let error) where error.errno == EPERM && node.directing == nil {
        // Only IPVS asks for a privilege to be read, and a real server needs nothing of it.
        query.leavesOutIPVS()
        return try kernel.observe(query)
      }
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  /// What has to be looked at for a plan, and to know what is as it was before the first apply.
  var query: ObservationQuery {
    var query = ObservationQuery(target)
    query.readsInterfaces = true
    query.sysctls.formUnion(furtherSysctls)
    if !furtherDevices.isEmpty { query.readsLinks = true }
    if target.scope.coversServices, let remembered = memory.stored {
      if remembered.timeouts != Timeouts() { query.readsTimeouts = true }
      if remembered.syncDaemons != nil { query.readsSyncDaemons = true }
    }
    return query
  }

  /// Looks at services alone from now on, and plans for real servers of those that are there alone.
  mutating func leaveOutAllButRealServers() {
    target.leaveOutAllButServices()
    furtherSysctls = []
    furtherDevices = []
    isAboutRealServersAlone = true
  }

  /// Looks at links, addresses, routes and sysctls alone from now on, and plans for them alone.
  mutating func leaveOutIPVS() { target.leaveOutIPVS() }

  /// The plan from what this machine holds to what the file wants; throws where the file does not fit it.
  public func plan(from observed: Observed, prune: Bool, adopt: Bool = false) throws(NodeFailure) -> Plan {
    let refusals = isAboutRealServersAlone ? [] : unfitness(observed)
    if !refusals.isEmpty {
      throw NodeFailure(.invalidFile, (refusals.map(\.message) + ["Nothing was changed."]).joined(separator: "\n"))
    }
    do {
      let plan = try Planner.plan(target, observed: observed.state, prune: prune, adopt: adopt)
      return isAboutRealServersAlone ? plan.withRealServersAlone(of: observed.state) : plan
    } catch {
      throw NodeFailure(.invalidFile, error.reasons.map(\.message).joined(separator: "\n"))
    }
  }

  /// Why the file does not fit the interfaces of this machine.
  func unfitness(_ observed: Observed) -> [Finding] {
    InterfaceFit(file, node, target, observed: observed.state, links: observed.interfaces).refusals
  }

  /// What there is to say of this machine beyond the plan; what is to be looked at for it was not known before.
  public func findings(_ observed: Observed, unsigned: [AddressID], _ kernel: KernelConnection) -> [Finding] {
    let examination = examination(observed)
    return findings(examination, examination.query, observed, unsigned, kernel).findings
  }

  /// The same, and what there is to see of this machine as a real server, by one more look.
  func findingsAndView(
    _ observed: Observed, unsigned: [AddressID], _ kernel: KernelConnection
  ) -> (findings: [Finding], view: RealServerView?) {
    let examination = examination(observed)
    let (findings, surroundings) = findings(examination, examination.viewQuery, observed, unsigned, kernel)
    return (findings, examination.realServerView(surroundings))
  }

  private func examination(_ observed: Observed) -> Examination {
    Examination(file, node, target, observed: observed.state, links: observed.interfaces, health: health)
  }

  private func findings(
    _ examination: Examination, _ query: SurroundingsQuery, _ observed: Observed, _ unsigned: [AddressID],
    _ kernel: KernelConnection
  ) -> (findings: [Finding], surroundings: Surroundings) {
    var query = query
    query.knownInterfaces = observed.interfaces
    let surroundings = kernel.surroundings(query)
    return (examination.findings(surroundings, unsigned: unsigned).adding(memory.unconfirmed), surroundings)
  }

  /// A plan with what a reader has to know of this node.
  public func report(
    _ plan: Plan, open: OpenConnections = [:], waits: Bool = false, findings: [Finding] = []
  ) -> NodePlan {
    NodePlan(
      cluster: file.name, node: node.name, role: role, plan: plan, serverNames: file.serverNames,
      vipNames: file.vipNames, open: open, waits: waits, findings: findings)
  }

  /// The open connections of services that lose real servers or go altogether.
  public func openConnections(cutBy plan: Plan) throws(NodeFailure) -> OpenConnections {
    let services = plan.servicesWithRemovals
    if services.isEmpty { return [:] }
    do {
      return try kernel.openConnections(of: services)
    } catch {
      throw NodeFailure(describing: error)
    }
  }
}

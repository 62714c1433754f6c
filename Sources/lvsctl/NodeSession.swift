import Glibc
import LVSConfig
import LVSKernel
import LVSModel
import LVSPlan
import LVSText

/// One node of the file as this machine: who it is, what the file wants of it, what it holds.
struct NodeSession {
  let file: ClusterFile
  let node: Node
  /// The role that the node has, in words.
  let role: String
  /// Where the role comes from, and what is to be remembered of it.
  let roleChoice: RoleChoice
  let memory: Memory
  var target: Target
  /// Sysctls that are looked at beside those of the target.
  var furtherSysctls: Set<String> = []
  /// Network devices likewise.
  var furtherDevices: Set<String> = []
  let kernel: KernelConnection

  /// Finds out which node this machine is, and in which role.
  init(_ file: ClusterFile, _ options: NodeOptions) throws(Failure) {
    try Requirements.proc()
    do {
      self = try NodeSession(file, options, .forLook())
    } catch {
      throw Failure(describing: error)
    }
  }

  /// Finds out which node this machine is, and in which role; throws ``NodeMismatch`` where it is none.
  init(_ file: ClusterFile, _ options: NodeOptions, _ memory: Memory) throws {
    let kernel = KernelConnection()
    let held = try kernel.addresses()
    let machine = try Self.machine(file, options, Set(held.lazy.map(\.address)))
    let choice = machine.role(asked: options.role, remembered: memory.stored?.role)
    let node = try file.node(machine, role: choice.role, holding: Self.holders(file, held, kernel))
    self.init(file, node, node.roleWord, choice, file.target(for: node), memory, kernel)
  }

  /// This machine by what is remembered of it alone, for a file that does not name it.
  init(_ file: ClusterFile, remembering memory: Memory, _ remembered: MachineMemory) {
    self.init(
      file, remembered.formerNode, remembered.lastRole ?? "none", RoleChoice(role: .auto, remembered: nil),
      remembered.formerTarget, memory, KernelConnection())
  }

  private init(
    _ file: ClusterFile, _ node: Node, _ role: String, _ choice: RoleChoice, _ target: Target, _ memory: Memory,
    _ kernel: KernelConnection
  ) {
    self.file = file
    self.node = node
    self.role = role
    roleChoice = choice
    self.target = target
    self.memory = memory
    self.kernel = kernel
    self.target.scope.takeOver(from: memory.stored)
    if let stored = memory.stored { self.target.restore(from: stored) }
    furtherSysctls = Set(memory.stored?.sysctls.keys.map(\.self) ?? [])
    furtherDevices = memory.stored?.devices ?? []
  }

  private static func machine(
    _ file: ClusterFile, _ options: NodeOptions, _ held: Set<IPAddress>
  ) throws(NodeMismatch) -> Machine {
    guard let name = options.node else { return try file.machine(holding: held) }
    return options.forceNode ? try file.machine(named: name) : try file.machine(named: name, holding: held)
  }

  /// The interfaces of each VIP that this machine holds, where its role follows them.
  private static func holders(
    _ file: ClusterFile, _ held: [AddressRecord], _ kernel: KernelConnection
  ) throws(NetlinkError) -> [IPAddress: Set<String>] {
    guard file.rolesFollowVIPs else { return [:] }
    let names = Dictionary(try kernel.links().map { ($0.index, $0.name) }) { first, _ in first }
    var holders: [IPAddress: Set<String>] = [:]
    for record in held {
      if let name = names[record.interfaceIndex] { holders[record.address, default: []].insert(name) }
    }
    return holders
  }

  /// Ends the command where the node has to balance and this kernel cannot.
  func requireIPVS() throws(Failure) {
    guard node.directing != nil else { return }
    do {
      if try IPVSAvailability.current() != .absent { return }
    } catch {
      throw Failure(describing: error)
    }
    throw Failure(.noIPVS, "\(node.name) is a \(role), and \(Self.ipvsRemedy) Nothing was changed.")
  }

  /// What to do where the kernel has no IPVS.
  static var ipvsRemedy: Message {
    StepFailure.moduleRemedy("ip_vs")
      ?? """
      this kernel has no IPVS: modprobe ip_vs finds no module. Install the kernel's full module package (built with \
      CONFIG_IP_VS), or in a container run modprobe ip_vs on the host.
      """
  }

  /// What this machine holds, of what the file is about.
  func observe() throws(Failure) -> Observed {
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
      throw Failure(describing: error)
    }
  }

  /// What has to be looked at for a plan, and to know what is as it was before the first apply.
  var query: ObservationQuery {
    var query = ObservationQuery(target)
    query.surroundings.readsLinks = true
    query.sysctls.formUnion(furtherSysctls)
    if !furtherDevices.isEmpty { query.readsLinks = true }
    if target.scope.coversServices, let remembered = memory.stored {
      if remembered.timeouts != Timeouts() { query.readsTimeouts = true }
      if remembered.syncDaemons != nil { query.readsSyncDaemons = true }
    }
    return query
  }

  /// The plan from what this machine holds to what the file wants; the end of the command where the file does not fit it.
  func plan(from observed: Observed, prune: Bool, adopt: Bool = false) throws(Failure) -> Plan {
    let refusals = unfitness(observed)
    if !refusals.isEmpty {
      throw Failure(.invalidFile, (refusals + ["Nothing was changed."]).joined(separator: "\n"))
    }
    do {
      return try Planner.plan(target, observed: observed.state, prune: prune, adopt: adopt)
    } catch {
      throw Failure(.invalidFile, error.reasons.joined(separator: "\n"))
    }
  }

  /// Why the file does not fit the interfaces of this machine.
  func unfitness(_ observed: Observed) -> [Message] {
    InterfaceFit(file, node, target, observed: observed.state, links: observed.surroundings.links ?? []).refusals
  }

  /// What there is to say of this machine beyond the plan; what is to be looked at for it was not known before.
  func findings(_ observed: Observed, unsigned: [AddressID], _ kernel: KernelConnection) -> [Finding] {
    let links = observed.surroundings.links ?? []
    let examination = Examination(file, node, target, observed: observed.state, links: links)
    var query = examination.query
    query.knownLinks = links
    return examination.findings(kernel.surroundings(query), unsigned: unsigned).adding(memory.unconfirmed)
  }

  /// A plan with what a reader has to know of this node.
  func report(
    _ plan: Plan, open: OpenConnections = [:], waits: Bool = false, findings: [Finding] = []
  ) -> NodePlan {
    NodePlan(
      cluster: file.name, node: node.name, role: role, plan: plan, serverNames: file.serverNames, open: open,
      waits: waits, findings: findings)
  }

  /// The open connections of services that lose real servers or go altogether.
  func openConnections(cutBy plan: Plan) throws(Failure) -> OpenConnections {
    let services = plan.servicesWithRemovals
    if services.isEmpty { return [:] }
    do {
      return try kernel.openConnections(of: services)
    } catch {
      throw Failure(describing: error)
    }
  }
}

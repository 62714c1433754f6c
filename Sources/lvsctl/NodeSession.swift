import LVSCore
import LVSKernel

/// One node of the file as this machine: who it is, what the file wants of it, what it holds.
struct NodeSession {
  let file: ClusterFile
  let node: Node
  var target: Target
  /// Sysctls that are looked at beside those of the target.
  var furtherSysctls: Set<String> = []
  /// Network devices likewise.
  var furtherDevices: Set<String> = []
  let kernel: KernelConnection

  /// Finds out which node this machine is.
  init(_ file: ClusterFile, _ options: NodeOptions) throws(Failure) {
    self.file = file
    kernel = KernelConnection()
    node = try Self.identify(file, options, kernel)
    target = file.target(for: node)
  }

  private static func identify(
    _ file: ClusterFile, _ options: NodeOptions, _ kernel: KernelConnection
  ) throws(Failure) -> Node {
    do {
      if let name = options.node { return try file.node(named: name, role: options.role) }
      let held = Set(try kernel.addresses().map(\.address))
      return try file.node(holding: held, role: options.role)
    } catch let error as NodeMismatch {
      throw Failure(.invalidFile, error.message)
    } catch {
      throw Failure(describing: error)
    }
  }

  /// Ends the command where the node has to balance and this kernel cannot.
  func requireIPVS() throws(Failure) {
    guard node.directing != nil else { return }
    do {
      if try IPVSAvailability.current() != .absent { return }
    } catch {
      throw Failure(describing: error)
    }
    throw Failure(.noIPVS, "\(node.name) is a \(node.roleWord), and \(Self.ipvsRemedy) Nothing was changed.")
  }

  /// What to do where the kernel has no IPVS.
  static let ipvsRemedy = """
    this kernel has no IPVS: modprobe ip_vs finds no module. Install the kernel's full module package (built with \
    CONFIG_IP_VS), or in a container run modprobe ip_vs on the host.
    """

  /// What this machine holds, of what the file is about.
  func observe() throws(Failure) -> HostState {
    do {
      var query = ObservationQuery(target)
      query.sysctls.formUnion(furtherSysctls)
      if !furtherDevices.isEmpty { query.readsLinks = true }
      return try kernel.observe(query)
    } catch {
      throw Failure(describing: error)
    }
  }

  /// The plan from what this machine holds to what the file wants.
  func plan(from observed: HostState, prune: Bool) throws(Failure) -> Plan {
    do {
      return try Planner.plan(target, observed: observed, prune: prune)
    } catch {
      throw Failure(.invalidFile, error.reasons.joined(separator: "\n"))
    }
  }

  /// What is no difference and yet worth knowing of this machine.
  func notes() throws(Failure) -> [String] {
    do {
      return try file.returnPathNotes(for: node) { (family) throws(NetlinkError) in try kernel.defaultGateway(family) }
    } catch {
      throw Failure(describing: error)
    }
  }

  /// A plan with what a reader has to know of this node.
  func report(_ plan: Plan, open: OpenConnections = [:], waits: Bool = false) -> NodePlan {
    NodePlan(
      cluster: file.name, node: node.name, role: node.roleWord, plan: plan, serverNames: file.serverNames,
      open: open, waits: waits)
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

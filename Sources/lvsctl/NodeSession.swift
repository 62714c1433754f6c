import Glibc
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
  static var ipvsRemedy: String {
    StepFailure.moduleRemedy("ip_vs")
      ?? """
      this kernel has no IPVS: modprobe ip_vs finds no module. Install the kernel's full module package (built with \
      CONFIG_IP_VS), or in a container run modprobe ip_vs on the host.
      """
  }

  /// What this machine holds, of what the file is about.
  func observe() throws(Failure) -> HostState {
    do {
      var query = ObservationQuery(target)
      query.sysctls.formUnion(furtherSysctls)
      if !furtherDevices.isEmpty { query.readsLinks = true }
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

  /// The plan from what this machine holds to what the file wants; the end of the command where the file does not fit it.
  func plan(from observed: HostState, prune: Bool) throws(Failure) -> Plan {
    let refusals = unfitness(observed, kernel)
    if !refusals.isEmpty {
      throw Failure(.invalidFile, (refusals + ["Nothing was changed."]).joined(separator: "\n"))
    }
    do {
      return try Planner.plan(target, observed: observed, prune: prune)
    } catch {
      throw Failure(.invalidFile, error.reasons.joined(separator: "\n"))
    }
  }

  /// Why the file does not fit the interfaces of this machine, from the connection that `observed` was just read from.
  func unfitness(_ observed: HostState, _ kernel: KernelConnection) -> [String] {
    InterfaceFit(file, node, target, observed: observed, links: kernel.lastLinks.map(\.network)).refusals
  }

  /// What there is to say of this machine beyond the plan, from the connection that `observed` was just read from.
  func findings(_ observed: HostState, _ kernel: KernelConnection) -> [Finding] {
    let examination = Examination(file, node, target, observed: observed, links: kernel.lastLinks.map(\.network))
    return examination.findings(kernel.surroundings(examination.query))
  }

  /// A plan with what a reader has to know of this node.
  func report(_ plan: Plan, active: ActiveConnections = [:], findings: [Finding] = []) -> NodePlan {
    NodePlan(
      cluster: file.name, node: node.name, role: node.roleWord, plan: plan, serverNames: file.serverNames,
      active: active, findings: findings)
  }

  /// The active connections of services that lose real servers or go altogether.
  func activeConnections(cutBy plan: Plan) throws(Failure) -> ActiveConnections {
    let services = plan.servicesWithRemovals
    if services.isEmpty { return [:] }
    do {
      return try kernel.activeConnections(of: services)
    } catch {
      throw Failure(describing: error)
    }
  }
}

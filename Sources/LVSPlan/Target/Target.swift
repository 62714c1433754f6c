import LVSConfig
import LVSModel

/// What the file wants of one node, and how far its word reaches there.
public struct Target: Equatable, Sendable {
  /// What the node should hold.
  public var state: HostState
  /// What of the node's observed state the file decides on.
  public var scope: Scope
  /// What earlier files set and this one does not mention, as it was before.
  public var restored = Restoration()
  /// Addresses in ``state`` whose label the file names, so that another one is a difference; an implied label is given to a
  /// new address and not compared.
  public var labelled: Set<AddressID> = []
  /// Addresses in ``state`` that other machines are told of when they come (gratuitous ARP, unsolicited NA).
  public var announced: Set<AddressID> = []
  /// Services in ``state`` whose weights a health checker owns: they are set when a real server is added, and left alone
  /// afterwards.
  public var externallyWeighted: Set<ServiceID> = []
  /// Real servers of ``externallyWeighted`` services whose weight is the file's all the same: those that are drained, or
  /// were until now, and fallbacks.
  public var weightedHere: [ServiceID: Set<RealServerID>] = [:]
  /// Services in ``state`` of which this node is a real server itself, by direct routing or a tunnel.
  public var servedHere: Set<ServiceID> = []
  /// Those of ``servedHere`` for which another director is active: only while a backup daemon runs does the kernel leave
  /// their packets alone.
  public var resting: Set<ServiceID> = []

  /// Creates a target.
  public init(state: HostState, scope: Scope) {
    self.state = state
    self.scope = scope
  }

  /// Leaves out everything but services: what remains asks nothing of interfaces, addresses, sysctls and the like, and
  /// cannot fail for them.
  public mutating func leaveOutAllButServices() {
    let services = state.services
    state = HostState()
    state.services = services
    restored = Restoration()
    announced = []
    labelled = []
    scope.coversAllInterfaces = false
    scope.realServerInterfaces = []
    scope.coversSyncDaemons = false
  }

  /// Leaves out what IPVS holds: what remains is links, addresses, routes, sysctls and modules.
  public mutating func leaveOutIPVS() {
    state.services = [:]
    state.timeouts = Timeouts()
    state.syncDaemons = [:]
    scope.coversServices = false
    scope.coversSyncDaemons = false
    restored.timeouts = Timeouts()
    restored.syncDaemons = nil
  }
}

/// How far the file's word reaches on a node: what lies beyond is left alone.
public struct Scope: Equatable, Sendable {
  /// Every VIP of the file: services on them are the file's to decide on.
  public var vips: Set<IPAddress>
  /// The fwmark services of the file.
  public var fwmarks: Set<ServiceID>
  /// VIPs that an earlier file had: services on them are this file's to decide on, too.
  public var formerVIPs: Set<IPAddress> = []
  /// The fwmark services that an earlier file had.
  public var formerFwmarks: Set<ServiceID> = []
  /// Services of the file that another program puts into the table.
  public var externalServices: Set<ServiceID> = []
  /// Services that the file wants left alone.
  public var ignored = IgnoredServices.Lookup(IgnoredServices())
  /// Sysctls that the file wants left alone as they are, also where an earlier file set them.
  public var keptSysctls: Set<String> = []
  /// The addresses of this node as a real server.
  public var ownAddresses: Set<IPAddress> = []
  /// VIPs that another program moves: their addresses are left alone outside ``realServerInterfaces``.
  public var externalVIPs: Set<IPAddress>
  /// Interfaces where the real server's part puts VIPs.
  public var realServerInterfaces: Set<String>
  /// Whether addresses outside ``realServerInterfaces`` are the file's to decide on.
  public var coversAllInterfaces: Bool
  /// Whether services are the file's to decide on.
  public var coversServices: Bool
  /// Whether the sync daemons are.
  public var coversSyncDaemons: Bool

  /// Creates a scope; by default it covers addresses and services everywhere and no sync daemon.
  public init(
    vips: Set<IPAddress>, fwmarks: Set<ServiceID> = [], externalVIPs: Set<IPAddress> = [],
    realServerInterfaces: Set<String> = [], coversAllInterfaces: Bool = true, coversServices: Bool = true,
    coversSyncDaemons: Bool = false
  ) {
    self.vips = vips
    self.fwmarks = fwmarks
    self.externalVIPs = externalVIPs
    self.realServerInterfaces = realServerInterfaces
    self.coversAllInterfaces = coversAllInterfaces
    self.coversServices = coversServices
    self.coversSyncDaemons = coversSyncDaemons
  }

  /// Adds what an earlier file had.
  public mutating func takeOver(from old: ClusterFile) {
    formerVIPs.formUnion(old.vips.map(\.address))
    formerFwmarks.formUnion(old.services.lazy.map(\.id).filter { $0.vip == nil })
  }

  /// Adds what a snapshot says that apply remembers.
  public mutating func takeOver(from snapshot: Snapshot) {
    formerVIPs.formUnion(snapshot.memory.vips)
    formerFwmarks.formUnion(snapshot.memory.fwmarks)
  }

  /// Whether a service is another program's, by the file's own word: never removed, and not worth a mention.
  public func leavesAlone(_ id: ServiceID) -> Bool { externalServices.contains(id) || ignored.contains(id) }

  /// Whether a service that the file does not have is the file's to remove.
  public func covers(_ id: ServiceID) -> Bool {
    if let vip = id.vip { return vips.contains(vip) || formerVIPs.contains(vip) }
    return fwmarks.contains(id) || formerFwmarks.contains(id)
  }

  /// Whether addresses on an interface are the file's to decide on.
  public func covers(_ id: AddressID) -> Bool {
    if realServerInterfaces.contains(id.interface) { return true }
    return coversAllInterfaces && !externalVIPs.contains(id.address)
  }

  /// Whether routes over an interface are.
  public func covers(_ id: RouteID) -> Bool {
    coversAllInterfaces || realServerInterfaces.contains(id.interface)
  }
}

extension ClusterFile {
  /// What this file wants of a node, by what is known of the health of its real servers; whoever asks for many nodes hands
  /// over what they share.
  public func target(for node: Node, sharing shared: TargetIndex? = nil, health: Health = Health()) -> Target {
    var target = Target(state: HostState(), scope: shared?.scope ?? ownScope)
    target.scope.coversAllInterfaces = !node.leavesDirectorAlone
    target.scope.coversServices = !node.leavesDirectorAlone
    if let index = node.realServer {
      target.scope.ownAddresses = Set(realServers[index].addresses)
      addRealServer(index, sharing: shared, to: &target.state, scope: &target.scope)
      apply(sysctls.realServer, to: &target)
    }
    if let directing = node.directing {
      addDirector(node, directing, to: &target)
      apply(directing.role == .director ? sysctls.director : sysctls.standby ?? sysctls.director, to: &target)
      addServices(node, directing, HealthView(self, health), to: &target)
    }
    return target
  }

  /// What of any node the file decides on.
  var ownScope: Scope {
    var scope = Scope(vips: Set(vips.map(\.address)), fwmarks: Set(services.lazy.map(\.id).filter { $0.vip == nil }))
    scope.ignored = IgnoredServices.Lookup(ignored)
    return scope
  }

  private func apply(_ overrides: [String: SysctlWish], to target: inout Target) {
    for (name, wish) in overrides {
      switch wish {
      case .value(let value):
        target.state.sysctls[name] = value
        target.scope.keptSysctls.remove(name)
      case .keep:
        target.state.sysctls[name] = nil
        target.scope.keptSysctls.insert(name)
      }
    }
  }

  /// The N of the label `IF:N`: the place of an IPv4 VIP among those of the file, the same on every node.
  var labelNumbers: [IPAddress: Int] {
    let labelled = vips.lazy.map(\.address).filter { $0.family == .ipv4 }
    return Dictionary(labelled.enumerated().map { ($1, $0) }) { first, _ in first }
  }
}

/// The implied label of a VIP, or nil where there is none or it would not fit IFNAMSIZ.
func impliedLabel(_ interface: String, number: Int?) -> String? {
  guard let number else { return nil }
  let label = "\(interface):\(number)"
  return label.utf8.count <= 15 ? label : nil
}

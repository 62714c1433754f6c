/// What the file wants of one node, and how far its word reaches there.
public struct Target: Equatable, Sendable {
  /// What the node should hold.
  public var state: HostState
  /// What of the node's observed state the file decides on.
  public var scope: Scope
  /// What earlier files set and this one does not mention, as it was before.
  public var restored = Restoration()
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
  public var ignored = IgnoredServices()
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
    formerVIPs.formUnion(snapshot.managedVIPs)
    formerFwmarks.formUnion(snapshot.managedFwmarks)
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

extension IgnoredServices {
  /// Whether a service is among them.
  public func contains(_ id: ServiceID) -> Bool {
    switch id {
    case .fwmark(let mark, _): fwmarks.contains(mark)
    case .address(_, let vip, _): networks.contains { $0.contains(vip) }
    }
  }
}

extension IgnoredServices.Network {
  /// Whether an address is in it.
  func contains(_ other: IPAddress) -> Bool {
    guard other.family == address.family else { return false }
    let unused = address.family.hostPrefixLength - prefixLength
    // Shifting by as many bits as there are gives 0, which is what a prefix of 0 bits wants.
    if address.family == .ipv4 { return other.low >> unused == address.low >> unused }
    guard prefixLength > 64 else { return other.high >> (unused - 64) == address.high >> (unused - 64) }
    return other.high == address.high && other.low >> unused == address.low >> unused
  }
}

extension ClusterFile {
  /// What this file wants of a node.
  public func target(for node: Node) -> Target {
    var target = Target(
      state: HostState(),
      scope: Scope(
        vips: Set(vips.map(\.address)), fwmarks: Set(services.lazy.map(\.id).filter { $0.vip == nil }),
        coversAllInterfaces: !node.leavesDirectorAlone, coversServices: !node.leavesDirectorAlone))
    target.scope.ignored = ignored
    if let index = node.realServer {
      target.scope.ownAddresses = Set(realServers[index].addresses)
      addRealServer(index, to: &target.state, scope: &target.scope)
      apply(sysctls.realServer, to: &target)
    }
    if let directing = node.directing {
      addDirector(node, directing, to: &target)
      apply(directing.role == .director ? sysctls.director : sysctls.standby ?? sysctls.director, to: &target)
      addServices(node, directing, to: &target)
    }
    return target
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

/// The name of a sysctl below an interface, as sysctl(8) writes it: dots of the interface become slashes.
public func interfaceSysctl(_ family: AddressFamily, _ interface: String, _ key: String) -> String {
  let escaped = String(interface.map { $0 == "." ? "/" : $0 })
  return "net.\(family.word).conf.\(escaped).\(key)"
}

extension HostState {
  /// The part of an observed state that a target is about, and what carries lvsctl's mark.
  public func restricted(to target: Target) -> HostState {
    var state = self
    state.links = links.filter { target.state.links[$0.key] != nil }
    state.addresses = addresses.filter {
      $0.value.mark == ownershipMark || target.scope.vips.contains($0.key.address)
    }
    state.routes = routes.filter { $0.value.mark == ownershipMark || target.state.routes[$0.key] != nil }
    return state
  }
}

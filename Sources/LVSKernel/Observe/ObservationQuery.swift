import LVSModel
import LVSSystem

/// What of this machine is looked at.
public struct ObservationQuery: Equatable, Sendable {
  /// Names of sysctls, as sysctl(8) writes them.
  public var sysctls: Set<String> = []
  /// Whether all sysctls are read that a snapshot is about; see ``SysctlTree``.
  public var readsSysctlTree = false
  /// Names of kernel modules.
  public var modules: Set<String> = []
  /// Whether it is read which interfaces are up.
  public var readsLinks = false
  /// Whether interfaces are read with all that findings and refusals ask of them.
  public var readsInterfaces = false
  /// Whether addresses are read.
  public var readsAddresses = false
  /// Interfaces through which routes are read.
  public var routeInterfaces: Set<String> = []
  /// Whether all host routes are read, through whichever interface.
  public var readsHostRoutes = false
  /// Whether routes with lvsctl's mark are read, through whichever interface.
  public var readsMarkedRoutes = false
  /// Whether virtual services with their real servers are read.
  public var readsServices = false
  /// Services that are probably there: of those that are, the real servers are held in memory only once.
  public var probableServices: [ServiceID: VirtualService] = [:]
  /// Whether connection timeouts are read.
  public var readsTimeouts = false
  /// Whether connection sync daemons are read.
  public var readsSyncDaemons = false
  /// Whether counters are read, with all services and sync daemons, and what IPVS says of itself.
  public var readsCounters = false
  /// What is read beside the state.
  public var surroundings = SurroundingsQuery()

  /// Creates a query for nothing.
  public init() {}

  /// Everything but sysctls, modules and routes, which have to be named.
  public static var everything: ObservationQuery {
    var query = ObservationQuery()
    query.readsLinks = true
    query.readsAddresses = true
    query.readsServices = true
    query.readsTimeouts = true
    query.readsSyncDaemons = true
    return query
  }

  /// Everything that any cluster file could speak of.
  public static var wholeNode: ObservationQuery {
    var query = everything
    query.modules = ModuleSettings.known
    query.readsHostRoutes = true
    query.readsSysctlTree = true
    return query
  }

  /// Leaves out what only IPVS can tell.
  public mutating func leavesOutIPVS() {
    readsServices = false
    readsTimeouts = false
    readsSyncDaemons = false
    readsCounters = false
  }

  var readsIPVS: Bool { readsServices || readsTimeouts || readsSyncDaemons || readsCounters }

  var readsNetwork: Bool {
    readsLinks || readsAddresses || readsHostRoutes || readsMarkedRoutes || !routeInterfaces.isEmpty
      || readsInterfaces
  }
}

/// Why this machine could not be looked at.
public enum ObservationError: Error, Hashable, Sendable {
  /// The kernel refused a netlink request.
  case netlink(NetlinkError)
  /// A file could not be read.
  case system(SystemError)
}

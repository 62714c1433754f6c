import LVSCore

/// What of this machine is looked at.
public struct ObservationQuery: Equatable, Sendable {
  /// Names of sysctls, as sysctl(8) writes them.
  public var sysctls: Set<String> = []
  /// Names of kernel modules.
  public var modules: Set<String> = []
  /// Whether interfaces are read.
  public var readsLinks = false
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

  /// Leaves out what only IPVS can tell.
  public mutating func leavesOutIPVS() {
    readsServices = false
    readsTimeouts = false
    readsSyncDaemons = false
  }

  var readsIPVS: Bool { readsServices || readsTimeouts || readsSyncDaemons }
}

/// Why this machine could not be looked at.
public enum ObservationError: Error, Hashable, Sendable {
  /// The kernel refused a netlink request.
  case netlink(NetlinkError)
  /// A file could not be read.
  case system(SystemError)
}

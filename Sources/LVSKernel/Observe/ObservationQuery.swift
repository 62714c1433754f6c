import LVSModel
import LVSSystem

/// What of this machine is looked at.
package struct ObservationQuery: Equatable, Sendable {
  /// Names of sysctls, as sysctl(8) writes them.
  package var sysctls: Set<String> = []
  /// Whether all sysctls are read that a snapshot is about; see ``SysctlTree``.
  package var readsSysctlTree = false
  /// Names of kernel modules.
  package var modules: Set<String> = []
  /// Whether it is read which interfaces are up.
  package var readsLinks = false
  /// Whether interfaces are read with all that findings and refusals ask of them.
  package var readsInterfaces = false
  /// Whether addresses are read.
  package var readsAddresses = false
  /// Interfaces through which routes are read.
  package var routeInterfaces: Set<String> = []
  /// Whether all host routes are read, through whichever interface.
  package var readsHostRoutes = false
  /// Whether routes with lvsctl's mark are read, through whichever interface.
  package var readsMarkedRoutes = false
  /// Whether virtual services with their real servers are read.
  package var readsServices = false
  /// Services that are probably there: of those that are, the real servers are held in memory only once.
  package var probableServices: [ServiceID: VirtualService] = [:]
  /// Whether connection timeouts are read.
  package var readsTimeouts = false
  /// Whether connection sync daemons are read.
  package var readsSyncDaemons = false
  /// Whether counters are read, with all services and sync daemons, and what IPVS says of itself.
  package var readsCounters = false
  /// What is read beside the state.
  package var surroundings = SurroundingsQuery()

  /// Creates a query for nothing.
  package init() {}

  /// Everything but sysctls, modules and routes, which have to be named.
  package static var everything: ObservationQuery {
    var query = ObservationQuery()
    query.readsLinks = true
    query.readsAddresses = true
    query.readsServices = true
    query.readsTimeouts = true
    query.readsSyncDaemons = true
    return query
  }

  /// Everything that any cluster file could speak of.
  package static var wholeNode: ObservationQuery {
    var query = everything
    query.modules = ModuleSettings.known
    query.readsHostRoutes = true
    query.readsSysctlTree = true
    return query
  }

  /// Leaves out what only IPVS can tell.
  package mutating func leavesOutIPVS() {
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
package enum ObservationError: Error, Hashable, Sendable {
  /// The kernel refused a netlink request.
  case netlink(NetlinkError)
  /// A file could not be read.
  case system(SystemError)
}

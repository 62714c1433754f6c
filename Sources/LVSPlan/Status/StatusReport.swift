import LVSModel
import LVSText

/// What `lvsctl status` knows of this machine, put together for readers.
public struct StatusReport: Equatable, Sendable {
  /// Which node of the file this is; nil without a file.
  public var identity: Identity?
  /// What IPVS says of itself, nil where it is not loaded.
  public var ipvs: IPVSInfo?
  /// Whether this process may read IPVS, which a real server does without.
  public var mayReadIPVS: Bool
  /// Whether the rates mean anything.
  public var estimatesRates: Bool
  /// The connection sync daemons that run.
  public var syncDaemons: [SyncRole: SyncDaemon]
  /// Those that the file wants here; nil where it leaves them alone, or there is none.
  public var wantedSyncRoles: Set<SyncRole>?
  /// The VIPs of the file, on a director.
  public var vips: [VIPStatus]
  /// The virtual services, in the order in which they are shown.
  public var services: [ServiceStatus]
  /// What differs from the file; nil without one.
  public var drift: Drift?
  /// What there is to say of the node beyond its drift; nothing without a file.
  public var findings: [Finding]
  /// Whether the services are only those that were asked for.
  public var isFiltered = false
  /// When it was looked, in seconds since the beginning of 1970; nil where nobody says.
  public var time: Int?
  /// What there is to see of the node as a real server; nil where it is none, or there is no file.
  public var realServer: RealServerView?

  /// Puts a report together from one look at the kernel, its services by identity; `leavesAlone` says which of them the
  /// file leaves to others.
  public init(
    identity: Identity? = nil, ipvs: IPVSInfo?, mayReadIPVS: Bool = true, estimatesRates: Bool = true,
    syncDaemons: [SyncRole: SyncDaemon] = [:], wantedSyncRoles: Set<SyncRole>? = nil, vips: [VIPStatus] = [],
    services: [ServiceID: VirtualService] = [:], counters: [ServiceID: ServiceCounters] = [:], drift: Drift? = nil,
    findings: [Finding] = [], health: [ServiceID: [MemberHealth]] = [:],
    serviceHealth: [ServiceID: ServiceHealth] = [:],
    leavesAlone: (ServiceID) -> Bool = { _ in false }
  ) {
    self.identity = identity
    self.ipvs = ipvs
    self.mayReadIPVS = mayReadIPVS
    self.estimatesRates = estimatesRates
    self.syncDaemons = syncDaemons
    self.wantedSyncRoles = wantedSyncRoles
    self.vips = vips
    self.drift = drift
    self.findings = findings
    let unmanaged = Set(drift?.unmanaged ?? [])
    self.services = services.sorted { $0.key < $1.key }.map { id, service in
      var status = ServiceStatus(
        id, service, counters[id] ?? ServiceCounters(), names: identity, isUnmanaged: unmanaged.contains(id),
        health[id] ?? [])
      status.health = serviceHealth[id]
      status.isLeftAlone = leavesAlone(id)
      return status
    }
  }

  /// Whether this node differs from the file, or the cluster cannot work as the file says.
  public var isFaulty: Bool { drift?.isEmpty == false || findings.hasError }

  /// A node of the file, with the names that the file has for addresses.
  public struct Identity: Equatable, Sendable {
    /// The cluster's name.
    public var cluster: String
    /// The node's name.
    public var node: String
    /// The node's role, as in ``NodePlan/role``.
    public var role: String
    /// Names of real servers by address.
    public var serverNames: [IPAddress: String]
    /// Names of VIPs by address, of those that have one.
    public var vipNames: [IPAddress: String]
    /// Whether it balances, now or when it takes over.
    public var isDirecting: Bool

    /// Creates an identity.
    public init(
      cluster: String, node: String, role: String, serverNames: [IPAddress: String] = [:],
      vipNames: [IPAddress: String] = [:], isDirecting: Bool = true
    ) {
      self.cluster = cluster
      self.node = node
      self.role = role
      self.serverNames = serverNames
      self.vipNames = vipNames
      self.isDirecting = isDirecting
    }
  }

  /// How the machine differs from the file.
  public struct Drift: Equatable, Sendable {
    /// What apply would do.
    public var changes: [Change]
    /// Services the file says nothing about; no difference.
    public var unmanaged: [ServiceID]
    /// Why apply would do nothing at all: what stands in its way.
    public var conflicts: [Finding]

    /// Creates a drift.
    public init(changes: [Change] = [], unmanaged: [ServiceID] = [], conflicts: [Finding] = []) {
      self.changes = changes
      self.unmanaged = unmanaged
      self.conflicts = conflicts
    }

    /// Whether the machine is what the file says.
    public var isEmpty: Bool { changes.isEmpty && conflicts.isEmpty }
  }
}

/// A virtual service as it is shown.
public struct ServiceStatus: Equatable, Sendable {
  /// Its identity.
  public var id: ServiceID
  /// The name of its VIP in the file.
  public var name: String?
  /// Its settings.
  public var settings: ServiceSettings
  /// Its traffic.
  public var traffic: TrafficCounters
  /// Its real servers, in the order in which they are shown.
  public var realServers: [RealServerStatus]
  /// Whether the file says nothing about it.
  public var isUnmanaged: Bool
  /// Whether the file leaves it to another program.
  public var isLeftAlone = false
  /// What its real servers' health comes to; nil where nothing is asked of them.
  public var health: ServiceHealth?
  /// How many of its real servers in the table have a weight above 0.
  public var serving: Int
  /// Whether its fallback is among those that serve; nil where it has none.
  public var isServedByFallback: Bool?
  /// How it differs from the file, where that is shown in its place.
  public var mark: DriftMark?

  init(
    _ id: ServiceID, _ service: VirtualService, _ counters: ServiceCounters, names: StatusReport.Identity?,
    isUnmanaged: Bool, _ members: [MemberHealth]
  ) {
    self.id = id
    name = id.vip.flatMap { names?.vipNames[$0] }
    settings = service.settings
    traffic = counters.traffic
    self.isUnmanaged = isUnmanaged
    serving = service.realServers.values.count { $0.weight > 0 }
    isServedByFallback = members.first(where: \.isFallback).map {
      service.realServers[$0.id].map { $0.weight > 0 } ?? false
    }
    let total = counters.realServers.values.reduce(0) { $0 + $1.connections }
    realServers = service.realServers.sorted { $0.key < $1.key }.map { id, settings in
      let own = counters.realServers[id] ?? RealServerCounters()
      return RealServerStatus(
        id: id, name: names?.serverNames[id.address], settings: settings, counters: own,
        share: total == 0 ? nil : Int((own.connections * 200 + total) / (total * 2)))
    }
    if !members.isEmpty { add(members, names) }
  }

  /// Says of each real server how it is, and adds those that are not in the table by right: what failed and was taken out,
  /// and a fallback that is not needed.
  private mutating func add(_ members: [MemberHealth], _ names: StatusReport.Identity?) {
    let places = Dictionary(realServers.enumerated().map { ($1.id, $0) }) { first, _ in first }
    for member in members {
      if let place = places[member.id] {
        realServers[place].health = member.health
        realServers[place].isFallback = member.isFallback
        continue
      }
      guard member.isFallback || member.health?.state == .down else { continue }
      var settings = member.settings
      settings.weight = 0
      realServers.append(
        RealServerStatus(
          id: member.id, name: names?.serverNames[member.id.address], settings: settings,
          counters: RealServerCounters(), health: member.health, isFallback: member.isFallback, isInTable: false))
    }
    if realServers.count > places.count { realServers.sort { $0.id < $1.id } }
  }

  /// The sum of a number over the real servers.
  public func sum(_ number: (RealServerCounters) -> UInt32) -> UInt64 {
    realServers.reduce(0) { $0 + UInt64(number($1.counters)) }
  }
}

/// A real server of a service as it is shown.
public struct RealServerStatus: Equatable, Sendable {
  /// Its identity.
  public var id: RealServerID
  /// Its name in the file.
  public var name: String?
  /// Its settings.
  public var settings: RealServerSettings
  /// What it is doing.
  public var counters: RealServerCounters
  /// Its part of the service's present connections in percent, 0 to 100; nil where there are none.
  public var share: Int?
  /// How it is; nil without a file, where nothing is asked of it and it is not drained.
  public var health: ServerHealth?
  /// Whether it is the fallback of its service.
  public var isFallback = false
  /// Whether it is in the kernel's table; where it is not there is nothing to say but why.
  public var isInTable = true
  /// How it differs from the file, where that is shown in its place.
  public var mark: DriftMark?

  /// Whether it is at its upper threshold, so that it gets no new connections (ip_vs_bind_dest).
  ///
  /// The kernel keeps it so until it is below the lower threshold, and does not tell: in between this says no.
  public var isOverloaded: Bool {
    settings.upperThreshold != 0 && counters.connections >= UInt64(settings.upperThreshold)
  }
}

import LVSModel

/// A cluster file that has been read, checked and resolved: no name in it dangles, no default is left to apply.
public struct ClusterFile: Equatable, Sendable {
  /// The cluster's name; `cluster` where the file gives none.
  public var name: String
  /// The directors; the first is the active one.
  public var directors: [Director]
  /// The real servers, in file order.
  public var realServers: [RealServer]
  /// Every VIP, in the order in which the file first mentions it.
  public var vips: [VIP]
  /// Every kernel service, in file order.
  public var services: ServiceList
  /// Connection timeouts; nil fields are not managed.
  public var timeouts: Timeouts
  /// The connection sync daemon, or nil where it is not managed.
  public var sync: SyncDaemon?
  /// Overrides of the sysctls that a role implies.
  public var sysctls: SysctlOverrides
  /// Services that are never lvsctl's, whatever else is asked for.
  public var ignored: IgnoredServices
  /// How directors agree on who holds the VIPs, or nil where the file says nothing of it.
  public var vrrp: VRRP?

  /// Creates a cluster file from its resolved parts.
  public init(
    name: String = "cluster", directors: [Director] = [], realServers: [RealServer] = [], vips: [VIP] = [],
    services: some Sequence<Service> = [] as [Service], timeouts: Timeouts = Timeouts(), sync: SyncDaemon? = nil,
    sysctls: SysctlOverrides = SysctlOverrides(), ignored: IgnoredServices = IgnoredServices(), vrrp: VRRP? = nil
  ) {
    self.name = name
    self.directors = directors
    self.realServers = realServers
    self.vips = vips
    self.services = ServiceList(services)
    self.timeouts = timeouts
    self.sync = sync
    self.sysctls = sysctls
    self.ignored = ignored
    self.vrrp = vrrp
  }

  /// A machine that balances.
  public struct Director: Equatable, Sendable {
    /// Its name in the file.
    public var name: String
    /// The addresses by which it is recognised, at least one.
    public var addresses: [IPAddress]
    /// The interface that holds the VIPs.
    public var interface: String

    /// Creates a director.
    public init(name: String, addresses: [IPAddress], interface: String) {
      self.name = name
      self.addresses = addresses
      self.interface = interface
    }
  }

  /// A machine that answers.
  public struct RealServer: Equatable, Sendable {
    /// Its name in the file.
    public var name: String
    /// Its addresses, at most one per family, at least one.
    public var addresses: [IPAddress]
    /// The weight where a service gives none.
    public var weight: Int32
    /// The interface for the VIPs, or nil for the default of the forwarding method.
    public var interface: String?

    /// Creates a real server.
    public init(name: String, addresses: [IPAddress], weight: Int32 = 1, interface: String? = nil) {
      self.name = name
      self.addresses = addresses
      self.weight = weight
      self.interface = interface
    }

    /// Whether it is no machine of its own but the director that forwards, whichever that is: its address is a loopback
    /// address, and it holds nothing.
    public var isForwardingDirector: Bool { addresses.contains(where: \.isLoopback) }
  }

  /// Who holds a VIP on directors.
  public enum VIPHolder: Equatable, Sendable {
    /// The active director.
    case activeDirector
    /// One director, by its index in ``ClusterFile/directors``, as long as it is not demoted.
    case director(Int)
    /// Another program moves the address between directors.
    case external
  }

  /// A virtual address.
  public struct VIP: Equatable, Sendable {
    /// Its name from `vips`, if it has one.
    public var name: String?
    /// The address.
    public var address: IPAddress
    /// The interface on directors, or nil for the director's own.
    public var interface: String?
    /// The label the file asks for, or nil for the implied one; the interface's own name and an empty text ask for none.
    public var label: String?
    /// The prefix length on directors, a host's own where the file gives none; real servers hold host addresses, since a
    /// network on `lo` would make all of it local.
    public var prefixLength: UInt8
    /// Who holds it on directors.
    public var holder: VIPHolder
    /// Whether a service names it.
    public var isNamedByService: Bool

    /// Creates a VIP.
    public init(
      name: String? = nil, address: IPAddress, interface: String? = nil, label: String? = nil,
      prefixLength: UInt8? = nil, holder: VIPHolder = .activeDirector, isNamedByService: Bool = true
    ) {
      self.name = name
      self.address = address
      self.interface = interface
      self.label = label
      self.prefixLength = prefixLength ?? address.family.hostPrefixLength
      self.holder = holder
      self.isNamedByService = isNamedByService
    }

    /// Whether another program moves the address between directors.
    public var isHeldExternally: Bool { holder == .external }

    /// The label it has on an interface of a director, where `implied` is the one that the file did not have to ask for;
    /// nil for none.
    public func label(on interface: String, implied: @autoclosure () -> String?) -> String? {
      guard let label else { return implied() }
      return label.isEmpty || label == interface ? nil : label
    }
  }

  /// The VRRP by which directors agree on who holds the VIPs; another program speaks it.
  public struct VRRP: Equatable, Sendable {
    /// The virtual router id, 1 to 255.
    public var id: UInt8
    /// The interface for advertisements, or nil for the director's own.
    public var interface: String?
    /// The time between two advertisements in seconds, 1 to 40.
    public var interval: UInt8
    /// Whether advertisements go to the other directors' addresses, and not to a multicast group.
    public var isUnicast: Bool
    /// Whether a director of a higher priority takes the VIPs from one of a lower.
    public var preempts: Bool
    /// The priority of the first director, 2 to 254.
    public var priority: UInt8

    /// The priority of the first director where the file gives none.
    public static let standardPriority: UInt8 = 150

    /// Creates the VRRP of a virtual router id.
    public init(
      id: UInt8, interface: String? = nil, interval: UInt8 = 1, isUnicast: Bool = true, preempts: Bool = false,
      priority: UInt8 = standardPriority
    ) {
      self.id = id
      self.interface = interface
      self.interval = interval
      self.isUnicast = isUnicast
      self.preempts = preempts
      self.priority = priority
    }

    /// The priority of a director by its place in ``ClusterFile/directors``; nil where there are more directors than
    /// priorities.
    ///
    /// Far enough apart that of two standbys one is heard before the other's time is up: it is shorter by 1/256 of the
    /// interval for each (RFC 3768, 6.1).
    public func priority(ofDirector index: Int, among count: Int) -> UInt8? {
      let step = count < 2 ? 0 : min(10, (Int(priority) - 1) / (count - 1))
      return count > 1 && step == 0 ? nil : UInt8(Int(priority) - index * step)
    }
  }

  /// One kernel service.
  public struct Service: Equatable, Sendable {
    /// Its identity.
    public var id: ServiceID
    /// Its settings.
    public var settings: ServiceSettings
    /// Who owns its weights.
    public var weights: WeightPolicy
    /// Whether another program owns its entries in the table of directors.
    public var isHeldExternally: Bool
    /// How it goes by the health of its real servers.
    public var health: HealthPolicy
    /// Its real servers, in file order, and behind them its fallback, where it has one.
    public var realServers: ServiceMembers

    /// Creates a service.
    public init(
      id: ServiceID, settings: ServiceSettings, weights: WeightPolicy = .fixed, isHeldExternally: Bool = false,
      health: HealthPolicy = HealthPolicy(), realServers: [Member] = []
    ) {
      self.init(
        id: id, settings: settings, weights: weights, isHeldExternally: isHeldExternally, health: health,
        members: ServiceMembers(realServers))
    }

    init(
      id: ServiceID, settings: ServiceSettings, weights: WeightPolicy, isHeldExternally: Bool, health: HealthPolicy,
      members: ServiceMembers
    ) {
      self.id = id
      self.settings = settings
      self.weights = weights
      self.isHeldExternally = isHeldExternally
      self.health = health
      realServers = members
    }
  }

  /// How a service goes by the health of its real servers.
  public struct HealthPolicy: Equatable, Sendable {
    /// What is asked of each of its real servers that has no checks of its own; none for no health.
    public var checks: [Check] = []
    /// What becomes of a real server that is down.
    public var onFailure = FailurePolicy.drain
    /// How many real servers must be up for the service to count as up, at least 1.
    public var quorum = 1
    /// Whether its last real server is the fallback, which serves while no other does, and is asked nothing.
    public var hasFallback = false

    /// Creates a policy; by itself that of a service without checks.
    public init(
      checks: [Check] = [], onFailure: FailurePolicy = .drain, quorum: Int = 1, hasFallback: Bool = false
    ) {
      self.checks = checks
      self.onFailure = onFailure
      self.quorum = quorum
      self.hasFallback = hasFallback
    }
  }

  /// A real server's part in one service.
  public struct Member: Equatable, Sendable {
    /// Index into ``ClusterFile/realServers``.
    public var server: Int
    /// The real server's identity in the service.
    public var id: RealServerID
    /// Its settings there.
    public var settings: RealServerSettings
    /// What is asked of it, or nil for what the service asks of all; nothing of a fallback.
    public var checks: [Check]?

    /// Creates a member.
    public init(server: Int, id: RealServerID, settings: RealServerSettings, checks: [Check]? = nil) {
      self.server = server
      self.id = id
      self.settings = settings
      self.checks = checks
    }
  }
}

/// Services that the file wants left alone, by what names them.
public struct IgnoredServices: Equatable, Sendable {
  /// Services with a virtual address in one of these are ignored; a single address has a host's prefix length.
  public var networks: [Prefix]
  /// Services with one of these firewall marks are, in both families.
  public var fwmarks: Set<UInt32>

  /// Creates a list of what is ignored.
  public init(networks: [Prefix] = [], fwmarks: Set<UInt32> = []) {
    self.networks = networks
    self.fwmarks = fwmarks
  }
}

/// A sysctl as the file wants it.
public enum SysctlWish: Equatable, Sendable {
  /// Set to this value.
  case value(String)
  /// Leave alone, also where a role implies a value.
  case keep
}

/// Sysctls beyond, or instead of, those that a role implies; names as sysctl(8) writes them.
public struct SysctlOverrides: Equatable, Sendable {
  /// On the active director.
  public var director: [String: SysctlWish]
  /// On a standby, or nil for those of a director.
  public var standby: [String: SysctlWish]?
  /// On a real server.
  public var realServer: [String: SysctlWish]

  /// Creates overrides.
  public init(
    director: [String: SysctlWish] = [:], standby: [String: SysctlWish]? = nil,
    realServer: [String: SysctlWish] = [:]
  ) {
    self.director = director
    self.standby = standby
    self.realServer = realServer
  }
}

/// Who owns the weights of a service.
public enum WeightPolicy: Sendable, Hashable {
  /// The cluster file.
  case fixed
  /// A health checker: a weight is set when a real server is added and left alone afterwards.
  case external
}

/// What becomes of a real server that is down.
public enum FailurePolicy: String, Sendable, Hashable, CaseIterable {
  /// It has weight 0: no new connections, and those it has may go on.
  case drain
  /// It leaves the service.
  case remove
}

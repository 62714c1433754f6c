import LVSModel

/// A cluster file as it is written: names that nobody looked up yet, pools, ranges and aliases of values still folded, no
/// default applied, and where each value stands.
///
/// It is what the reader makes of the text, what rules judge, what a ``ClusterFile`` is unfolded from, and what is
/// written again: ``yaml`` reads as an equal draft. A key that the file does not have is nil; a value that is faulty has
/// been reported, and is there as such, so that rules about it stay silent. What a list has of faulty or repeated
/// elements is left out.
///
/// Small on purpose: it stands beside the tape it is made of. Places have 32 bits, an entry of a service's
/// `real_servers` that is a mere name is that name, and a list behind an alias is there once.
public struct ClusterDraft: Equatable, Sendable {
  /// `name`.
  public var name: Placed<String>?
  /// `directors`, the active one first.
  public var directors: Placed<[DirectorDraft]>?
  /// `real_servers`.
  public var realServers: Placed<[RealServerDraft]>?
  /// `pools`, in their order.
  public var pools: Placed<[PoolDraft]>?
  /// `vips`.
  public var vips: Placed<[VIPDraft]>?
  /// `ignore`.
  public var ignored: Placed<[IgnoredDraft]>?
  /// `vrrp`.
  public var vrrp: Placed<VRRPDraft>?
  /// `defaults`; its ``ServiceDraft`` has no `vip`, `port` and `fwmark`.
  public var defaults: Placed<ServiceDraft>?
  /// `services`.
  public var services: Placed<[ServiceDraft]>?
  /// `timeouts`.
  public var timeouts: Placed<TimeoutsDraft>?
  /// `sync`.
  public var sync: Placed<SyncDraft>?
  /// `sysctls`.
  public var sysctls: Placed<SysctlsDraft>?

  /// Whether the names of some directors could not be read: an unknown one may well be among them.
  var lacksDirectors = false
  /// The same of real servers and pools.
  var lacksRealServers = false
  /// The same of entries of `vips`.
  var lacksVIPs = false

  /// Creates a draft that says nothing.
  public init() {}
}

/// An entry of `directors`.
public struct DirectorDraft: Equatable, Sendable {
  /// `name`.
  public var name: Placed<String>?
  /// `address`: one, or a list; faulty ones are among them.
  public var addresses: Placed<[Placed<IPAddress>]>?
  /// `interface`.
  public var interface: Placed<String>?

  /// Creates an entry that says nothing.
  public init() {}
}

/// An entry of `real_servers`.
public struct RealServerDraft: Equatable, Sendable {
  /// The entry as a whole.
  public var place = Place.nowhere
  /// `name`.
  public var name: Placed<String>?
  /// What messages call it: its name, also where that is faulty.
  var title = "?"
  /// `address`: one, or a list; faulty ones are among them.
  public var addresses: Placed<[Placed<IPAddress>]>?
  /// `weight`, 0 to 2147483647.
  public var weight: Placed<Int32>?
  /// `interface`.
  public var interface: Placed<String>?

  /// Creates an entry that says nothing.
  public init() {}

  /// Its addresses; none where any of them is faulty.
  var values: [IPAddress] {
    guard let all = addresses?.value else { return [] }
    let values = all.compactMap(\.value)
    return values.count == all.count ? values : []
  }
}

/// A pool.
public struct PoolDraft: Equatable, Sendable {
  /// Its name.
  public var name: Placed<String>
  /// The names of its real servers.
  public var realServers: Placed<[Placed<String>]>

  /// Creates a pool.
  public init(_ name: Placed<String>, _ realServers: Placed<[Placed<String>]>) {
    self.name = name
    self.realServers = realServers
  }
}

/// An entry of `vips`.
public struct VIPDraft: Equatable, Sendable {
  /// `name`.
  public var name: Placed<String>?
  /// `address`.
  public var address: Placed<IPAddress>?
  /// `interface`.
  public var interface: Placed<String>?
  /// `label`; `none` asks for none.
  public var label: Placed<String>?
  /// `prefix`, 1 to that of a host.
  public var prefixLength: Placed<UInt8>?
  /// `held_by`: `lvsctl`, `external`, or the name of a director.
  public var holder: Placed<String>?

  /// Creates an entry that says nothing.
  public init() {}
}

/// An element of `ignore`.
public enum IgnoredDraft: Equatable, Sendable {
  /// An address or a network.
  case network(Prefix, at: Place)
  /// `{ fwmark: N }`.
  case fwmark(UInt32, at: Place)
}

/// `vrrp`.
public struct VRRPDraft: Equatable, Sendable {
  /// `id`, 1 to 255.
  public var id: Placed<UInt8>?
  /// `interface`.
  public var interface: Placed<String>?
  /// `interval`, in seconds.
  public var interval: Placed<UInt8>?
  /// `unicast`.
  public var unicast: Placed<Bool>?
  /// `preempt`.
  public var preempt: Placed<Bool>?
  /// `priority`, of the first director.
  public var priority: Placed<UInt8>?

  /// Creates one that says nothing.
  public init() {}
}

/// `timeouts`, in seconds.
public struct TimeoutsDraft: Equatable, Sendable {
  /// `tcp`.
  public var tcp: Placed<UInt32>?
  /// `tcp_fin`.
  public var tcpFin: Placed<UInt32>?
  /// `udp`.
  public var udp: Placed<UInt32>?

  /// Creates one that says nothing.
  public init() {}
}

/// `sync`.
public struct SyncDraft: Equatable, Sendable {
  /// `interface`.
  public var interface: Placed<String>?
  /// `id`, 0 to 255.
  public var id: Placed<UInt32>?
  /// `group`, a multicast address.
  public var group: Placed<IPAddress>?
  /// `port`.
  public var port: Placed<UInt16>?
  /// `ttl`.
  public var ttl: Placed<UInt8>?
  /// `maxlen`, in bytes.
  public var maxlen: Placed<UInt16>?

  /// Creates one that says nothing.
  public init() {}
}

/// `sysctls`.
public struct SysctlsDraft: Equatable, Sendable {
  /// One line: a name as sysctl(8) writes it, and what is wanted of it.
  public struct Entry: Equatable, Sendable {
    /// The name.
    public var name: String
    /// What is wanted.
    public var wish: SysctlWish
    /// Where the name stands.
    public var place: Place

    /// Creates a line.
    public init(_ name: String, _ wish: SysctlWish, at place: Place = .nowhere) {
      self.name = name
      self.wish = wish
      self.place = place
    }
  }

  /// `director`.
  public var director: Placed<[Entry]>?
  /// `standby`.
  public var standby: Placed<[Entry]>?
  /// `real_server`.
  public var realServer: Placed<[Entry]>?

  /// Creates one that says nothing.
  public init() {}
}

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
package struct ClusterDraft: Equatable, Sendable {
  /// `name`.
  package var name: Placed<String>?
  /// `directors`, the active one first.
  package var directors: Placed<[DirectorDraft]>?
  /// `real_servers`.
  package var realServers: Placed<[RealServerDraft]>?
  /// `pools`, in their order.
  package var pools: Placed<[PoolDraft]>?
  /// `vips`.
  package var vips: Placed<[VIPDraft]>?
  /// `ignore`.
  package var ignored: Placed<[IgnoredDraft]>?
  /// `defaults`; its ``ServiceDraft`` has no `vip`, `port` and `fwmark`.
  package var defaults: Placed<ServiceDraft>?
  /// `services`.
  package var services: Placed<[ServiceDraft]>?
  /// `timeouts`.
  package var timeouts: Placed<TimeoutsDraft>?
  /// `sync`.
  package var sync: Placed<SyncDraft>?
  /// `sysctls`.
  package var sysctls: Placed<SysctlsDraft>?

  /// Whether the names of some directors could not be read: an unknown one may well be among them.
  var lacksDirectors = false
  /// The same of real servers and pools.
  var lacksRealServers = false
  /// The same of entries of `vips`.
  var lacksVIPs = false

  /// Creates a draft that says nothing.
  package init() {}
}

/// An entry of `directors`.
package struct DirectorDraft: Equatable, Sendable {
  /// `name`.
  package var name: Placed<String>?
  /// `address`: one, or a list; faulty ones are among them.
  package var addresses: Placed<[Placed<IPAddress>]>?
  /// `interface`.
  package var interface: Placed<String>?

  /// Creates an entry that says nothing.
  package init() {}
}

/// An entry of `real_servers`.
package struct RealServerDraft: Equatable, Sendable {
  /// The entry as a whole.
  package var place = Place.nowhere
  /// `name`.
  package var name: Placed<String>?
  /// What messages call it: its name, also where that is faulty.
  var title = "?"
  /// `address`: one, or a list; faulty ones are among them.
  package var addresses: Placed<[Placed<IPAddress>]>?
  /// `weight`, 0 to 2147483647.
  package var weight: Placed<Int32>?
  /// `interface`.
  package var interface: Placed<String>?

  /// Creates an entry that says nothing.
  package init() {}

  /// Its addresses; none where any of them is faulty.
  var values: [IPAddress] {
    guard let all = addresses?.value else { return [] }
    let values = all.compactMap(\.value)
    return values.count == all.count ? values : []
  }
}

/// A pool.
package struct PoolDraft: Equatable, Sendable {
  /// Its name.
  package var name: Placed<String>
  /// The names of its real servers.
  package var realServers: Placed<[Placed<String>]>

  /// Creates a pool.
  package init(_ name: Placed<String>, _ realServers: Placed<[Placed<String>]>) {
    self.name = name
    self.realServers = realServers
  }
}

/// An entry of `vips`.
package struct VIPDraft: Equatable, Sendable {
  /// `name`.
  package var name: Placed<String>?
  /// `address`.
  package var address: Placed<IPAddress>?
  /// `interface`.
  package var interface: Placed<String>?
  /// `label`; `none` asks for none.
  package var label: Placed<String>?
  /// `prefix`, 1 to that of a host.
  package var prefixLength: Placed<UInt8>?
  /// `held_by`: `lvsctl`, `external`, or the name of a director.
  package var holder: Placed<String>?

  /// Creates an entry that says nothing.
  package init() {}
}

/// An element of `ignore`.
package enum IgnoredDraft: Equatable, Sendable {
  /// An address or a network.
  case network(IgnoredServices.Network, at: Place)
  /// `{ fwmark: N }`.
  case fwmark(UInt32, at: Place)
}

/// `timeouts`, in seconds.
package struct TimeoutsDraft: Equatable, Sendable {
  /// `tcp`.
  package var tcp: Placed<UInt32>?
  /// `tcp_fin`.
  package var tcpFin: Placed<UInt32>?
  /// `udp`.
  package var udp: Placed<UInt32>?

  /// Creates one that says nothing.
  package init() {}
}

/// `sync`.
package struct SyncDraft: Equatable, Sendable {
  /// `interface`.
  package var interface: Placed<String>?
  /// `id`, 0 to 255.
  package var id: Placed<UInt32>?
  /// `group`, a multicast address.
  package var group: Placed<IPAddress>?
  /// `port`.
  package var port: Placed<UInt16>?
  /// `ttl`.
  package var ttl: Placed<UInt8>?
  /// `maxlen`, in bytes.
  package var maxlen: Placed<UInt16>?

  /// Creates one that says nothing.
  package init() {}
}

/// `sysctls`.
package struct SysctlsDraft: Equatable, Sendable {
  /// One line: a name as sysctl(8) writes it, and what is wanted of it.
  package struct Entry: Equatable, Sendable {
    /// The name.
    package var name: String
    /// What is wanted.
    package var wish: SysctlWish
    /// Where the name stands.
    package var place: Place

    /// Creates a line.
    package init(_ name: String, _ wish: SysctlWish, at place: Place = .nowhere) {
      self.name = name
      self.wish = wish
      self.place = place
    }
  }

  /// `director`.
  package var director: Placed<[Entry]>?
  /// `standby`.
  package var standby: Placed<[Entry]>?
  /// `real_server`.
  package var realServer: Placed<[Entry]>?

  /// Creates one that says nothing.
  package init() {}
}

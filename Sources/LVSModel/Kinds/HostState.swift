/// Who owns the weights of a service.
package enum WeightPolicy: Sendable, Hashable {
  /// The cluster file.
  case fixed
  /// A health checker: a weight is set when a real server is added and left alone afterwards.
  case external
}

/// A virtual service with its real servers.
package struct VirtualService: Hashable, Sendable {
  /// What can be edited in place.
  package var settings: ServiceSettings
  /// Whether weights of existing real servers are compared; always `.fixed` in an observed state.
  package var weights: WeightPolicy
  /// The real servers.
  package var realServers: [RealServerID: RealServerSettings]

  /// Creates a virtual service.
  package init(
    settings: ServiceSettings, weights: WeightPolicy = .fixed, realServers: [RealServerID: RealServerSettings] = [:]
  ) {
    self.settings = settings
    self.weights = weights
    self.realServers = realServers
  }
}

/// An address on an interface.
package struct AddressID: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The address.
  package var address: IPAddress
  /// The prefix length.
  package var prefixLength: UInt8
  /// The name of the interface.
  package var interface: String

  /// Creates the identity of an address; a host address unless a prefix length is given.
  package init(_ address: IPAddress, prefixLength: UInt8? = nil, interface: String) {
    self.address = address
    self.prefixLength = prefixLength ?? address.family.hostPrefixLength
    self.interface = interface
  }

  /// `192.168.147.100/32 dev ens33`.
  package var description: String { "\(address)/\(prefixLength) dev \(interface)" }

  @inlinable package static func < (a: Self, b: Self) -> Bool {
    (a.address, a.prefixLength, a.interface) < (b.address, b.prefixLength, b.interface)
  }
}

/// What lvsctl signs its addresses (IFA_PROTO) and routes (rtm_protocol) with.
package let ownershipMark: UInt8 = 76

/// What is known of an address beside its identity.
package struct AddressSettings: Hashable, Sendable {
  /// The label of an IPv4 address where it differs from the interface's name, at most 15 bytes.
  package var label: String?
  /// Whether a label that differs is a difference; an implied label is given to a new address and not compared.
  package var labelIsExplicit: Bool
  /// IFA_PROTO, 0 where nothing is set or the kernel has none.
  package var mark: UInt8
  /// Whether other machines are told of the address when it is added (gratuitous ARP, unsolicited NA).
  package var isAnnounced: Bool

  /// Creates the settings of an address.
  package init(
    label: String? = nil, labelIsExplicit: Bool = false, mark: UInt8 = ownershipMark, isAnnounced: Bool = false
  ) {
    self.label = label
    self.labelIsExplicit = labelIsExplicit
    self.mark = mark
    self.isAnnounced = isAnnounced
  }
}

extension Difference<AddressSettings> {
  /// Whether the address is signed, or its signature taken back, without anything else about it changing.
  package var isSignature: Bool {
    guard let before, let after else { return false }
    return before.label == after.label && before.mark != after.mark
  }
}

/// A host route in the main table.
package struct RouteID: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The destination.
  package var destination: IPAddress
  /// The prefix length.
  package var prefixLength: UInt8
  /// The name of the outgoing interface.
  package var interface: String

  /// Creates the identity of a route; a host route unless a prefix length is given.
  package init(_ destination: IPAddress, prefixLength: UInt8? = nil, interface: String) {
    self.destination = destination
    self.prefixLength = prefixLength ?? destination.family.hostPrefixLength
    self.interface = interface
  }

  /// `192.168.147.100/32 dev lo`.
  package var description: String { "\(destination)/\(prefixLength) dev \(interface)" }

  @inlinable package static func < (a: Self, b: Self) -> Bool {
    (a.destination, a.prefixLength, a.interface) < (b.destination, b.prefixLength, b.interface)
  }
}

/// What is known of a route beside its identity.
package struct RouteSettings: Hashable, Sendable {
  /// rtm_protocol: who installed the route.
  package var mark: UInt8

  /// Creates the settings of a route.
  package init(mark: UInt8 = ownershipMark) { self.mark = mark }
}

/// What is known of a network interface.
package struct LinkSettings: Hashable, Sendable {
  /// IFF_UP.
  package var isUp: Bool

  /// Creates the settings of a link.
  package init(isUp: Bool) { self.isUp = isUp }
}

/// The connection timeouts of IPVS in seconds; nil is not managed, or not read.
package struct Timeouts: Hashable, Sendable {
  /// An established TCP connection.
  package var tcp: UInt32?
  /// A TCP connection after a FIN.
  package var tcpFin: UInt32?
  /// A UDP flow.
  package var udp: UInt32?

  /// Every timeout.
  package static var all: [WritableKeyPath<Timeouts, UInt32?>] { [\.tcp, \.tcpFin, \.udp] }

  /// Creates timeouts.
  package init(tcp: UInt32? = nil, tcpFin: UInt32? = nil, udp: UInt32? = nil) {
    self.tcp = tcp
    self.tcpFin = tcpFin
    self.udp = udp
  }
}

/// Which of the two connection sync daemons: they are separate in the kernel.
package enum SyncRole: UInt32, Sendable, Hashable, CaseIterable, Comparable {
  /// IP_VS_STATE_MASTER: sends connections.
  case master = 1
  /// IP_VS_STATE_BACKUP: receives them.
  case backup = 2

  /// The word of ipvsadm(8).
  package var word: String { self == .master ? "master" : "backup" }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A connection sync daemon; nil is not managed, or not read.
package struct SyncDaemon: Hashable, Sendable {
  /// The multicast interface.
  package var interface: String
  /// The sync id, 0 to 255.
  package var id: UInt32
  /// The multicast group; kernel default 224.0.0.81.
  package var group: IPAddress?
  /// The UDP port; kernel default 8848.
  package var port: UInt16?
  /// The multicast time to live, 1 to 255; kernel default 1.
  package var ttl: UInt8?
  /// The largest payload in bytes; kernel default from the MTU.
  package var maxlen: UInt16?

  /// Creates a sync daemon.
  package init(
    interface: String, id: UInt32 = 0, group: IPAddress? = nil, port: UInt16? = nil, ttl: UInt8? = nil,
    maxlen: UInt16? = nil
  ) {
    self.interface = interface
    self.id = id
    self.group = group
    self.port = port
    self.ttl = ttl
    self.maxlen = maxlen
  }
}

/// What one node holds: desired by the file or observed in the kernel, one type for both.
package struct HostState: Equatable, Sendable {
  /// Loaded kernel modules, of those that matter.
  package var modules: Set<String> = []
  /// Sysctl name as sysctl(8) writes it → value with runs of blanks made one space.
  package var sysctls: [String: String] = [:]
  /// Network interfaces by name.
  package var links: [String: LinkSettings] = [:]
  /// Addresses.
  package var addresses: [AddressID: AddressSettings] = [:]
  /// Host routes.
  package var routes: [RouteID: RouteSettings] = [:]
  /// Virtual services.
  package var services: [ServiceID: VirtualService] = [:]
  /// Connection timeouts.
  package var timeouts = Timeouts()
  /// Connection sync daemons.
  package var syncDaemons: [SyncRole: SyncDaemon] = [:]

  /// Creates a state that holds nothing.
  package init() {}
}

extension Timeouts {
  /// What a network namespace begins with (tcp_timeouts of ip_vs_proto_tcp.c, udp_timeouts of ip_vs_proto_udp.c).
  package static var kernelDefaults: Timeouts { Timeouts(tcp: 900, tcpFin: 120, udp: 300) }
}

extension Timeouts {
  /// Whether these are what `wanted` says, as far as it says anything.
  package func holds(_ wanted: Timeouts) -> Bool {
    Timeouts.all.allSatisfy { field in
      wanted[keyPath: field] == nil || wanted[keyPath: field] == self[keyPath: field]
    }
  }

  /// Whether everything that `other` says is said here, too.
  package func covers(_ other: Timeouts) -> Bool {
    Timeouts.all.allSatisfy { field in
      other[keyPath: field] == nil || self[keyPath: field] != nil
    }
  }
}

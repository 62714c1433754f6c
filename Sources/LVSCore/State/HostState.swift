/// Who owns the weights of a service.
public enum WeightPolicy: Sendable, Hashable {
  /// The cluster file.
  case fixed
  /// A health checker: a weight is set when a real server is added and left alone afterwards.
  case external
}

/// A virtual service with its real servers.
public struct VirtualService: Hashable, Sendable {
  /// What can be edited in place.
  public var settings: ServiceSettings
  /// Whether weights of existing real servers are compared; always `.fixed` in an observed state.
  public var weights: WeightPolicy
  /// The real servers.
  public var realServers: [RealServerID: RealServerSettings]

  /// Creates a virtual service.
  public init(
    settings: ServiceSettings, weights: WeightPolicy = .fixed, realServers: [RealServerID: RealServerSettings] = [:]
  ) {
    self.settings = settings
    self.weights = weights
    self.realServers = realServers
  }
}

/// An address on an interface.
public struct AddressID: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The address.
  public var address: IPAddress
  /// The prefix length.
  public var prefixLength: UInt8
  /// The name of the interface.
  public var interface: String

  /// Creates the identity of an address; a host address unless a prefix length is given.
  public init(_ address: IPAddress, prefixLength: UInt8? = nil, interface: String) {
    self.address = address
    self.prefixLength = prefixLength ?? address.family.hostPrefixLength
    self.interface = interface
  }

  /// `192.168.147.100/32 dev ens33`.
  public var description: String { "\(address)/\(prefixLength) dev \(interface)" }

  public static func < (a: Self, b: Self) -> Bool {
    (a.address, a.prefixLength, a.interface) < (b.address, b.prefixLength, b.interface)
  }
}

/// What lvsctl signs its addresses (IFA_PROTO) and routes (rtm_protocol) with.
public let ownershipMark: UInt8 = 76

/// What is known of an address beside its identity.
public struct AddressSettings: Hashable, Sendable {
  /// The label of an IPv4 address where it differs from the interface's name, at most 15 bytes.
  public var label: String?
  /// Whether a label that differs is a difference; an implied label is given to a new address and not compared.
  public var labelIsExplicit: Bool
  /// IFA_PROTO, 0 where nothing is set or the kernel has none.
  public var mark: UInt8
  /// Whether other machines are told of the address when it is added (gratuitous ARP, unsolicited NA).
  public var isAnnounced: Bool

  /// Creates the settings of an address.
  public init(
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
  public var isSignature: Bool {
    guard let before, let after else { return false }
    return before.label == after.label && before.mark != after.mark
  }
}

/// A host route in the main table.
public struct RouteID: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The destination.
  public var destination: IPAddress
  /// The prefix length.
  public var prefixLength: UInt8
  /// The name of the outgoing interface.
  public var interface: String

  /// Creates the identity of a route; a host route unless a prefix length is given.
  public init(_ destination: IPAddress, prefixLength: UInt8? = nil, interface: String) {
    self.destination = destination
    self.prefixLength = prefixLength ?? destination.family.hostPrefixLength
    self.interface = interface
  }

  /// `192.168.147.100/32 dev lo`.
  public var description: String { "\(destination)/\(prefixLength) dev \(interface)" }

  public static func < (a: Self, b: Self) -> Bool {
    (a.destination, a.prefixLength, a.interface) < (b.destination, b.prefixLength, b.interface)
  }
}

/// What is known of a route beside its identity.
public struct RouteSettings: Hashable, Sendable {
  /// rtm_protocol: who installed the route.
  public var mark: UInt8

  /// Creates the settings of a route.
  public init(mark: UInt8 = ownershipMark) { self.mark = mark }
}

/// What is known of a network interface.
public struct LinkSettings: Hashable, Sendable {
  /// IFF_UP.
  public var isUp: Bool

  /// Creates the settings of a link.
  public init(isUp: Bool) { self.isUp = isUp }
}

/// The connection timeouts of IPVS in seconds; nil is not managed, or not read.
public struct Timeouts: Hashable, Sendable {
  /// An established TCP connection.
  public var tcp: UInt32?
  /// A TCP connection after a FIN.
  public var tcpFin: UInt32?
  /// A UDP flow.
  public var udp: UInt32?

  /// Every timeout.
  static var all: [WritableKeyPath<Timeouts, UInt32?>] { [\.tcp, \.tcpFin, \.udp] }

  /// Creates timeouts.
  public init(tcp: UInt32? = nil, tcpFin: UInt32? = nil, udp: UInt32? = nil) {
    self.tcp = tcp
    self.tcpFin = tcpFin
    self.udp = udp
  }
}

/// Which of the two connection sync daemons: they are separate in the kernel.
public enum SyncRole: UInt32, Sendable, Hashable, CaseIterable, Comparable {
  /// IP_VS_STATE_MASTER: sends connections.
  case master = 1
  /// IP_VS_STATE_BACKUP: receives them.
  case backup = 2

  /// The word of ipvsadm(8).
  public var word: String { self == .master ? "master" : "backup" }

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A connection sync daemon; nil is not managed, or not read.
public struct SyncDaemon: Hashable, Sendable {
  /// The multicast interface.
  public var interface: String
  /// The sync id, 0 to 255.
  public var id: UInt32
  /// The multicast group; kernel default 224.0.0.81.
  public var group: IPAddress?
  /// The UDP port; kernel default 8848.
  public var port: UInt16?
  /// The multicast time to live, 1 to 255; kernel default 1.
  public var ttl: UInt8?
  /// The largest payload in bytes; kernel default from the MTU.
  public var maxlen: UInt16?

  /// Creates a sync daemon.
  public init(
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
public struct HostState: Equatable, Sendable {
  /// Loaded kernel modules, of those that matter.
  public var modules: Set<String> = []
  /// Sysctl name as sysctl(8) writes it → value with runs of blanks made one space.
  public var sysctls: [String: String] = [:]
  /// Network interfaces by name.
  public var links: [String: LinkSettings] = [:]
  /// Addresses.
  public var addresses: [AddressID: AddressSettings] = [:]
  /// Host routes.
  public var routes: [RouteID: RouteSettings] = [:]
  /// Virtual services.
  public var services: [ServiceID: VirtualService] = [:]
  /// Connection timeouts.
  public var timeouts = Timeouts()
  /// Connection sync daemons.
  public var syncDaemons: [SyncRole: SyncDaemon] = [:]

  /// Creates a state that holds nothing.
  public init() {}
}

/// What of this machine matters to findings beside the state that plans are made of. What was not looked at, or could not
/// be read, is not known, and nothing is concluded from it.
package struct Surroundings: Equatable, Sendable {
  /// The network interfaces.
  package var links: [NetworkLink]?
  /// Sysctl → value.
  package var sysctls: [String: String] = [:]
  /// Where packets go.
  package var routes: [RouteQuestion: RouteAnswer] = [:]
  /// The gateways of the main table's routes, for the families that were looked at.
  package var gateways: [AddressFamily: Set<IPAddress>] = [:]
  /// The UDP ports where the kernel takes GUE apart (`ip fou`), or nil where that is not known.
  package var guePorts: Set<GUEPort>?
  /// The machines that the kernel knows on its network segments.
  package var neighbours: [Neighbour]?
  /// The sockets of TCP and UDP that listen.
  package var listeners: Set<Listener>?

  /// Creates surroundings of which nothing is known.
  package init() {}
}

/// A UDP port where the kernel takes GUE apart.
package struct GUEPort: Hashable, Sendable {
  /// The family of the outer packets.
  package var family: AddressFamily
  /// The port.
  package var port: UInt16

  /// Creates a port.
  package init(_ family: AddressFamily, _ port: UInt16) {
    self.family = family
    self.port = port
  }
}

/// Where this machine would send a packet to.
package struct RouteQuestion: Hashable, Sendable {
  /// The destination.
  package var destination: IPAddress
  /// The source address, one that this machine holds; nil for whichever the kernel takes.
  package var source: IPAddress?

  /// Creates a question.
  package init(_ destination: IPAddress, from source: IPAddress? = nil) {
    self.destination = destination
    self.source = source
  }
}

/// What the kernel says to a ``RouteQuestion``.
package enum RouteAnswer: Hashable, Sendable {
  /// To this machine itself.
  case local
  /// Straight to the destination.
  case onLink(interface: String)
  /// To another machine first, which is nil where the kernel does not name it.
  case gateway(IPAddress?, interface: String)
  /// Nowhere.
  case unreachable
}

/// A network interface, as far as findings and refusals care.
package struct NetworkLink: Equatable, Sendable {
  /// Its number in this network namespace.
  package var index: UInt32
  /// Its name.
  package var name: String
  /// Further names that ip(8) takes for it.
  package var alternativeNames: [String]
  /// IFF_UP.
  package var isUp: Bool
  /// IFF_LOWER_UP: there is something at the other end. Only an interface that is up says so.
  package var hasCarrier: Bool
  /// IFF_LOOPBACK.
  package var isLoopback: Bool
  /// Whether it answers ARP and neighbour solicitations for the addresses on it.
  package var answersARP: Bool
  /// The largest packet in bytes.
  package var mtu: UInt32
  /// IFLA_INFO_KIND, such as `dummy` or `ipip`; nil for a network card.
  package var kind: String?

  /// Creates an interface; by default a network card that is up.
  package init(
    _ name: String, alternativeNames: [String] = [], isUp: Bool = true, hasCarrier: Bool = true,
    isLoopback: Bool = false, answersARP: Bool = true, index: UInt32 = 1, mtu: UInt32 = 1500, kind: String? = nil
  ) {
    self.index = index
    self.name = name
    self.alternativeNames = alternativeNames
    self.isUp = isUp
    self.hasCarrier = hasCarrier
    self.isLoopback = isLoopback
    self.answersARP = answersARP
    self.mtu = mtu
    self.kind = kind
  }
}

/// What of a machine's surroundings is looked at: what rules have to know before they can judge, and no more.
package struct FindingQuery: Equatable, Sendable {
  /// So many routes are asked for at most: each is a message, and beyond nobody reads on.
  package static let routeLimit = 256

  /// Whether the network interfaces are read.
  package var readsLinks = false
  /// The interfaces as they were just read: routes and neighbours are told by these, and they are not read again for their names.
  package var knownLinks: [NetworkLink]?
  /// Names of sysctls.
  package var sysctls: Set<String> = []
  /// Routes, in the order in which they are asked for.
  package var routes: [RouteQuestion] = []
  /// The families whose gateways are looked for in the main table.
  package var gateways: Set<AddressFamily> = []
  /// Whether the ports of GUE are read.
  package var readsGUEPorts = false
  /// Whether the neighbours are read.
  package var readsNeighbours = false
  /// Whether the sockets that listen are read.
  package var readsListeners = false

  /// Creates a query for nothing.
  package init() {}
}

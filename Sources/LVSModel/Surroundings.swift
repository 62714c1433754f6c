/// What of this machine matters to findings beside the state that plans are made of. What was not looked at, or could not
/// be read, is not known, and nothing is concluded from it.
package struct Surroundings: Equatable, Sendable {
  /// Sysctl → value.
  package var sysctls: [String: String] = [:]
  /// Where packets go.
  package var routes: [RouteQuestion: RouteAnswer] = [:]
  /// The gateways of the main table's routes, for the families that were looked at.
  package var gateways: [AddressFamily: Set<IPAddress>] = [:]
  /// The UDP ports where the kernel takes GUE apart (`ip fou`), or nil where that is not known.
  package var guePorts: Set<GUEPort>?

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

  /// Creates an interface; by default a network card that is up.
  package init(
    _ name: String, alternativeNames: [String] = [], isUp: Bool = true, hasCarrier: Bool = true,
    isLoopback: Bool = false, answersARP: Bool = true
  ) {
    self.name = name
    self.alternativeNames = alternativeNames
    self.isUp = isUp
    self.hasCarrier = hasCarrier
    self.isLoopback = isLoopback
    self.answersARP = answersARP
  }
}

/// What has to be looked at before rules can judge, and no more.
package struct FindingQuery: Equatable, Sendable {
  /// So many routes are asked for at most: each is a message, and beyond nobody reads on.
  package static let routeLimit = 256

  /// Names of sysctls.
  package var sysctls: Set<String> = []
  /// Routes, in the order in which they are asked for.
  package var routes: [RouteQuestion] = []
  /// The families whose gateways are looked for in the main table.
  package var gateways: Set<AddressFamily> = []
  /// Whether the ports of GUE are read.
  package var readsGUEPorts = false

  /// Creates a query for nothing.
  package init() {}
}

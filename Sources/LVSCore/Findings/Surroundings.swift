/// What of this machine matters to findings beside the state that plans are made of. What was not looked at, or could not
/// be read, is not known, and nothing is concluded from it.
public struct Surroundings: Equatable, Sendable {
  /// Sysctl → value.
  public var sysctls: [String: String] = [:]
  /// Where packets go.
  public var routes: [RouteQuestion: RouteAnswer] = [:]
  /// The gateways of the main table's routes, for the families that were looked at.
  public var gateways: [AddressFamily: Set<IPAddress>] = [:]
  /// The UDP ports where the kernel takes GUE apart (`ip fou`), or nil where that is not known.
  public var guePorts: Set<GUEPort>?

  /// Creates surroundings of which nothing is known.
  public init() {}
}

/// A UDP port where the kernel takes GUE apart.
public struct GUEPort: Hashable, Sendable {
  /// The family of the outer packets.
  public var family: AddressFamily
  /// The port.
  public var port: UInt16

  /// Creates a port.
  public init(_ family: AddressFamily, _ port: UInt16) {
    self.family = family
    self.port = port
  }
}

/// Where this machine would send a packet to.
public struct RouteQuestion: Hashable, Sendable {
  /// The destination.
  public var destination: IPAddress
  /// The source address, one that this machine holds; nil for whichever the kernel takes.
  public var source: IPAddress?

  /// Creates a question.
  public init(_ destination: IPAddress, from source: IPAddress? = nil) {
    self.destination = destination
    self.source = source
  }
}

/// What the kernel says to a ``RouteQuestion``.
public enum RouteAnswer: Hashable, Sendable {
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
public struct NetworkLink: Equatable, Sendable {
  /// Its name.
  public var name: String
  /// Further names that ip(8) takes for it.
  public var alternativeNames: [String]
  /// IFF_UP.
  public var isUp: Bool
  /// IFF_LOWER_UP: there is something at the other end. Only an interface that is up says so.
  public var hasCarrier: Bool
  /// IFF_LOOPBACK.
  public var isLoopback: Bool
  /// Whether it answers ARP and neighbour solicitations for the addresses on it.
  public var answersARP: Bool

  /// Creates an interface; by default a network card that is up.
  public init(
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
public struct FindingQuery: Equatable, Sendable {
  /// So many routes are asked for at most: each is a message, and beyond nobody reads on.
  static let routeLimit = 256

  /// Names of sysctls.
  public var sysctls: Set<String> = []
  /// Routes, in the order in which they are asked for.
  public var routes: [RouteQuestion] = []
  /// The families whose gateways are looked for in the main table.
  public var gateways: Set<AddressFamily> = []
  /// Whether the ports of GUE are read.
  public var readsGUEPorts = false

  /// Creates a query for nothing.
  public init() {}
}

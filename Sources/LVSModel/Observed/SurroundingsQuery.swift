/// What of a machine's surroundings is looked at: what rules have to know before they can judge, and no more.
public struct SurroundingsQuery: Equatable, Sendable {
  /// So many routes are asked for at most: each is a message, and beyond nobody reads on.
  public static let routeLimit = 256

  /// The interfaces as they were just read: routes and neighbours are told by these, and they are not read again for
  /// their names.
  public var knownInterfaces: [NetworkLink]?
  /// Names of sysctls.
  public var sysctls: Set<String> = []
  /// Routes, in the order in which they are asked for.
  public var routes: [RouteQuestion] = []
  /// The families whose gateways are looked for in the main table.
  public var gateways: Set<AddressFamily> = []
  /// Whether the ports of GUE are read.
  public var readsGUEPorts = false
  /// Whether the neighbours are read.
  public var readsNeighbours = false
  /// Whether the sockets that listen are read.
  public var readsListeners = false

  /// Creates a query for nothing.
  public init() {}
}

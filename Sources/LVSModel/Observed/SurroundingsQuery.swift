/// What of a machine's surroundings is looked at: what rules have to know before they can judge, and no more.
package struct SurroundingsQuery: Equatable, Sendable {
  /// So many routes are asked for at most: each is a message, and beyond nobody reads on.
  package static let routeLimit = 256

  /// The interfaces as they were just read: routes and neighbours are told by these, and they are not read again for
  /// their names.
  package var knownInterfaces: [NetworkLink]?
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

/// What of this machine matters to findings beside the state that plans are made of. What was asked for and could not be
/// read is not known, and nothing is concluded from it.
public struct Surroundings: Equatable, Sendable {
  /// The values of sysctls.
  public var sysctls = Answers<String, String>()
  /// Where packets go.
  public var routes = Answers<RouteQuestion, RouteAnswer>()
  /// The gateways of the main table's routes.
  public var gateways = Answers<AddressFamily, Set<IPAddress>>()
  /// The UDP ports where the kernel takes GUE apart (`ip fou`), or nil where that is not known.
  @Section("The ports of GUE") public var guePorts: Set<GUEPort>?
  /// The machines that the kernel knows on its network segments.
  @Section("The neighbours") public var neighbours: [Neighbour]?
  /// The sockets of TCP and UDP that listen.
  @Section("The sockets that listen") public var listeners: Set<Listener>?

  /// Creates surroundings of which nothing was asked.
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

/// What of this machine matters to findings beside the state that plans are made of. What was asked for and could not be
/// read is not known, and nothing is concluded from it.
package struct Surroundings: Equatable, Sendable {
  /// The values of sysctls.
  package var sysctls = Answers<String, String>()
  /// Where packets go.
  package var routes = Answers<RouteQuestion, RouteAnswer>()
  /// The gateways of the main table's routes.
  package var gateways = Answers<AddressFamily, Set<IPAddress>>()
  /// The UDP ports where the kernel takes GUE apart (`ip fou`), or nil where that is not known.
  @Section("The ports of GUE") package var guePorts: Set<GUEPort>?
  /// The machines that the kernel knows on its network segments.
  @Section("The neighbours") package var neighbours: [Neighbour]?
  /// The sockets of TCP and UDP that listen.
  @Section("The sockets that listen") package var listeners: Set<Listener>?

  /// Creates surroundings of which nothing was asked.
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

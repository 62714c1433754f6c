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

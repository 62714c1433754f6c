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

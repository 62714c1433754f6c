/// A socket of this machine that takes connections, or datagrams from everybody.
public struct Listener: Hashable, Sendable {
  /// TCP or UDP.
  public var transport: TransportProtocol
  /// The address that it listens on; 0.0.0.0 or :: for all, the latter mostly for those of IPv4 too.
  public var address: IPAddress
  /// The port.
  public var port: UInt16

  /// Creates a listener.
  public init(_ transport: TransportProtocol, _ address: IPAddress, port: UInt16) {
    self.transport = transport
    self.address = address
    self.port = port
  }
}

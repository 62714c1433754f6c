/// A socket of this machine that takes connections, or datagrams from everybody.
package struct Listener: Hashable, Sendable {
  /// TCP or UDP.
  package var transport: TransportProtocol
  /// The address that it listens on; 0.0.0.0 or :: for all, the latter mostly for those of IPv4 too.
  package var address: IPAddress
  /// The port.
  package var port: UInt16

  /// Creates a listener.
  package init(_ transport: TransportProtocol, _ address: IPAddress, port: UInt16) {
    self.transport = transport
    self.address = address
    self.port = port
  }
}

import LVSSystem

/// A connection to a ``Responder`` that stays, until it is closed or given up.
public final class LongConnection {
  /// The name of the machine at its other end.
  public let server: String
  private var socket: TCPSocket?
  private var count = 1

  /// Connects over TCP, IPv4 or IPv6, from an address of the client or from the kernel's choice.
  public init(
    from client: Namespace, to address: String, port: UInt16, source: String? = nil, limit: Double = 20
  ) throws {
    let socket = try inNamespace(client.name) {
      try TCPSocket(to: address, port: port, from: source, limit: limit)
    }
    server = try socket.ask("line 1")
    self.socket = socket
  }

  /// Ends it.
  public func close() { socket = nil }

  /// Whether a line still goes there and is answered by the same machine.
  public func isAlive() -> Bool {
    guard let socket else { return false }
    count += 1
    return (try? socket.ask("line \(count)")) == server
  }
}

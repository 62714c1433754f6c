import Glibc
import LVSSystem

/// A server that greets each connection with a line, the name of its machine, and then sends back what it receives.
public final class EchoServer: Sendable {
  /// A byte in it ends the server.
  private let stopping: Pipe
  private let thread: BackgroundThread

  public init(_ machine: Namespace, ports: [UInt16]) throws {
    let listeners = try inNamespace(machine.name) {
      try ports.map { port in
        let socket = try TCPSocket()
        try socket.listen(port: port)
        return socket.descriptor
      }
    }
    let stopping = try Pipe(subject: "a pipe")
    let greeting = Array((machine.machine + "\n").utf8)
    self.stopping = stopping
    thread = try BackgroundThread { Self.serve(listeners, greeting, until: stopping.reading) }
  }

  /// Ends the server and its connections.
  public func stop() {
    _ = writeAll([0], to: stopping.writing)
    thread.join()
    for end in [stopping.reading, stopping.writing] { close(end) }
  }

  private static func serve(_ listeners: [Int32], _ greeting: [UInt8], until stopping: Int32) {
    var connections: [Int32] = []
    while true {
      var events = Events(sockets: [stopping] + listeners + connections)
      guard case .readable(let socket) = events.next(until: Deadline(after: 3600)) else { continue }
      if socket == stopping { break }
      if listeners.contains(socket) {
        guard let connection = StreamSocket.accept(socket) else { continue }
        StreamSocket.send(greeting, to: connection)
        connections.append(connection)
      } else if let bytes = try? beginning(of: socket, named: "a connection", atMost: 4096), !bytes.isEmpty {
        StreamSocket.send(bytes, to: socket)
        // The others come first now: one that talks without end keeps nobody waiting.
        connections.removeAll { $0 == socket }
        connections.append(socket)
      } else {
        close(socket)
        connections.removeAll { $0 == socket }
      }
    }
    for descriptor in listeners + connections { close(descriptor) }
  }
}

extension Network {
  /// Runs `body` while an echo server runs on each of these machines.
  public func withEchoServers(on machines: [String], ports: [UInt16], _ body: () throws -> Void) throws {
    var servers: [EchoServer] = []
    defer { for server in servers { server.stop() } }
    for machine in machines { servers.append(try EchoServer(self[machine], ports: ports)) }
    try body()
  }
}

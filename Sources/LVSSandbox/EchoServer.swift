import Glibc

/// A server that greets each connection with a line, the name of its machine, and then sends back what it receives.
package final class EchoServer: Sendable {
  /// A pipe: bytes in it end the server.
  private let stopping: [Int32]
  private let thread: BackgroundThread

  package init(_ machine: Namespace, ports: [UInt16]) throws {
    let listeners = try inNamespace(machine.name) {
      try ports.map { port in
        let socket = try TCPSocket()
        try socket.listen(port: port)
        return socket.descriptor
      }
    }
    var stopping: [Int32] = [0, 0]
    guard pipe(&stopping) == 0 else { throw TCPFailure("pipe") }
    let end = stopping[0]
    let greeting = Array((machine.machine + "\n").utf8)
    self.stopping = stopping
    thread = try BackgroundThread { Self.serve(listeners, greeting, until: end) }
  }

  /// Ends the server and its connections.
  package func stop() {
    write(stopping[1], "!", 1)
    thread.join()
    for end in stopping { close(end) }
  }

  private static func serve(_ listeners: [Int32], _ greeting: [UInt8], until stopping: Int32) {
    var open = listeners
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      var events = ([stopping] + open).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&events, nfds_t(events.count), -1)
      if events[0].revents != 0 { break }
      for event in events where event.revents != 0 {
        if listeners.contains(event.fd) {
          let connection = accept(event.fd, nil, nil)
          guard connection >= 0 else { continue }
          send(connection, greeting, greeting.count, Int32(MSG_NOSIGNAL))
          open.append(connection)
          continue
        }
        let count = recv(event.fd, &buffer, buffer.count, 0)
        if count > 0 {
          send(event.fd, buffer, count, Int32(MSG_NOSIGNAL))
        } else {
          close(event.fd)
          open.removeAll { $0 == event.fd }
        }
      }
    }
    for descriptor in open { close(descriptor) }
  }
}

extension Network {
  /// Runs `body` while an echo server runs on each of these machines.
  package func withEchoServers(on machines: [String], ports: [UInt16], _ body: () throws -> Void) throws {
    var servers: [EchoServer] = []
    defer { for server in servers { server.stop() } }
    for machine in machines { servers.append(try EchoServer(self[machine], ports: ports)) }
    try body()
  }
}

import LVSSystem
import Synchronization

/// Clients that connect to an echo server without pause, each time anew: greeting, a line there and back, and the end.
public final class Visitors: Sendable {
  private struct Tally {
    var answered: [String: Int] = [:]
    var failures: [String] = []
    var isEnding = false
  }

  private final class Shared: Sendable {
    let tally = Mutex(Tally())
  }

  private let shared: Shared
  private let threads: [BackgroundThread]

  /// Begins to connect.
  public init(at client: Namespace, to address: String, port: UInt16, count: Int = 2) throws {
    // Ports of closed connections stay reserved for a minute, and no visitor may fail for want of one.
    try inNamespace(client.name) {
      try writeAtOnce(Array("1024 65535".utf8), to: "/proc/sys/net/ipv4/ip_local_port_range")
    }
    let shared = Shared()
    self.shared = shared
    threads = try (0..<count).map { _ in
      try BackgroundThread {
        do {
          try inNamespace(client.name) {
            while !shared.tally.withLock({ $0.isEnding }) { Self.visit(address, port, shared) }
          }
        } catch {
          shared.tally.withLock { $0.failures.append("\(error)") }
        }
      }
    }
  }

  /// How many connections went well so far.
  public var answered: Int { shared.tally.withLock { $0.answered.values.reduce(0, +) } }
  /// How many connections went well so far, by the machine that answered.
  public var answeredBy: [String: Int] { shared.tally.withLock { $0.answered } }
  /// What became of the others.
  public var failures: [String] { shared.tally.withLock { $0.failures } }

  /// Ends them all.
  public func stop() {
    shared.tally.withLock { $0.isEnding = true }
    for thread in threads { thread.join() }
  }

  private static func visit(_ address: String, _ port: UInt16, _ shared: Shared) {
    var server = "nobody"
    do {
      let socket = try TCPSocket()
      defer { socket.close() }
      try socket.connect(to: address, port: port)
      server = try socket.receiveLine()
      try socket.send(line: "x")
      guard try socket.receiveLine() == "x" else { throw CommandFailure(description: "another answer came") }
      shared.tally.withLock { $0.answered[server, default: 0] += 1 }
    } catch {
      shared.tally.withLock { $0.failures.append("\(error), after \(server) had answered") }
    }
  }
}

/// A connection that stays, until it is closed or given up.
public final class LongConnection {
  /// The machine at its other end.
  public let server: String
  private let socket: TCPSocket
  private var count = 0
  private var isClosed = false

  public init(from client: Namespace, to address: String, port: UInt16) throws {
    socket = try inNamespace(client.name) { try TCPSocket() }
    do {
      try socket.connect(to: address, port: port)
      server = try socket.receiveLine()
    } catch {
      socket.close()
      throw error
    }
  }

  deinit { close() }

  /// Ends it.
  public func close() {
    if !isClosed { socket.close() }
    isClosed = true
  }

  /// Whether a line still goes there and comes back.
  public func isAlive() -> Bool {
    count += 1
    do {
      try socket.send(line: "line \(count)")
      return try socket.receiveLine() == "line \(count)"
    } catch {
      return false
    }
  }
}

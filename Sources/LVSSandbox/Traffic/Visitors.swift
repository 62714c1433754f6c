import LVSSystem
import Synchronization

/// Clients that connect to responders without pause, each time anew: a line there, its answer, and the end.
public final class Visitors: Sendable {
  /// An address and a port that they connect to.
  public struct Target: Sendable, Hashable {
    public var address: String
    public var port: UInt16

    public init(_ address: String, port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  private struct Tally {
    var answered: [String: Int] = [:]
    var failures: [String] = []
    var failed = 0
    var isEnding = false

    /// Whether the end had come before.
    mutating func end() -> Bool {
      defer { isEnding = true }
      return isEnding
    }

    mutating func note(_ failure: String) {
      failed += 1
      // Where nothing goes, that is told thousands of times a second.
      if failures.count < 10_000 { failures.append(failure) }
    }
  }

  private final class Shared: Sendable {
    let tally = Mutex(Tally())
  }

  private let shared: Shared
  private let threads: [BackgroundThread]

  /// Begins to connect to one target.
  public convenience init(at client: Namespace, to address: String, port: UInt16, count: Int = 2) throws {
    try self.init(at: client, to: [Target(address, port: port)], count: count)
  }

  /// Begins to connect to the targets, in turn, from these addresses of the client, in turn, or from the kernel's choice.
  /// There are `count` visitors at a time, and each gives up after `limit` seconds, times ``Waiting/patience``.
  public init(
    at client: Namespace, to targets: [Target], sources: [String] = [], count: Int = 2, limit: Double = 20
  ) throws {
    try client.widenPortRange()
    let shared = Shared()
    self.shared = shared
    threads = try (0..<count).map { first in
      try BackgroundThread {
        do {
          try inNamespace(client.name) {
            var turn = first
            while !shared.tally.withLock({ $0.isEnding || targets.isEmpty }) {
              let source = sources.isEmpty ? nil : sources[turn % sources.count]
              Self.visit(targets[turn % targets.count], from: source, limit, shared)
              turn += 1
            }
          }
        } catch {
          shared.tally.withLock { $0.note("\(error)") }
        }
      }
    }
  }

  /// How many connections went well so far.
  public var answered: Int { shared.tally.withLock { $0.answered.values.reduce(0, +) } }
  /// How many connections went well so far, by the machine that answered.
  public var answeredBy: [String: Int] { shared.tally.withLock { $0.answered } }
  /// How many did not.
  public var failed: Int { shared.tally.withLock { $0.failed } }
  /// What became of them, of the first ten thousand at most.
  public var failures: [String] { shared.tally.withLock { $0.failures } }

  /// Ends them all.
  public func stop() {
    if shared.tally.withLock({ $0.end() }) { return }
    for thread in threads { thread.join() }
  }

  private static func visit(_ target: Target, from source: String?, _ limit: Double, _ shared: Shared) {
    do {
      let server = try TCPSocket(to: target.address, port: target.port, from: source, limit: limit).ask("visit")
      shared.tally.withLock { $0.answered[server, default: 0] += 1 }
    } catch {
      shared.tally.withLock { $0.note("\(error)") }
    }
  }
}

extension Namespace {
  /// Lets its clients have almost every port: those of closed connections stay reserved for a minute, and none may fail for
  /// want of one.
  public func widenPortRange() throws {
    try inNamespace(name) { try writeAtOnce(Array("1024 65535".utf8), to: "/proc/sys/net/ipv4/ip_local_port_range") }
  }
}

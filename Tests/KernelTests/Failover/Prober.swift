import LVSSystem
import Synchronization

/// A client that connects to a service again and again, one connection at a time and ten a second, and keeps account of when
/// that failed.
final class Prober: Sendable {
  /// Connections that failed in a row.
  struct Outage {
    /// How many.
    var attempts = 0
    /// From the beginning of the first of them to the beginning of the one that went well again.
    var seconds = 0.0
  }

  private struct Attempt {
    var time: Double
    var hasFailed: Bool
  }

  private final class Shared: Sendable {
    let attempts = Mutex([Attempt]())
    let isEnding = Atomic<Bool>(false)
    let isPatient = Atomic<Bool>(false)
  }

  private let shared = Shared()
  private let thread: BackgroundThread

  /// Seconds from the beginning of an attempt to that of the next, and until one counts as failed.
  private static let rhythm = 0.1
  private static let limit = 0.3

  /// Begins to connect to a responder.
  init(at client: Namespace, to address: String, port: UInt16) throws {
    let shared = shared
    // Ports of closed connections stay reserved for a minute.
    try client.widenPortRange()
    thread = try BackgroundThread {
      _ = try? inNamespace(client.name) {
        while !shared.isEnding.load(ordering: .relaxed) {
          let time = Monotonic.now
          let limit = shared.isPatient.load(ordering: .relaxed) ? 20 : Self.limit
          let hasFailed = !Self.connects(to: address, port: port, limit: limit)
          shared.attempts.withLock { $0.append(Attempt(time: time, hasFailed: hasFailed)) }
          let rest = time + Self.rhythm - Monotonic.now
          if rest > 0 { Monotonic.pause(rest) }
        }
      }
    }
  }

  private static func connects(to address: String, port: UInt16, limit: Double) -> Bool {
    (try? TCPSocket(to: address, port: port, limit: limit).ask("probe")) != nil
  }

  /// Waits for each connection as long as an ordinary client does, so that none fails because the machine is slow, or tells
  /// by failures when there is nobody who would answer.
  func setPatient(_ isPatient: Bool) { shared.isPatient.store(isPatient, ordering: .relaxed) }

  /// Ends it.
  func stop() {
    shared.isEnding.store(true, ordering: .relaxed)
    thread.join()
  }

  /// How many attempts have come to their end.
  var count: Int { shared.attempts.withLock { $0.count } }

  /// How many attempts failed since there were `count` of them.
  func failures(since count: Int) -> Int { shared.attempts.withLock { $0[count...].count(where: \.hasFailed) } }

  /// Waits until the last few attempts went well, all of them begun after there were `count`.
  func settle(since count: Int, _ what: String) throws {
    let few = 10
    try eventually("connections go well again \(what)", within: 40) {
      shared.attempts.withLock { $0.count >= count + few && $0.suffix(few).allSatisfy { !$0.hasFailed } }
    }
  }

  /// The longest outage since there were `count` attempts.
  func longestOutage(since count: Int) -> Outage {
    shared.attempts.withLock { attempts in
      var longest = Outage()
      var current: (attempts: Int, begin: Double)?
      for attempt in attempts[count...] {
        if attempt.hasFailed {
          current = ((current?.attempts ?? 0) + 1, current?.begin ?? attempt.time)
        } else if let ended = current {
          if ended.attempts > longest.attempts {
            longest = Outage(attempts: ended.attempts, seconds: attempt.time - ended.begin)
          }
          current = nil
        }
      }
      return longest
    }
  }
}

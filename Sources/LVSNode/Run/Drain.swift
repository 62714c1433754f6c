import Glibc
import LVSKernel
import LVSModel
import LVSSystem

/// Waits until real servers hold no open connections, or the time is up.
public struct Drain {
  /// How often the kernel is asked, in seconds.
  private static let interval = 0.5

  private let kernel: KernelConnection
  private let shouldStop: () -> Bool
  private let signals: () -> HeldSignals?

  /// A wait that ends early when `shouldStop` says so, and is asked at once when one of the held `signals` comes.
  public init(
    _ kernel: KernelConnection, shouldStop: @escaping () -> Bool, signals: @escaping () -> HeldSignals? = { nil }
  ) {
    self.kernel = kernel
    self.shouldStop = shouldStop
    self.signals = signals
  }

  /// Waits at most `seconds`; `report` is told the connections that are left and the seconds that are, each time they
  /// were read. Returns whether some are left.
  @discardableResult
  public func wait(
    for draining: [Draining], atMost seconds: Double,
    report: ([(Draining, UInt32)], Double) -> Void
  ) throws(NetlinkError) -> Bool {
    let deadline = Deadline(after: seconds)
    var events = Events(held: signals())
    let services = Set(draining.map(\.service))
    while true {
      let began = Monotonic.now
      let open = try kernel.openConnections(of: services)
      let left = draining.map { ($0, open[$0.service]?[$0.realServer] ?? 0) }
      let now = Monotonic.now
      report(left, max(0, deadline.time - now))
      let isEmpty = left.allSatisfy { $0.1 == 0 }
      if now >= deadline.time || shouldStop() || isEmpty { return !isEmpty }
      // A large connection table is slow to read, and no more than half of the time is spent on it.
      _ = events.next(until: Deadline(at: min(now + max(Self.interval, now - began), deadline.time)))
    }
  }

  /// Waits until the kernel has let go of connections whose real servers are removed, a second at most.
  ///
  /// With `net.ipv4.vs.expire_nodest_conn` it does that by itself (ip_vs_expire_nodest_conn_flush, Linux 5.9): a work that
  /// is queued at the removal and runs a tick later. Until then a packet of theirs is dropped where the sysctl is 0.
  func waitForExpiry(of removed: [Draining]) {
    let deadline = Deadline(after: 1)
    var events = Events()
    repeat {
      var counts = ConnectionCounts(of: removed)
      do throws(SystemError) {
        try ConnectionTable.read { counts.add($0) }
      } catch {
        return
      }
      if !counts.hasAny { return }
      _ = events.next(until: Deadline(after: 0.01))
    } while !deadline.isOver
  }
}

import Glibc
import LVSCore

/// Waits until real servers hold no active connections, or the time is up.
public struct Drain {
  /// How often the kernel is asked, in milliseconds.
  private static let interval: Int32 = 500

  private let kernel: KernelConnection
  private let shouldStop: () -> Bool

  /// A wait that ends early when `shouldStop` says so.
  public init(_ kernel: KernelConnection, shouldStop: @escaping () -> Bool) {
    self.kernel = kernel
    self.shouldStop = shouldStop
  }

  /// Waits at most `seconds`; `report` is told the connections that are left and the seconds that are, each time they
  /// were read.
  public func wait(
    for draining: [StagedPlan.Draining], atMost seconds: Double,
    report: ([(StagedPlan.Draining, UInt32)], Double) -> Void
  ) throws(NetlinkError) {
    let deadline = Monotonic.now + seconds
    let services = Set(draining.map(\.service))
    while true {
      let active = try kernel.activeConnections(of: services)
      let left = draining.map { ($0, active[$0.service]?[$0.realServer] ?? 0) }
      let rest = deadline - Monotonic.now
      report(left, max(0, rest))
      if rest <= 0 || shouldStop() || left.allSatisfy({ $0.1 == 0 }) { return }
      // A signal that is held back does not end this wait, so it is kept short.
      poll(nil, 0, min(Self.interval, Int32((rest * 1000).rounded(.up))))
    }
  }
}

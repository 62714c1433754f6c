import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// How real servers leave: their clients are sent elsewhere while their connections end, and what is left is cut so that
/// its clients find another one at once.
///
/// Both are up to the kernel, by sysctls that are set for as long as they are needed.
public final class GracefulRemoval {
  /// What both sysctls are held at.
  private static let held = "1"
  /// Lets clients that persistence binds to a real server of weight 0 connect to others (ip_vs_check_template).
  private static let expireQuiescentTemplate = "net.ipv4.vs.expire_quiescent_template"
  /// Lets connections whose real server is removed end at once, where they would be dropped until they time out.
  private static let expireNodestConn = "net.ipv4.vs.expire_nodest_conn"

  /// The sysctls.
  public let sysctls: TransientSysctls
  private let drain: Drain
  private let shouldStop: () -> Bool
  private let report: (Message) -> Void
  private var draining: [Draining] = []
  private var bindsClients = false
  private var cuts = false

  /// A removal over a connection to the kernel; `report` is told in whole sentences what could not be done.
  public init(
    _ kernel: KernelConnection, remember: @escaping ([String: String]) throws -> Void, shouldStop: @escaping () -> Bool,
    signals: @escaping () -> HeldSignals?, report: @escaping (Message) -> Void
  ) {
    sysctls = TransientSysctls(remember: remember)
    drain = Drain(kernel, shouldStop: shouldStop, signals: signals)
    self.shouldStop = shouldStop
    self.report = report
  }

  /// Prepares the first stage of a plan.
  public func begin(_ staged: StagedPlan) {
    draining = staged.draining
    bindsClients = staged.bindsClients
    if bindsClients { keepClientsAway() }
  }

  /// Waits between the two stages, as ``Drain/wait(for:atMost:report:)``.
  public func wait(
    atMost seconds: Double, progress: ([(Draining, UInt32)], Double) -> Void
  ) throws(NetlinkError) {
    // The first stage may have set it to what the file says.
    if bindsClients { keepClientsAway() }
    cuts = try drain.wait(for: draining, atMost: seconds, report: progress)
    if shouldStop() { return }
    hold(Self.expireNodestConn, "Clients whose connections are cut may have to wait until they time out")
  }

  /// Waits for real servers that stay in the table with weight 0; nothing is cut of what is left. Returns whether some is.
  public func waitInPlace(
    for draining: [Draining], bindsClients: Bool, atMost seconds: Double,
    progress: ([(Draining, UInt32)], Double) -> Void
  ) throws(NetlinkError) -> Bool {
    if bindsClients { keepClientsAway() }
    defer { end() }
    return try drain.wait(for: draining, atMost: seconds, report: progress)
  }

  /// Sets the sysctls back; they are not what the plan is about, so nothing is read to prove it before this.
  public func end() {
    if sysctls.former[Self.expireNodestConn] != nil && cuts { drain.waitForExpiry(of: draining) }
    cuts = false
    sysctls.release { report(Self.notSetBack($0, $1)) }
  }

  /// Sets back what a run that was killed left of the sysctls, from what was remembered; returns what could not be.
  public static func setBack(
    _ remembered: [String: String], report: (Message) -> Void
  ) -> [String: String] {
    TransientSysctls.setBack(remembered, heldAt: held) { report(Self.notSetBack($0, $1)) }
  }

  private static func notSetBack(_ name: String, _ error: any Error) -> Message {
    "\(name) cannot be set back: \(error)."
  }

  private func keepClientsAway() {
    hold(Self.expireQuiescentTemplate, "Clients that persistence binds to a real server keep it")
  }

  private func hold(_ name: String, _ consequence: Message) {
    do {
      try sysctls.hold(name, at: Self.held)
    } catch {
      report("\(consequence), because \(name) cannot be set: \(error).")
    }
  }
}

import ArgumentParser
import LVSCore
import LVSKernel

struct Teardown: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take away from this node what apply put there for this file.",
    discussion: """
      VIPs leave first; sysctls go back to what they were before the first apply. What others added stays, and so do \
      loaded modules and timeouts.

      Examples:
        lvsctl teardown cluster.conf
        lvsctl teardown --graceful 60 cluster.conf
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Give real servers that leave no new connections, and so long to end those they have.", valueName: "seconds"))
  var graceful: Double?

  @OptionGroup var lockOption: LockOption

  func validate() throws { try checkSeconds(graceful, of: "graceful") }

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    var session = try NodeSession(try source.load(output.color), nodeOptions)
    let memory = Memory(session)
    let lock = try MachineLock.acquire(waiting: lockOption.lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    let remembered = memory.stored()
    session.target.scope.takeOver(from: remembered)
    let part = remembered?.part(of: session.target)
    let sysctls = part?.sysctls ?? [:]
    let devices = part?.devices ?? []
    session.furtherSysctls = Set(sysctls.keys)
    session.furtherDevices = devices
    let target = session.target

    let observed = try session.observe()
    let plan = Planner.teardown(target, observed: observed, remembered: sysctls, devices: devices)
    let report = session.report(plan, open: try session.openConnections(cutBy: plan), waits: graceful != nil)
    if format.format == .text {
      Terminal.print(plan.isEmpty ? "Nothing to take away from \(session.node.name).\n" : report.text(output.style))
    }
    let raised = target.state.links.keys.filter { remembered == nil && observed.links[$0]?.isUp == true }
    if !raised.isEmpty {
      Terminal.report(
        """
        Whether these devices were up before the first apply is not remembered, so they are left up: \
        \(raised.sorted().joined(separator: ", ")).
        """)
    }
    let forgotten = target.state.sysctls.keys.filter { sysctls[$0] == nil && observed.sysctls[$0] != nil }
    if !forgotten.isEmpty {
      Terminal.report(
        """
        What these sysctls were before the first apply is not remembered, so they are left as they are: \
        \(forgotten.sorted().joined(separator: ", ")).
        """)
    }
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      let run = ChangeRun(session: session, observed: observed, signals: HeldSignals()) { observed throws(Failure) in
        Planner.teardown(target, observed: observed, remembered: sysctls, devices: devices)
      }
      do {
        if let graceful {
          _ = try run.carryOut(plan.staged(observed: observed), graceful: graceful, keepsPartial: false)
        } else {
          _ = try run.carryOut(plan.changes, keepsPartial: false)
        }
      } catch let ended as ChangeRun.Ended {
        throw ended.failure
      }
    }
    if let remembered, let part { memory.restore(remembered.without(part)) }
    if format.format == .json { Terminal.print(JSONText.pretty(report.json) + "\n") }
  }
}

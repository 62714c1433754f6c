import ArgumentParser
import LVSCore
import LVSKernel

struct Teardown: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take away from this node what apply put there for this file.",
    discussion: """
      VIPs leave first; sysctls go back to what they were before the first apply. What others added stays, and so do \
      loaded modules and timeouts.

      Example:
        lvsctl teardown cluster.conf
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @OptionGroup var lockOption: LockOption

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
    var before = MachineMemory()
    before.sysctls = sysctls
    before.devices = devices

    let observed = try session.observe()
    let plan = Planner.teardown(target, observed: observed, memory: before)
    let report = session.report(plan, active: try session.activeConnections(cutBy: plan))
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
        Planner.teardown(target, observed: observed, memory: before)
      }
      do {
        _ = try run.carryOut(plan.changes, keepsPartial: false)
      } catch let ended as ChangeRun.Ended {
        throw ended.failure
      }
    }
    if let remembered, let part { memory.restore(remembered.without(part)) }
    if format.format == .json { Terminal.print(JSONText.pretty(report.json) + "\n") }
  }
}

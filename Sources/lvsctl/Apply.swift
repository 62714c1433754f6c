import ArgumentParser
import LVSCore
import LVSKernel

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make this node what the file says, then read the kernel back to prove it.",
    discussion: """
      Exit status 0: the node is what the file says.

      Example: lvsctl apply --role realserver cluster.conf
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @Flag(help: "Also remove services whose VIP or fwmark the file does not name.")
  var prune = false

  @Flag(help: "When a step is refused leave what was done before it, instead of taking it back.")
  var keepPartial = false

  @Option(help: ArgumentHelp("Wait so long for another lvsctl on this machine.", valueName: "seconds"))
  var lockTimeout = 10.0

  func run() throws {
    let file = try source.load(output.color)
    let session = try NodeSession(file, nodeOptions)
    try session.requireIPVS()
    let lock = try Self.lock(waiting: lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    let observed = try session.observe()
    let plan = try session.plan(from: observed, prune: prune)
    let report = session.report(plan)
    if format.format == .text { Terminal.print(report.text(output.style, isVerbose: output.verbose)) }
    if !plan.isEmpty { try carryOut(plan, observed, session) }
    switch format.format {
    case .json: Terminal.print(JSONText.pretty(report.json) + "\n")
    case .text where !plan.isEmpty:
      Terminal.print("Done: \(session.node.name) is what the file says, read back from the kernel.\n")
    case .text: break
    }
  }

  private func carryOut(_ plan: Plan, _ observed: HostState, _ session: NodeSession) throws(Failure) {
    try Privileges.check(for: plan)
    let signals = HeldSignals()
    let applier = Applier(
      sink: KernelSink(session.kernel), observe: { try session.observe() }, shouldStop: { signals.areWaiting })
    do {
      try applier.apply(
        plan, before: observed, target: session.target, prune: prune, keepsPartial: keepPartial)
    } catch let error as ApplyError {
      throw Failure(ApplyReport.status(of: error), ApplyReport.text(error))
    } catch let error as NotConverged {
      throw Failure(.refused, ApplyReport.text(error))
    } catch {
      throw Failure(describing: error)
    }
  }

  static func lock(waiting seconds: Double) throws(Failure) -> NamespaceLock {
    do {
      return try NamespaceLock.acquire(waiting: seconds)
    } catch let held as NamespaceLock.Held {
      let holder = held.pid.map { "the process \($0)" } ?? "another process"
      throw Failure(
        .locked,
        """
        Another lvsctl is changing this machine: \(holder) holds the lock. Nothing was changed. Try again when it has \
        ended, or wait longer with --lock-timeout.
        """)
    } catch {
      throw Failure(describing: error)
    }
  }
}

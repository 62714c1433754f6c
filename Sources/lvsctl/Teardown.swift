import ArgumentParser
import LVSConfig
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

struct Teardown: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take away from this node what apply put there.",
    discussion: """
      Also where the file does not name this node any more, or calls it or the cluster otherwise: what lvsctl put on a \
      machine is remembered there. VIPs leave first; sysctls, timeouts and sync daemons go back to what they were before \
      the first apply. What others added stays, and so do loaded modules. A change that an apply --confirm-within was \
      killed over, unconfirmed, goes with the rest.

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
    // It sets none of the file's sysctls.
    let file = try source.load(output.color, anySysctl: true)
    let lock = try MachineLock.acquire(waiting: lockOption.lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    let unconfirmed = try UnconfirmedRecord.kept()
    let session = try session(file, .forChange())
    let target = session.target
    let remembered = session.memory.stored
    let part = remembered?.part(of: target)

    let observed = try session.observe().state
    let plan = Planner.teardown(target, observed: observed, memory: part ?? MachineMemory())
    let report = session.report(plan, open: try session.openConnections(cutBy: plan), waits: graceful != nil)
    if format.format == .text {
      if plan.isEmpty {
        Terminal.tell("Nothing to take away from \(session.node.name).\n")
      } else {
        Terminal.print { report.writeText(output.style, to: &$0) }
      }
    }
    tellForgotten(target, observed, part)
    tellWithheld(plan, target, observed)
    var done: [Change] = []
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      let draft = MemoryDraft(session.memory)
      let run = ChangeRun(
        session: session, observed: observed, signals: HeldSignals(), remember: draft.keepTransient
      ) { observed throws(Failure) in
        Planner.teardown(target, observed: observed.state, memory: part ?? MachineMemory())
      }
      do {
        if let graceful {
          done = try run.carryOut(plan.staged(observed: observed), graceful: graceful, keepsPartial: false)
        } else {
          done = try run.carryOut(plan.changes, keepsPartial: false)
        }
      } catch let ended as ChangeRun.Ended {
        throw ended.failure
      }
    }
    if let remembered {
      try session.memory.keep(remembered.left(of: target, observed, done), "All that was to go has been taken away.")
    }
    if let unconfirmed {
      UnconfirmedRecord.remove(unconfirmed.file)
      Terminal.report(
        """
        The change that apply --confirm-within began at \(utcText(unconfirmed.heading.since)) and nobody confirmed went \
        with the rest; it cannot be taken back any more.
        """)
    }
    if format.format == .json { Terminal.print(json: report.json) }
  }

  /// The node of the file that this machine is, or where the file does not name it any more, what it is remembered to be.
  private func session(_ file: ClusterFile, _ memory: Memory) throws(Failure) -> NodeSession {
    let session: NodeSession
    var isNamed = true
    do {
      session = try NodeSession(file, nodeOptions, memory)
    } catch let stranger as NodeMismatch where stranger.isStranger {
      guard let remembered = memory.stored else {
        throw Failure(
          .invalidFile,
          "\(stranger.message)\nNor does lvsctl remember an apply on this machine, so there is nothing to take away.")
      }
      if let name = nodeOptions.node, name != remembered.node { throw Failure(.invalidFile, stranger.message) }
      session = NodeSession(file, remembering: memory, remembered)
      isNamed = false
    } catch {
      throw Failure(describing: error)
    }
    if let note = memory.stored?.teardownNote(of: file.name, namesNode: isNamed) { Terminal.report(note) }
    return session
  }

  /// Says what stays because nobody knows what it was.
  private func tellForgotten(_ target: Target, _ observed: HostState, _ part: MachineMemory?) {
    let raised = target.state.links.keys.filter { part == nil && observed.links[$0]?.isUp == true }
    if !raised.isEmpty {
      Terminal.report(
        """
        Whether these devices were up before the first apply is not remembered, so they are left up: \
        \(raised.sorted().joined(separator: ", ")).
        """)
    }
    let forgotten = target.state.sysctls.keys.filter { part?.sysctls[$0] == nil && observed.sysctls[$0] != nil }
    if !forgotten.isEmpty {
      Terminal.report(
        """
        What these sysctls were before the first apply is not remembered, so they are left as they are: \
        \(forgotten.sorted().joined(separator: ", ")).
        """)
    }
  }

  /// Says which sysctls keep this machine mute to ARP, and for which VIPs.
  private func tellWithheld(_ plan: Plan, _ target: Target, _ observed: HostState) {
    guard !plan.withheld.isEmpty else { return }
    let vips = target.scope.vips.union(target.scope.formerVIPs)
    let staying = observed.addresses.keys.filter { id in
      vips.contains(id.address) && id.address.family == .ipv4
        && !plan.changes.contains { if case .address(id, _) = $0 { true } else { false } }
    }
    Terminal.report(
      """
      A VIP stays on this machine that lvsctl did not add: \(staying.sorted().map(\.description).joined(separator: ", ")). \
      It would answer ARP for it, so these sysctls are left as they are: \(plan.withheld.joined(separator: ", ")). Remove \
      the address (ip addr del), and run lvsctl teardown again.
      """)
  }
}

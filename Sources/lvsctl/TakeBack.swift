import ArgumentParser
import CProcess
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

/// `apply --take-back`: takes back what nobody confirmed, where the apply that would have done so was killed.
struct TakeBack {
  let format: ReportFormat
  let style: Style
  let isVerbose: Bool
  /// Whether VIPs are taken without asking the network first.
  let takesOver: Bool
  let lockTimeout: Double

  func run() throws {
    let lock = try MachineLock.acquire(waiting: lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    let (file, change) = try kept()
    let memory = try Memory.forChange()
    let kernel = KernelConnection()
    let observed = try observe(kernel, change)
    var reversal = Reversal(change, now: observed.state)
    reversal.announceComing { name in
      observed.surroundings.links?.first { $0.name == name }.map { !$0.isLoopback && $0.answersARP } ?? false
    }
    let plan = Plan(changes: Undo.changes(for: reversal.done, before: reversal.goal))
    let heading = change.heading
    let report = NodePlan(cluster: heading.cluster, node: heading.node, role: heading.role, plan: plan)
    if format == .text && !plan.isEmpty {
      Terminal.print { report.writeText(style, isVerbose: isVerbose, to: &$0) }
    }
    tellLeft(reversal)
    try Privileges.check(for: plan)
    if !takesOver { try HeldVIPs.askBeforeTaking(plan, kernel) }
    try takeBack(reversal, kernel, change)
    try memory.keep(change.formerMemory, "All of the change was taken back.")
    UnconfirmedRecord.remove(file)
    switch format {
    case .json: Terminal.print(json: report.json)
    case .text where plan.isEmpty: Terminal.tell("Nothing of the change was left to be taken back.\n")
    case .text:
      Terminal.tell(
        """
        Taken back: of the change that began at \(utcText(heading.since)) this machine holds nothing any more, read back \
        from the kernel.\n
        """)
    }
  }

  private func kept() throws(Failure) -> (UnconfirmedChangeFile, UnconfirmedChange) {
    do throws(SystemError) {
      let file = try UnconfirmedRecord.file()
      if let change = try file.change() { return (file, change) }
    } catch {
      throw UnconfirmedRecord.unreadable(error)
    }
    throw Failure(.negative, "There is no unconfirmed change on this machine, in this network namespace.")
  }

  private func observe(_ kernel: KernelConnection, _ change: UnconfirmedChange) throws(Failure) -> Observed {
    var query = ObservationQuery(change)
    query.surroundings.readsLinks = true
    do {
      return try kernel.observe(query)
    } catch {
      throw Failure(describing: error)
    }
  }

  /// Says what is not taken back, since it is not what the change made of it.
  private func tellLeft(_ reversal: Reversal) {
    if !reversal.foreign.isEmpty {
      Terminal.report(
        """
        Others have changed these since, so they are left as they are: \
        \(reversal.foreign.prefix(20).joined(separator: ", "))\(more(reversal.foreign)).
        """)
    }
    if !reversal.withheld.isEmpty {
      Terminal.report(
        """
        Only sysctls below net. are set from what is remembered; set these back by hand where that is wanted: \
        \(reversal.withheld.prefix(20).joined(separator: ", "))\(more(reversal.withheld)).
        """)
    }
  }

  private func more(_ list: [String]) -> Message { list.count > 20 ? ", and \(list.count - 20) more" : "" }

  private func takeBack(_ reversal: Reversal, _ kernel: KernelConnection, _ change: UnconfirmedChange) throws {
    let progress = StepProgress()
    // An end in the middle would leave what is neither the one nor the other.
    let signals = HeldSignals()
    defer { withExtendedLifetime(signals) {} }
    let applier = Applier(
      sink: KernelSink(kernel, report: progress.show), observe: { try observe(kernel, change).state },
      replan: { _ in Plan() })
    lvsctl_last_words_changing(1)
    let takenBack = applier.takeBack(reversal.done, before: reversal.goal)
    lvsctl_last_words_changing(0)
    progress.clear()
    guard let takenBack, !takenBack.isWhole else { return }
    throw Failure(
      .refused, (ApplyReport.lines(takenBack) + [UnconfirmedRecord.remaining]).joined(separator: "\n"))
  }
}

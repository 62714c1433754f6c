import CProcess
import Glibc
import LVSChecks
import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

/// lvsctld itself: one thread that waits for answers, for news of the network, for signals and for the time, and keeps the
/// node between two waits.
final class Daemon {
  /// What it is told on its command line.
  struct Options {
    /// Seconds between two looks at what the kernel does not tell of.
    var interval = 5.0
    /// Seconds between two announcements of held VIPs; 0 for none.
    var announceInterval = 60.0
    /// Where metrics go, or nil for nowhere.
    var metricsPath: String?
    /// Which node of the file this machine is.
    var node = NodeRequest()
  }

  private let configuration: Configuration
  private let options: Options
  private let log = Log.shared
  private static let manager = ServiceManager()
  private let lock: KeeperLock
  private let signals: SignalPipe
  private let news: NetworkNews
  private let checker: Checker
  private let keeper: Keeper
  private let metrics: MetricsFile?
  private var book: CheckBook
  private var saved: SavedVerdicts
  private var schedule: Schedule
  private var account: KeepingAccount
  /// Names of real servers by address, of the file whose questions are asked.
  private var names: [IPAddress: String] = [:]
  /// Whether the file is to be read again once another lvsctl has let go of the lock.
  private var wantsReload = false

  /// How many real servers are asked at a time, where the limit of open files lets it: more than hang in a bad hour.
  private static let mostInFlight = 2048

  /// Reads the file, and finds out whether this machine can be kept at all.
  init(_ configuration: Configuration, _ options: Options) throws(NodeFailure) {
    self.configuration = configuration
    self.options = options
    let file = try configuration.load()
    lock = try KeeperLock()
    do {
      signals = try SignalPipe([SIGTERM, SIGINT, SIGHUP])
      news = try NetworkNews()
      // Beside those of checks there are the netlink sockets, files, and what the process was started with.
      let others = 64
      let files = OpenFileLimit.raise(to: Checker.descriptors(atLimit: Self.mostInFlight) + others)
      checker = try Checker(
        limit: min(Self.mostInFlight, max(16, (files - others) / 2 - 16)), seed: UInt64.random(in: .min ... .max))
      metrics = try options.metricsPath.map { try MetricsFile($0) }
    } catch {
      throw NodeFailure(describing: error)
    }
    keeper = Keeper(file, options.node, interval: options.interval, changedFile: configuration.changed)
    saved = try SavedVerdicts()
    book = CheckBook(verdicts: saved.verdicts)
    schedule = Schedule(interval: options.interval, announceInterval: options.announceInterval)
    account = KeepingAccount(cluster: file.name)
  }

  /// Runs until it is asked to end; throws where the file cannot be applied at the start, and never will be by itself.
  func run() throws(NodeFailure) {
    do {
      try round(.file)
    } catch {
      guard error.isPassing else { throw error }
      failed(error)
    }
    Self.manager.tell(.ready)
    while true {
      keepInTime()
      let wakening = checker.wait(
        for: [signals.descriptor, news.descriptor],
        until: Deadline(
          at: schedule.next(
            watches: Self.manager.watchdogSeconds != nil, hasMetrics: metrics != nil,
            hasUnsaved: saved.isOutdated(by: book))))
      take(wakening)
      if wakening.readable.contains(news.descriptor), news.take() { schedule.noteNews() }
      var received: [Int32] = []
      while let signal = signals.next() { received.append(signal) }
      if let signal = received.first(where: { $0 != SIGHUP }) { return end(signal) }
      if !received.isEmpty { reload() }
    }
  }

  private func end(_ signal: Int32) {
    Self.manager.tell(.stopping)
    if saved.isOutdated(by: book) { save() }
    log.write(.notice, "Ended by \(signal == SIGINT ? "SIGINT" : "SIGTERM"). IPVS and the VIPs stay as they are.")
  }

  // MARK: Rounds

  /// Does whatever has its time now.
  private func keepInTime() {
    schedule.begin()
    if schedule.isSaveDue, saved.isOutdated(by: book) { save() }
    if let look = schedule.dueLook(contest: keeper.nextContest) {
      if wantsReload {
        reload()
      } else {
        do throws(NodeFailure) {
          try round(look)
        } catch {
          failed(error)
        }
      }
    }
    if schedule.isAnnouncementDue { announce() }
    if let seconds = Self.manager.watchdogSeconds, schedule.isWatchdogDue(every: seconds) {
      Self.manager.tell(.watchdog)
    }
    tellStatus()
    if let metrics, schedule.areMetricsDue {
      do throws(SystemError) {
        account.note(lateness: checker.takeLongestLateness())
        try metrics.write(account, book, names: names)
        log.end("metrics", "The metrics are written again.")
      } catch {
        log.write(.warning, of: "metrics", "The metrics cannot be written: \(error).")
      }
      schedule.noteMetrics()
    }
  }

  /// One round of the keeper, with what is to be said of it.
  private func round(_ look: Keeper.Look) throws(NodeFailure) {
    schedule.begin(look)
    let began = Monotonic.now
    let round = try keeper.keep(look, book.verdicts, Self.events)
    let seconds = Monotonic.now - began
    if let failure = round.failure {
      failed(failure, lookSeconds: round.lookSeconds)
    } else {
      // A round that did nothing was a look, with all that it takes to forget what was seen.
      schedule.end(look, lookSeconds: round.done.isEmpty ? seconds : round.lookSeconds)
    }
    let words: Message = "\(round.node.name) (\(round.node.roleWord)) of \(keeper.file.name)"
    if account.node != round.node { log.write(.notice, "This node is \(words).") }
    if round.takesOver {
      configuration.noteTaken()
      account.noteConfiguration(isValid: true, cluster: keeper.file.name)
      log.write(
        .notice,
        "\(configuration.path) has changed, and somebody has brought this node to what it says: it is in force now.")
    }
    if account.node != round.node || look == .file || round.takesOver { ask(round.node) }
    account.note(round, seconds: seconds)
    if round.failure == nil { log.end("round", "\(words) is as it should be again.") }
    // A first apply may have a hundred thousand steps.
    let shown = 200
    let mends = Set(round.mends)
    for change in round.done.prefix(shown) {
      log.write(
        mends.contains(change) ? .warning : .notice,
        "\(mends.contains(change) ? "Mended" : "Done"): \(change.story(names))")
    }
    if round.done.count > shown { log.write(.notice, "And \(round.done.count - shown) steps more.") }
    for contest in round.contests {
      log.write(
        .error,
        """
        Another program keeps changing the \(contest.subject.title): it was set back \(contest.mends) times in a row. It is \
        left alone for \(Int(contest.pause.rounded(.up))) s now. Find that program (keepalived, ldirectord, a script), or \
        write `held_by: external` or `ignore` for what is its own.
        """)
    }
  }

  /// A round that did not come to its end is tried again. The first one may never have: real servers are asked all the same.
  private func failed(_ failure: NodeFailure, lookSeconds: Double = 0) {
    let isLocked = failure.kind == .locked
    schedule.retry(isLocked: isLocked, lookSeconds: lookSeconds)
    if !isLocked { account.noteFailure() }
    log.write(isLocked ? .notice : .error, of: "round", isLocked ? Self.waiting(failure) : failure.message)
    if account.node == nil, book.checks.questions.isEmpty, let node = keeper.foundNode { ask(node) }
  }

  private static func waiting(_ failure: NodeFailure) -> Message {
    "\(failure.message) lvsctld waits for it; until then nothing is mended, and no weight follows."
  }

  /// Asks what the file in force asks on a node.
  private func ask(_ node: Node) {
    names = keeper.file.serverNames
    book.follow(keeper.file, node)
    checker.ask(book.checks.questions.mapValues(\.interval))
  }

  private func announce() {
    schedule.noteAnnouncement()
    do throws(NodeFailure) {
      try keeper.announce(book.verdicts, Self.events)
      log.forget("announcement")
    } catch {
      log.write(.warning, of: "announcement", "The VIPs cannot be announced: \(error.message)")
    }
  }

  // MARK: Answers

  private func take(_ wakening: Wakening) {
    let now = time(nil)
    var changesWeights = false
    for result in wakening.results {
      for transition in book.note(result.question, result.outcome, seconds: result.seconds, at: now) {
        tell(transition)
        if (transition.former == .down) != (transition.verdict.state == .down) { changesWeights = true }
      }
    }
    for trouble in wakening.troubles {
      log.write(
        .error, of: "trouble \(trouble)",
        "A check cannot be made, which says nothing about its real server: \(trouble).")
    }
    guard changesWeights else { return }
    // What every other command sees is there before the weights follow.
    save()
    schedule.want(.everything)
  }

  private func tell(_ transition: CheckBook.Transition) {
    let question = transition.rule.question
    let name = names[question.address].map { " (\($0))" } ?? ""
    switch transition.verdict.state {
    case .down:
      log.write(
        .warning,
        """
        Down: \(question.description)\(name): \(transition.verdict.reason ?? "no reason"), \
        \(counted(transition.rule.fall, "time")) in a row.
        """)
    case .up where transition.former == .down:
      log.write(
        .notice, "Up again: \(question.description)\(name), \(transition.rule.rise) passed in a row.")
    case .up, .unknown: break
    }
  }

  private func save() {
    let began = Monotonic.now
    do throws(NodeFailure) {
      try saved.write(book)
      log.end("saving", "The verdicts are kept again.")
    } catch {
      log.write(.error, of: "saving", error.message)
    }
    schedule.noteSave(seconds: Monotonic.now - began)
  }

  // MARK: The file

  /// Reads the file again. A faulty one, or one that this machine cannot be brought to, changes nothing.
  private func reload() {
    wantsReload = false
    Self.manager.tell(.reloading)
    defer {
      Self.manager.tell(.ready)
      schedule.wantMetrics()
    }
    log.forgetOld()
    let former = keeper.file
    do throws(NodeFailure) {
      let file = try configuration.load()
      keeper.follow(file)
      try round(.file)
      account.noteConfiguration(isValid: true, cluster: file.name)
      log.write(.notice, "\(configuration.path) has been read again.")
    } catch {
      keeper.follow(former)
      if error.kind == .locked {
        wantsReload = true
        return failed(error)
      }
      schedule.want(.everything)
      account.noteConfiguration(isValid: false, cluster: former.name)
      log.write(.error, "\(error.message)\n\(configuration.path) is not taken; this node stays what it was.")
    }
  }

  // MARK: Words

  private func tellStatus() {
    guard let words = account.statusChange(book), Self.manager.tell(.status(words)) else { return }
    account.noteTold(words)
  }

  private static var events: NodeEvents {
    NodeEvents(tell: tell)
  }

  private static func tell(_ event: NodeEvent) {
    switch event {
    case .note(let message): Log.shared.write(.warning, of: message.text, message)
    case .finding(let finding): tell(finding)
    case .planned(let report): for finding in report.findings { tell(finding) }
    case .beginsChanging: lvsctl_last_words_changing(1)
    case .endsChanging: lvsctl_last_words_changing(0)
    // A large plan may take longer than the manager waits for a word.
    case .stepsDone where manager.watchdogSeconds != nil: manager.tell(.watchdog)
    default: break
    }
  }

  private static func tell(_ finding: Finding) {
    let level: LogLevel =
      switch finding.severity {
      case .error: .error
      case .warning: .warning
      case .note: .notice
      }
    Log.shared.write(level, of: finding.message.text, finding.message)
  }
}

extension NodeFailure {
  /// Whether it may pass by itself, so that it is worth to try again.
  fileprivate var isPassing: Bool { kind == .refused || kind == .locked }
}

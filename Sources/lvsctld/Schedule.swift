import LVSNode
import LVSSystem

/// What has its time when, on the clock of ``Monotonic``.
struct Schedule {
  private let interval: Double
  private let announceInterval: Double

  /// The time of this turn of the loop, read once.
  private var now = Monotonic.now
  private var due: Keeper.Look? = .file
  private var nextLook = 0.0
  private var nextNetworkLook = 0.0
  private var hasNews = false
  private var retryTime = 0.0
  private var pause = 0.0
  private var nextAnnouncement: Double
  private var nextMetrics = 0.0
  private var nextWatchdog = 0.0
  private var nextSave = 0.0
  private var contestTime: Double?

  /// Of the time, less than a tenth goes into looking, however large the table is: after a look so many times as long as it
  /// took passes without one.
  private static let rest = 11.0
  /// The longest such time, in seconds: a look during which the machine slept says nothing about the next one.
  private static let longestRest = 60.0
  /// Seconds between two looks at the network alone; what comes in one of them is one piece of news.
  private static let newsInterval = 0.1
  /// Seconds until a round that failed is tried again at the latest once there is news.
  private static let newsRetry = 1.0
  /// Seconds between two tries while another lvsctl holds the lock: the first, and the most.
  private static let lockPause = 0.25
  private static let longestLockPause = 2.0
  /// Seconds that a round which failed is put off at most.
  private static let longestPause = 60.0
  /// Seconds between two writes of verdicts that change no weight, at least, and how many times as long as the last one took.
  private static let writingInterval = 1.0
  private static let savingRest = 50.0
  /// Seconds between two writes of the metrics.
  private static let metricsInterval = 5.0

  init(interval: Double, announceInterval: Double) {
    self.interval = interval
    self.announceInterval = announceInterval
    nextAnnouncement = Monotonic.now + announceInterval
  }

  /// A new turn of the loop begins.
  mutating func begin() { now = Monotonic.now }

  // MARK: Looks

  /// Wants a look as soon as can be.
  mutating func want(_ look: Keeper.Look) {
    due = max(due ?? look, look)
    retryTime = 0
  }

  /// The kernel has told of a change in the network; what stood in the way of a round may have gone by it.
  mutating func noteNews() {
    hasNews = true
    retryTime = min(retryTime, Monotonic.now + Self.newsRetry)
  }

  /// The look that has its time now; `contest` is when something may be mended that is left alone until then.
  mutating func dueLook(contest: Double?) -> Keeper.Look? {
    if hasNews, now >= nextNetworkLook {
      hasNews = false
      due = max(due ?? .network, .network)
    }
    if now >= nextLook || contestTime.map({ now >= $0 }) == true { due = max(due ?? .everything, .everything) }
    contestTime = contest
    return now >= retryTime ? due : nil
  }

  mutating func begin(_ look: Keeper.Look) { due = look }

  /// A round came to its end, whose look took so many seconds.
  mutating func end(_ look: Keeper.Look, lookSeconds: Double) {
    let now = Monotonic.now
    due = nil
    pause = 0
    retryTime = 0
    noteLook(look, lookSeconds, at: now)
  }

  /// A round did not come to its end: it is tried again, and looks at everything then, or at the file where no round with
  /// it was tried because another lvsctl held the lock.
  mutating func retry(isLocked: Bool, lookSeconds: Double) {
    let now = Monotonic.now
    let longest = isLocked ? Self.longestLockPause : Self.longestPause
    pause = min(max(isLocked ? Self.lockPause : 1, pause * 2), longest)
    retryTime = now + pause
    due = isLocked ? due : .everything
    noteLook(due ?? .everything, lookSeconds, at: now)
  }

  private mutating func noteLook(_ look: Keeper.Look, _ seconds: Double, at now: Double) {
    let rest = min(Self.rest * seconds, Self.longestRest)
    nextNetworkLook = now + (look == .network ? max(Self.newsInterval, rest) : Self.newsInterval)
    if look > .network { nextLook = now + max(interval, rest) }
  }

  // MARK: The rest

  var isSaveDue: Bool { now >= nextSave }
  /// Verdicts were written, which took so many seconds; those that change no weight wait for their turn.
  mutating func noteSave(seconds: Double) {
    nextSave = Monotonic.now + min(max(Self.writingInterval, Self.savingRest * seconds), Self.longestRest)
  }

  var isAnnouncementDue: Bool { announceInterval > 0 && now >= nextAnnouncement }
  mutating func noteAnnouncement() { nextAnnouncement = Monotonic.now + announceInterval }

  var areMetricsDue: Bool { now >= nextMetrics }
  mutating func noteMetrics() { nextMetrics = Monotonic.now + Self.metricsInterval }
  mutating func wantMetrics() { nextMetrics = 0 }

  /// Whether a service manager that wants a word every so many seconds is to be told one now: at half of that.
  mutating func isWatchdogDue(every seconds: Double) -> Bool {
    guard now >= nextWatchdog else { return false }
    nextWatchdog = now + seconds / 2
    return true
  }

  /// When the first of all this has its time.
  func next(watches: Bool, hasMetrics: Bool, hasUnsaved: Bool) -> Double {
    var next = due == nil ? nextLook : retryTime
    if hasNews { next = min(next, max(nextNetworkLook, retryTime)) }
    if let contestTime { next = min(next, contestTime) }
    if announceInterval > 0 { next = min(next, nextAnnouncement) }
    if watches { next = min(next, nextWatchdog) }
    if hasMetrics { next = min(next, nextMetrics) }
    if hasUnsaved { next = min(next, nextSave) }
    return next
  }
}

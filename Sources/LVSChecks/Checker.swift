import LVSModel
import LVSSystem

/// Asks real servers, again and again, whether they are up.
///
/// One thread: questions are asked, and answers are heard, while ``wait(for:until:)`` waits. A question is asked at its
/// beats, by default every few seconds, with a small wobble; at most so many are asked at a time, and those that wait for
/// their turn come in the order in which they were due.
public final class Checker {
  /// How many questions are asked at a time where nothing else is said.
  public static let standardLimit = 256

  private let limit: Int
  private let flights: Flights
  private var jitter: Jitter
  private var enquiries: [CheckQuestion: Enquiry] = [:]
  private var due = DueQueue()
  private var latest = 0.0

  /// A checker that asks nothing yet. `limit` is how many questions are asked at a time, at least 1; `seed` is that of the
  /// jitter.
  ///
  /// SIGPIPE is ignored from now on. SIGCHLD must not be: a program's end could not be learned.
  public init(limit: Int = standardLimit, seed: UInt64) throws(SystemError) {
    self.limit = max(1, limit)
    jitter = Jitter(seed: seed)
    OwnSignals.ignoreBrokenPipes()
    flights = try Flights()
  }

  deinit { ask([:]) }

  /// How many descriptors a checker of that limit may have open at a time, to be given to `OpenFileLimit`.
  public static func descriptors(atLimit limit: Int = standardLimit) -> Int {
    // One for each question. A program has one more until it has ended, after its question has.
    limit * 2 + 16
  }

  /// How many questions there are.
  public var count: Int { enquiries.count }

  /// How many are being asked.
  public var inFlight: Int { flights.count }

  /// By how many seconds a question was, or still is, late at most since this was called last.
  public func takeLongestLateness() -> Double {
    defer { latest = 0 }
    return max(latest, due.first.map { Monotonic.now - $0.time } ?? 0)
  }

  /// What is asked from now on, and every how many seconds.
  ///
  /// A question that was asked before keeps its rhythm, and new ones are spread over their interval. One that is not asked
  /// any more is given up: its connection is closed, its program killed, and no result comes of it.
  public func ask(_ questions: [CheckQuestion: Int]) {
    let now = Monotonic.now
    for (question, enquiry) in enquiries where questions[question] == nil {
      if enquiry.flight == nil { due.remove(enquiry) } else { flights.giveUp(enquiry) }
      enquiries[question] = nil
    }
    var added: [Enquiry] = []
    for (question, interval) in questions {
      if let enquiry = enquiries[question] {
        if enquiry.rhythm.interval != Double(max(1, interval)) { change(enquiry, to: interval, at: now) }
      } else {
        added.append(Enquiry(question, Rhythm(every: interval, from: now)))
      }
    }
    enquiries.reserveCapacity(questions.count)
    for (index, enquiry) in added.enumerated() {
      // Each somewhere in a share of its own: no two come together by chance.
      let share = (Double(index) + jitter.next()) / Double(added.count)
      let interval = enquiry.rhythm.interval
      enquiry.rhythm = Rhythm(every: Int(interval), from: now + share * interval)
      enquiry.time = enquiry.rhythm.beat
      due.insert(enquiry)
      enquiries[enquiry.question] = enquiry
    }
  }

  /// Waits until one of these descriptors can be read, an answer is there, or the time is over, and asks meanwhile.
  ///
  /// What has come is told even where no time is left. While nobody waits no question's time goes on.
  public func wait(for descriptors: [Int32], until deadline: Deadline) -> Wakening {
    flights.clock.arrive(at: Monotonic.now)
    defer { flights.clock.leave(at: Monotonic.now) }
    var wakening = Wakening()
    while true {
      let now = Monotonic.now
      askWhatIsDue(at: now)
      flights.act(at: now)
      take(into: &wakening)
      let isOver = deadline.time <= now
      let time = isOver || !wakening.isEmpty ? now : min(deadline.time, nextTime ?? deadline.time)
      wakening.readable = flights.wait(beside: descriptors, until: time)
      take(into: &wakening)
      if isOver || !wakening.isEmpty { return wakening }
    }
  }

  /// When something is to be done even if nothing comes; nil for never.
  private var nextTime: Double? {
    let turn = flights.count < limit ? due.first?.time : nil
    guard let turn else { return flights.time }
    return min(turn, flights.time ?? turn)
  }

  private func askWhatIsDue(at now: Double) {
    while flights.count < limit, let enquiry = due.first, enquiry.time <= now {
      due.remove(enquiry)
      latest = max(latest, now - enquiry.time)
      flights.begin(enquiry, at: now)
    }
  }

  /// Takes what has come of questions, and lets each wait for its next beat.
  private func take(into wakening: inout Wakening) {
    guard !flights.ended.isEmpty else { return }
    let now = Monotonic.now
    for (enquiry, ending) in flights.takeEnded() {
      switch ending {
      case .outcome(let outcome):
        let seconds = flights.clock.time(at: now) - enquiry.begin
        wakening.results.append(CheckResult(enquiry.question, outcome, seconds: seconds))
      case .trouble(let trouble): wakening.note(trouble)
      }
      enquiry.rhythm.advance(past: now)
      enquiry.time = enquiry.rhythm.due(jitter.next())
      due.insert(enquiry)
    }
  }

  private func change(_ enquiry: Enquiry, to interval: Int, at now: Double) {
    enquiry.rhythm = enquiry.rhythm.changed(to: interval, at: now, jitter.next())
    guard enquiry.flight == nil else { return }
    due.remove(enquiry)
    enquiry.time = enquiry.rhythm.beat
    due.insert(enquiry)
  }
}

import Glibc
import LVSModel
import LVSSystem

/// The questions that are being asked, and the one wait for all their answers.
final class Flights {
  /// What has ended and was not taken yet.
  private(set) var ended: [(enquiry: Enquiry, ending: Ending)] = []
  /// How many questions are being asked.
  private(set) var count = 0

  /// The clock on which answers are waited for.
  var clock = AttentiveClock()

  private let readiness: Readiness
  private let transfers: Transfers
  private let buffers = DatagramBuffers(count: 1, size: DatagramExchange.longest)
  private var deadlines = DueQueue()
  private var exchanges: [Int32: Enquiry] = [:]
  /// Programs by the descriptor of their end, and those that have none.
  private var programs: [Int32: ProgramRun] = [:]
  private var unwatched: [ProgramRun] = []

  /// Programs without a descriptor are looked at this often, in seconds.
  private static let look = 0.05

  init() throws(SystemError) {
    readiness = try Readiness()
    transfers = try Transfers(readiness)
  }

  deinit {
    let runs = Array(programs.values) + unwatched
    for run in runs { run.kill() }
    for run in runs { run.waitForEnd() }
  }

  /// Takes what has ended.
  func takeEnded() -> [(enquiry: Enquiry, ending: Ending)] {
    defer { ended = [] }
    return ended
  }

  /// Begins to ask a question.
  func begin(_ enquiry: Enquiry, at now: Double) {
    count += 1
    enquiry.begin = clock.time(at: now)
    enquiry.time = enquiry.begin + Double(enquiry.question.timeout)
    deadlines.insert(enquiry)
    do throws(Trouble) {
      switch enquiry.question.means {
      case .tcp, .http: enquiry.flight = .transfer(try transfers.begin(enquiry))
      case .udp(let check): send(check, for: enquiry)
      case .exec(let words): try start(words, for: enquiry)
      }
    } catch {
      end(enquiry, .trouble(error))
    }
  }

  /// Gives a question up; nothing comes of it.
  func giveUp(_ enquiry: Enquiry) {
    if enquiry.flight != nil { leave(enquiry) }
  }

  /// When something is to be done even if no answer has come, on the clock of `Monotonic`; nil for never.
  var time: Double? {
    let deadline = deadlines.first.map { $0.time + clock.absence }
    let look = unwatched.isEmpty ? nil : Monotonic.now + Self.look
    return [deadline, transfers.time, look].compactMap(\.self).min()
  }

  /// Goes on with what waits for a time, and ends what has waited too long.
  func act(at now: Double) {
    transfers.act(at: now)
    collect()
    while let enquiry = deadlines.first, enquiry.time <= clock.time(at: now) { expire(enquiry) }
    for run in unwatched { look(at: run) }
  }

  /// Waits until an answer, or one of the caller's descriptors, can be read, or until a time; gives those of the caller's.
  func wait(beside descriptors: [Int32], until time: Double) -> [Int32] {
    let now = Monotonic.now
    let (readable, isReady) = readiness.wait(beside: descriptors, seconds: max(0, time - now))
    clock.wake(at: Monotonic.now, planned: max(now, time))
    if isReady {
      readiness.forEachReady { descriptor, interest in
        if let enquiry = exchanges[descriptor] {
          receive(enquiry)
        } else if let run = programs[descriptor] {
          look(at: run)
        } else {
          transfers.act(on: descriptor, interest)
        }
      }
      collect()
    }
    return readable
  }

  private func send(_ check: UDPCheck, for enquiry: Enquiry) {
    let (exchange, ending) = DatagramExchange.begin(check, enquiry.question)
    if let exchange {
      enquiry.flight = .datagram(exchange)
      exchanges[exchange.descriptor] = enquiry
      let refusal = readiness.watch(exchange.descriptor, for: .reading)
      if refusal != 0 { end(enquiry, .trouble(Trouble(errno: refusal, subject: "epoll"))) }
    } else if let ending {
      end(enquiry, ending)
    }
  }

  private func start(_ words: [String], for enquiry: Enquiry) throws(Trouble) {
    if enquiry.lingering != nil {
      end(enquiry, .outcome(.failed("exec of the last time has not ended")))
      return
    }
    let run = try ProgramRun(words, for: enquiry)
    enquiry.flight = .program(run)
    if run.descriptor >= 0, readiness.watch(run.descriptor, for: .reading) == 0 {
      programs[run.descriptor] = run
    } else {
      unwatched.append(run)
    }
  }

  private func receive(_ enquiry: Enquiry) {
    guard case .datagram(let exchange) = enquiry.flight, let ending = exchange.receive(buffers) else { return }
    end(enquiry, ending)
  }

  private func look(at run: ProgramRun) {
    guard let ending = run.ending() else { return }
    if run.descriptor >= 0 { programs[run.descriptor] = nil }
    unwatched.removeAll { $0 === run }
    guard let enquiry = run.enquiry else { return }
    if enquiry.lingering === run { enquiry.lingering = nil } else { end(enquiry, ending) }
  }

  /// Ends the transfers that libcurl has ended.
  private func collect() {
    while let (transfer, code) = transfers.nextEnded() {
      guard let enquiry = transfer.enquiry else { continue }
      end(enquiry, transfer.ending(code))
    }
  }

  private func expire(_ enquiry: Enquiry) {
    let seconds = enquiry.question.timeout
    switch enquiry.flight {
    case .transfer(let transfer): end(enquiry, transfer.timeout(seconds))
    case .datagram(let exchange): end(enquiry, exchange.timeout)
    default: end(enquiry, .outcome(.failed(Reason.timeout(seconds, awaiting: "exec"))))
    }
  }

  private func end(_ enquiry: Enquiry, _ ending: Ending) {
    leave(enquiry)
    ended.append((enquiry, ending))
  }

  /// Takes away what is under way for a question.
  private func leave(_ enquiry: Enquiry) {
    count -= 1
    deadlines.remove(enquiry)
    switch enquiry.flight {
    case .transfer(let transfer): transfers.end(transfer)
    case .datagram(let exchange):
      exchanges[exchange.descriptor] = nil
      exchange.end()
    case .program(let run): stop(run, enquiry)
    case nil: break
    }
    enquiry.flight = nil
  }

  /// Kills a program that has not ended; nobody waits here until it has.
  private func stop(_ run: ProgramRun, _ enquiry: Enquiry) {
    guard programs[run.descriptor] === run || unwatched.contains(where: { $0 === run }) else { return }
    run.kill()
    enquiry.lingering = run
  }
}

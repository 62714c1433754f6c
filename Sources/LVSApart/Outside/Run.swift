import CSystem
import Glibc
import LVSSystem
import LVSText

extension ApartJob {
  /// Runs the program to its end, and gives its exit status; 128 and the signal where SIGINT, SIGTERM or SIGHUP came to
  /// this process meanwhile.
  ///
  /// Whatever comes, nothing of it is left when this returns, and nothing soon after this process was killed. It is for a
  /// process that does nothing else and ends with that status: signals are handled here from now on, and SIGPIPE is ignored.
  public func run(on ground: Ground) throws(GroundFailure) -> Int32 {
    guard let path = program.first, path.hasPrefix("/"), let first = firstProcess.first, first.hasPrefix("/") else {
      throw GroundFailure(.refused, "What is run apart is named by its path, which begins with a slash.")
    }
    if access(first, R_OK | X_OK) != 0 {
      throw GroundFailure(SystemError(errno: errno, subject: first, details: "it has to be read to be run apart"))
    }
    let start = try StartCommand(self, on: ground)
    let run: Run
    do throws(SystemError) {
      run = try Run(self, start)
    } catch {
      throw GroundFailure(error)
    }
    return try run.carry()
  }
}

/// A job on its way, as this machine sees it.
private final class Run {
  private let ground: String
  private let limit: Deadline?
  private let startLimit: Deadline
  private let terminal: CallersTerminal?
  private let signals: SignalPipe
  /// Its closing tells the guard that this process has ended.
  private var leash: Int32
  private let guardian: RunningProgram
  private let keyLine: Int32
  private let reportLine: Int32
  private let console: Int32
  private let output: Flow
  private let errors: Flow

  private var reader = ReportReader()
  private var lastWords = LastWords()
  private var keys: [UInt8] = []
  private var hasBegun = false
  private var end: Report?
  /// The process group of what the guard guards, once that is known.
  private var guarded: Int32?
  /// What is still read from: what the other side has closed is not.
  private var open: Set<Int32>

  /// How long a kernel may take until it starts the program, in seconds: some tens of times as long as one takes.
  private static let longestStart = 120.0

  init(_ job: ApartJob, _ start: StartCommand) throws(SystemError) {
    ground = start.words[0]
    OwnSignals.ignoreBrokenPipes()
    let terminal = job.isInteractive ? CallersTerminal() : nil
    signals = try SignalPipe([SIGCHLD, SIGINT, SIGTERM, SIGHUP] + (terminal == nil ? [] : [SIGWINCH]))
    let assignment = try Self.memory(Assignment(job, terminal: terminal?.size).bytes)
    let pipes = try (0..<6).map { _ throws(SystemError) in try Pipe(subject: "a pipe") }
    let (leash, console, keys, output, errors, report) = (pipes[0], pipes[1], pipes[2], pipes[3], pipes[4], pipes[5])
    let theirs = [
      assignment, leash.reading, console.writing, keys.reading, output.writing, errors.writing, report.writing,
    ]
    defer { for descriptor in theirs { close(descriptor) } }
    Descendants.adopt(true)
    var program = Program(job.firstProcess[0])
    program.environment = start.environment
    program.leadsGroup = true
    program.hearsHeldSignals = true
    program.closesOthers = true
    program.passes = [assignment, keys.reading, output.writing, errors.writing, report.writing]
    guardian = try program.start(
      job.firstProcess.dropFirst() + start.words, input: .descriptor(leash.reading),
      output: .descriptor(console.writing), errors: .descriptor(console.writing))
    self.terminal = terminal
    self.leash = leash.writing
    self.console = console.reading
    keyLine = keys.writing
    reportLine = report.reading
    self.output = Flow(from: output.reading, to: STDOUT_FILENO)
    self.errors = Flow(from: errors.reading, to: STDERR_FILENO)
    open = [console.reading, report.reading]
    limit = job.limit.map { Deadline(after: $0) }
    startLimit = Deadline(after: Self.longestStart)
  }

  deinit {
    if leash >= 0 { close(leash) }
    for descriptor in [console, keyLine, reportLine, output.source, errors.source] { close(descriptor) }
  }

  /// A file in memory that holds some bytes.
  private static func memory(_ bytes: [UInt8]) throws(SystemError) -> Int32 {
    let file = csystem_memfd_create("lvsctl")
    guard file >= 0 else { throw SystemError(errno: errno, subject: "a file in memory") }
    let refusal = writeAll(bytes, to: file)
    if refusal != 0 {
      close(file)
      throw SystemError(errno: refusal, subject: "a file in memory")
    }
    lseek(file, 0, SEEK_SET)
    return file
  }

  /// Carries everything to and fro until the program has ended, or what runs it has.
  func carry() throws(GroundFailure) -> Int32 {
    defer {
      endAll()
      Descendants.adopt(false)
      terminal?.restore()
    }
    var isOver = false
    while true {
      if let status = try status(isOver: isOver) { return status }
      let ready = wait()
      if let number = heardSignal() { return 128 + number }
      try pass(ready)
      if output.refusal != 0 {
        throw GroundFailure(.lostOutput, "\(SystemError(errno: output.refusal, subject: "stdout")).")
      }
      if !isOver, guardian.hasEnded {
        // Whatever is left of it would keep the lines open, which end with the last of those who have them.
        endAll()
        isOver = true
      }
    }
  }

  // MARK: The end

  /// Ends what the guard guards, and the guard: by itself, or by force where somebody has killed it, or it does not come to
  /// that.
  private func endAll() {
    if leash < 0 { return }
    close(leash)
    leash = -1
    if (try? guardian.wait(until: Deadline(after: 10))) == 0 { return }
    guardian.send(SIGKILL)
    if let guarded { Descendants.endGroup(guarded) }
    Descendants.endGroup(guardian.id)
  }

  /// The exit status, once all that the program has written has been passed on; nil where there is more to come.
  private func status(isOver: Bool) throws(GroundFailure) -> Int32? {
    switch end {
    case .ended(let status, let output, let errors):
      let isWhole = self.output.taken >= output && self.errors.taken >= errors
      if isWhole && !self.output.wantsRoom && !self.errors.wantsRoom { return status }
    case .failed(let reason):
      throw GroundFailure(.refused, "The program could not be started apart: \(reason).")
    case .guarding, .begun, nil: break
    }
    if isOver && open.isEmpty && output.isDone && errors.isDone {
      let sentence: Message =
        end == nil ? "What runs the program apart ended before it did." : "Not all that the program wrote has arrived."
      throw GroundFailure(.broken, lastWords.message(sentence))
    }
    if !hasBegun && !isOver && startLimit.isOver {
      throw GroundFailure(
        .late, lastWords.message("The program was not started within \(Int(Self.longestStart)) seconds."))
    }
    if limit?.isOver == true {
      throw GroundFailure(.late, lastWords.message("The program had not ended in the time that it was given."))
    }
    return nil
  }

  /// The signal that asks for an end, where one has come.
  private func heardSignal() -> Int32? {
    while let number = signals.next() {
      switch number {
      case SIGCHLD: continue
      case SIGWINCH: if let terminal { keys += Keys.message(terminal.size) }
      default: return number
      }
    }
    return nil
  }

  // MARK: What comes and goes

  private func wait() -> (reading: Set<Int32>, writing: Set<Int32>) {
    let flows = [output, errors]
    var reading = flows.filter(\.wantsMore).map(\.source) + open + [signals.descriptor]
    if terminal != nil, hasBegun, !stdinHasEnded, keys.count < 4096 { reading.append(STDIN_FILENO) }
    var writing = flows.filter(\.wantsRoom).map(\.target)
    if !keys.isEmpty { writing.append(keyLine) }
    let deadlines = [limit, hasBegun ? nil : startLimit].compactMap(\.self)
    return Descriptors.wait(reading: reading, writing: writing, until: deadlines.min { $0.time < $1.time })
  }

  private var stdinHasEnded = false

  private func pass(_ ready: (reading: Set<Int32>, writing: Set<Int32>)) throws(GroundFailure) {
    for flow in [output, errors] {
      if ready.reading.contains(flow.source) { flow.take() }
      if ready.writing.contains(flow.target) { flow.give() }
    }
    if ready.reading.contains(console) { lastWords.take(next(console)) }
    if ready.reading.contains(reportLine) {
      for report in reader.take(next(reportLine)) {
        switch report {
        case .guarding(let group): guarded = group
        case .begun: begin()
        case .ended, .failed: end = report
        }
      }
    }
    if ready.reading.contains(STDIN_FILENO) { typed() }
    if ready.writing.contains(keyLine) {
      let (count, refusal) = writeSome(keys, to: keyLine)
      keys.removeFirst(refusal == 0 ? count : keys.count)
    }
  }

  private func begin() {
    hasBegun = true
    terminal?.makeRaw()
  }

  private func typed() {
    let bytes = (try? beginning(of: STDIN_FILENO, named: "", atMost: 1024)) ?? []
    stdinHasEnded = bytes.isEmpty
    // The end of a terminal's input is a key, too.
    keys += Keys.message(bytes.isEmpty ? [4] : bytes)
  }

  /// What has come, none at the end.
  private func next(_ descriptor: Int32) -> [UInt8] {
    let bytes = (try? beginning(of: descriptor, named: "", atMost: 16 << 10)) ?? []
    if bytes.isEmpty { open.remove(descriptor) }
    return bytes
  }
}

import Glibc
import LVSSystem

/// The program of a job, from its start to the last of its bytes; run by process 1.
struct Session {
  /// What this process was started with ends once whoever started it has; nil where there is nobody.
  let leash: Int32?
  let lines: Lines
  private let signals: SignalPipe

  init(_ lines: Lines, leash: Int32?) throws(SystemError) {
    self.lines = lines
    self.leash = leash
    signals = try SignalPipe([SIGCHLD])
  }

  /// Runs the program, and gives the report of its end.
  func run(_ assignment: Assignment) throws(SystemError) -> Report {
    var program = Program(assignment.program[0])
    program.environment = Self.environment(assignment.environment)
    program.closesOthers = true
    let words = Array(assignment.program.dropFirst())
    if let size = assignment.terminal { return try run(program, words, onTerminalOf: size) }
    let (output, errors) = (try Pipe(subject: "a pipe"), try Pipe(subject: "a pipe"))
    let running = try program.start(
      words, output: .descriptor(output.writing), errors: .descriptor(errors.writing))
    close(output.writing)
    close(errors.writing)
    return carry(
      running, output: Flow(from: output.reading, to: lines.output),
      errors: Flow(from: errors.reading, to: lines.errors))
  }

  private func run(
    _ program: Program, _ words: [String], onTerminalOf size: TerminalSize
  ) throws(SystemError) -> Report {
    var program = program
    var ends: (terminal: Int32, program: Int32) = (-1, -1)
    var path = [CChar](repeating: 0, count: 64)
    guard openpty(&ends.terminal, &ends.program, &path, nil, nil) == 0 else {
      throw SystemError(errno: errno, subject: "a terminal")
    }
    size.set(ends.terminal)
    program.terminal = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    let running = try program.start(words, input: .shared, output: .shared, errors: .shared)
    close(ends.program)
    return carry(running, output: Flow(from: ends.terminal, to: lines.output), errors: nil, keysTo: ends.terminal)
  }

  /// Carries what the program writes, and what is typed, until it has ended and all has been passed on.
  private func carry(
    _ running: RunningProgram, output: Flow, errors: Flow?, keysTo terminal: Int32? = nil
  ) -> Report {
    lines.tell(.begun)
    let flows = [output, errors].compactMap(\.self)
    var keyboard = Keyboard(lines.keys, terminal)
    var status: Int32?
    while true {
      if let status, flows.allSatisfy(\.isDone) {
        return .ended(status: status, output: output.taken, errors: errors?.taken ?? 0)
      }
      let ready = Descriptors.wait(
        reading: flows.filter(\.wantsMore).map(\.source) + keyboard.wantsMore + [signals.descriptor]
          + [leash].compactMap(\.self),
        writing: flows.filter(\.wantsRoom).map(\.target) + keyboard.wantsRoom, until: nil)
      if let leash, ready.reading.contains(leash) {
        Descendants.killAll()
        _exit(1)
      }
      while signals.next() != nil {}
      if let end = Descendants.reap().first(where: { $0.id == running.id })?.end {
        status = end.status
        // What it has left behind would hold its streams open.
        Descendants.killAll()
      }
      for flow in flows where ready.reading.contains(flow.source) { flow.take() }
      for flow in flows where ready.writing.contains(flow.target) { flow.give() }
      keyboard.pass(ready)
    }
  }

  /// What the program's environment is, by what its job says of it.
  private static func environment(_ given: [String]) -> [String] {
    var variables = [
      Place.path, "HOME=\(ApartJob.folder)",
    ].filter { variable in !given.contains { $0.hasPrefix(variable.prefix { $0 != "=" } + "=") } }
    let own = ["LVSCTL_STATE_DIR=\(ApartJob.stateFolder)", "TMPDIR=/tmp"]
    variables += given.filter { variable in !own.contains { variable.hasPrefix($0.prefix { $0 != "=" } + "=") } }
    return variables + own
  }
}

/// What is typed outside, on its way to the program's terminal.
private struct Keyboard {
  private let line: Int32
  private let terminal: Int32?
  private var arrived: [UInt8] = []
  private var typed: [UInt8] = []
  private var isAtEnd = false

  init(_ line: Int32, _ terminal: Int32?) {
    self.line = line
    self.terminal = terminal
  }

  /// What it reads from now.
  var wantsMore: [Int32] { terminal == nil || isAtEnd || typed.count > 4096 ? [] : [line] }
  /// What it writes to now.
  var wantsRoom: [Int32] { typed.isEmpty ? [] : [terminal].compactMap(\.self) }

  mutating func pass(_ ready: (reading: Set<Int32>, writing: Set<Int32>)) {
    guard let terminal else { return }
    if ready.reading.contains(line) {
      let bytes = try? beginning(of: line, named: "", atMost: 4096)
      isAtEnd = bytes?.isEmpty ?? true
      arrived += bytes ?? []
      while let arrival = Keys.take(&arrived) {
        switch arrival {
        case .keys(let bytes): typed += bytes
        case .size(let size): size.set(terminal)
        }
      }
    }
    if ready.writing.contains(terminal), !typed.isEmpty {
      let (count, refusal) = writeSome(typed, to: terminal)
      // Nobody reads keys once the program has gone.
      typed.removeFirst(refusal == 0 || refusal == EAGAIN ? count : typed.count)
    }
  }
}

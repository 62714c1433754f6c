import CSystem
import Glibc

/// A program, and what it finds around it when it is started.
///
/// ``start(_:input:output:errors:)`` starts it, and is the only place that does; ``run(_:reading:)`` waits for its end, and
/// ``CapturedRun`` talks with one that is not trusted.
public struct Program: Sendable {
  /// What one of a program's three streams is.
  public enum Stream: Sendable {
    /// /dev/null.
    case nothing
    /// The same as this process's.
    case shared
    /// An open file, pipe or socket of this process, which stays its own.
    case descriptor(Int32)
  }

  /// Where system programs live; never taken from the caller's PATH.
  private static let directories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

  /// Its path; a name without a slash is looked for along PATH.
  public var path: String
  /// Its environment, `NAME=VALUE` each; nil for this process's own.
  public var environment: [String]?
  /// Whether it begins a process group of its own, so that a signal can reach whatever it starts.
  public var leadsGroup = false
  /// Whether signals reach it that this process, or the thread that starts it, holds back.
  public var hearsHeldSignals = false
  /// Whether it gets its three streams and no other open file of this process, also none that lacks FD_CLOEXEC.
  public var closesOthers = false
  /// Open files of this process that it gets as its descriptors 3, 4 and so on.
  public var passes: [Int32] = []
  /// A terminal, by its path, that it leads a session on, and that its three streams are whatever they are said to be.
  public var terminal: String?

  /// A program of the system by its name, which gets next to no environment; nil where the machine has none.
  public init?(named name: String) {
    let paths = Self.directories.map { directory in "\(directory)/\(name)" }
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
    self.path = path
    environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
  }

  /// A program by its path, or by a name that is looked for along PATH when it is started; it gets our environment.
  public init(_ path: String) { self.path = path }

  /// Starts it with these arguments, and gives the process that runs it.
  public func start(
    _ arguments: [String], input: Stream = .nothing, output: Stream = .nothing, errors: Stream = .nothing
  ) throws(SystemError) -> RunningProgram {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let firstFree = STDERR_FILENO + 1 + Int32(passes.count)
    // Out of the way first: one of them may have the number that another is to get.
    let passed = passes.map { fcntl($0, F_DUPFD_CLOEXEC, firstFree) }
    defer { for descriptor in passed { close(descriptor) } }
    if passed.contains(where: { $0 < 0 }) { throw SystemError(errno: errno, subject: path) }
    for (number, stream) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
      switch stream {
      case .nothing:
        let flags = number == STDIN_FILENO ? O_RDONLY : O_WRONLY
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", flags, 0)
      case .shared: break
      case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      }
    }
    if let terminal {
      // A session's leader takes the first terminal that it opens as its own.
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    }
    for (index, descriptor) in passed.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, STDERR_FILENO + 1 + Int32(index))
    }
    if closesOthers { _ = csystem_spawn_close_from(&actions, firstFree) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    prepare(&attributes)
    let words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let code =
      environment == nil
      ? posix_spawnp(&process, path, &actions, &attributes, words, environ)
      : posix_spawnp(&process, path, &actions, &attributes, words, variables)
    guard code == 0 else { throw SystemError(errno: code, subject: path) }
    return RunningProgram(id: process, name: path, leadsGroup: leadsGroup)
  }

  /// A program shall meet the signals that this process ignores as any other one does: what is ignored stays ignored over
  /// execve(2).
  private func prepare(_ attributes: inout posix_spawnattr_t) {
    var flags = POSIX_SPAWN_SETSIGDEF
    var signals = sigset_t()
    sigemptyset(&signals)
    if hearsHeldSignals {
      posix_spawnattr_setsigmask(&attributes, &signals)
      flags |= POSIX_SPAWN_SETSIGMASK
    }
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    if leadsGroup { flags |= POSIX_SPAWN_SETPGROUP }
    if terminal != nil { flags |= 0x80 }  // POSIX_SPAWN_SETSID of spawn.h, for _GNU_SOURCE alone
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }

  /// Runs the program to its end and gives its exit status (128 and the signal where one ended it) and what it wrote to
  /// `stream`: its stderr, or its stdout.
  public func run(
    _ arguments: [String], reading stream: Int32 = STDERR_FILENO
  ) throws(SystemError) -> (status: Int32, messages: String) {
    let pipe = try Pipe(subject: path)
    defer { close(pipe.reading) }
    let started: Result<RunningProgram, SystemError>
    do throws(SystemError) {
      let end = Stream.descriptor(pipe.writing)
      let isOutput = stream == STDOUT_FILENO
      started = .success(try start(arguments, output: isOutput ? end : .nothing, errors: isOutput ? .nothing : end))
    } catch {
      started = .failure(error)
    }
    close(pipe.writing)
    let program = try started.get()
    let messages = Result { () throws(SystemError) in try contents(of: pipe.reading, named: path) }
    let status = try program.wait()
    return (status, String(decoding: try messages.get(), as: UTF8.self))
  }
}

/// A program that was started and whose end is to be waited for.
public struct RunningProgram: Sendable {
  /// The number of its process.
  public let id: pid_t
  fileprivate let name: String
  fileprivate let leadsGroup: Bool

  /// Waits for its end and gives its exit status; 128 and the signal where one ended it.
  public func wait() throws(SystemError) -> Int32 {
    guard let status = try status(0) else { throw SystemError(errno: ECHILD, subject: name) }
    return status
  }

  /// Its exit status, as ``wait()`` gives it, where it has ended; nil while it runs. Once it was told there is no more to
  /// be told (ECHILD).
  public func statusIfEnded() throws(SystemError) -> Int32? { try status(WNOHANG) }

  /// Waits for its end until a deadline: its exit status, as ``wait()`` gives it, or nil where it still runs.
  public func wait(until deadline: Deadline) throws(SystemError) -> Int32? {
    while true {
      // Looked at once more behind the deadline: a pause may last longer than it was to.
      let isOver = deadline.isOver
      if let status = try statusIfEnded() { return status }
      if isOver { return nil }
      Monotonic.pause(0.002)
    }
  }

  /// How it ended, where it has, and what else is in the process group that it leads is killed; nil while it runs.
  ///
  /// Killed before its end is taken note of: until then no other process or group can have its number.
  public func endIfEnded() throws(SystemError) -> ProgramEnd? {
    if !hasEnded { return nil }
    if leadsGroup { kill(-id, SIGKILL) }
    return try end(WNOHANG)
  }

  /// A descriptor that can be read once it has ended (pidfd_open(2)), which is the caller's to close; below 0 where there
  /// is none.
  public func endDescriptor() -> Int32 { csystem_pidfd_open(id) }

  /// Sends a signal to it, and to whatever it started where it leads a process group.
  public func send(_ signal: Int32) { kill(leadsGroup ? -id : id, signal) }

  /// Whether it has ended; its end is still to be waited for.
  public var hasEnded: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_signo != 0
  }

  private func status(_ options: Int32) throws(SystemError) -> Int32? { try end(options)?.status }

  private func end(_ options: Int32) throws(SystemError) -> ProgramEnd? {
    var status: Int32 = 0
    let process = uninterrupted { waitpid(id, &status, options) }
    if process < 0 { throw SystemError(errno: errno, subject: name) }
    if process == 0 { return nil }
    return ProgramEnd(word: status)
  }
}

/// How a program ended.
public enum ProgramEnd: Hashable, Sendable {
  /// By itself, with an exit status of 0 to 255.
  case exited(Int32)
  /// By a signal.
  case killed(Int32)

  /// What waitpid(2) says of an end.
  init(word: Int32) {
    let signal = word & 0x7f
    self = signal == 0 ? .exited(word >> 8 & 0xff) : .killed(signal)
  }

  /// The exit status; 128 and the signal where one ended it.
  public var status: Int32 {
    switch self {
    case .exited(let status): status
    case .killed(let signal): 128 + signal
    }
  }
}

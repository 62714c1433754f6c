import Glibc

/// Keeps the input of the moment in a file when the process traps on it, runs out of memory or comes to no end.
struct Watch {
  /// Address space beyond what the process has at its start, in bytes: no input, of 64 KiB at most, excuses more.
  private static let memory: UInt = 1 << 30
  /// Processor time after which an input counts as one that comes to no end, in seconds.
  private static let patience = 60

  init(folder: String) {
    Current.folder = folder
    var stack = stack_t(ss_sp: malloc(1 << 16), ss_flags: 0, ss_size: 1 << 16)
    sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGVTALRM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { Current.end($0) }
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
    limitMemory()
  }

  /// Reads an input under watch.
  func during<Result>(_ input: [UInt8], _ name: String, _ body: () -> Result) -> Result {
    Current.input = input
    Current.name = name
    Current.path = Array("\(Current.folder)/\(name)".utf8CString)
    setTimer(seconds: Self.patience)
    defer { setTimer(seconds: 0) }
    return body()
  }

  /// Keeps the input that was read last.
  func keep() { Current.keep() }

  private func setTimer(seconds: Int) {
    var timer = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: seconds, tv_usec: 0))
    setitimer(__itimer_which_t(ITIMER_VIRTUAL.rawValue), &timer, nil)
  }

  private func limitMemory() {
    guard let file = fopen("/proc/self/statm", "re") else { return }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return }
    let limit = rlim_t(strtoul(line, nil, 10) * UInt(sysconf(Int32(_SC_PAGESIZE))) + Self.memory)
    var limits = rlimit(rlim_cur: limit, rlim_max: limit)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits)
  }
}

/// What a signal's handler can reach: everything is there before the signal comes.
private enum Current {
  nonisolated(unsafe) static var folder = "."
  nonisolated(unsafe) static var input: [UInt8] = []
  nonisolated(unsafe) static var name = ""
  nonisolated(unsafe) static var path: [CChar] = [0]

  static func keep() {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor >= 0 { _ = input.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } }
    close(descriptor)
    say(descriptor >= 0 ? "The input is kept in " : "The input cannot be kept in ")
    path.withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, max(0, $0.count - 1)) }
    say("\n")
  }

  static func end(_ number: Int32) {
    say(number == SIGVTALRM ? "An input comes to no end. " : "The process was ended by a signal of its own. ")
    keep()
    _exit(1)
  }

  private static func say(_ text: StaticString) {
    _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}

import Testing

/// What waits, starts programs, moves bytes in and out or keeps time is called on the system floor alone: there a call that
/// a signal interrupts is made again, what is read is bounded, and what is written is written to its end.
struct SystemFloorTests {
  private static let floor = "LVSSystem/"

  /// The words of the project's Swift files by their paths below `Sources`.
  private static let sources = ((try? SwiftFiles.below("Sources")) ?? []).map {
    (path: $0.path, words: SwiftFiles.words(of: $0.text))
  }
  /// The calls of the C library that each of them makes.
  private static let calls = sources.map { (path: $0.path, names: SystemCalls.names(in: $0.words)) }

  @Test func `only the system floor makes the calls that are its own`() {
    for (path, found) in Self.calls where !path.hasPrefix(Self.floor) {
      #expect(found.isEmpty, "\(path) calls \(found)")
    }
  }

  @Test(arguments: [
    "read", "write", "pread", "pwrite", "poll", "waitpid", "recvfrom", "csystem_recvmmsg", "send", "sendto", "accept",
    "posix_spawnp", "clock_gettime", "sigaction", "signal", "sigprocmask", "sigpending", "opendir", "readdir", "flock",
  ])
  func `the system floor makes the call`(name: String) {
    let users = Self.calls.filter { $0.names.contains(name) }
    #expect(!users.isEmpty && users.allSatisfy { $0.path.hasPrefix(Self.floor) })
  }

  @Test func `what a signal interrupts is called again in one place, and what it is to interrupt in another`() {
    let users = Self.sources.filter { $0.words.contains("EINTR") }.map(\.path)
    #expect(users == ["LVSSystem/Calls/Uninterrupted.swift", "LVSSystem/Files/FileLock.swift"])
  }

  @Test(arguments: [
    ("let count = read(descriptor, &buffer, buffer.count)", ["read"]),
    ("Glibc.write(1, bytes.map { $0 + f(1, 2) }, 3)", ["write"]),
    ("poll(nil, 0,\n  10)", ["poll"]),
    ("signal(number) { _ in }", ["signal"]),
    ("if fork() == 0 {", ["fork"]),
    ("let clock = ContinuousClock()", ["ContinuousClock"]),
    ("try read(descriptor: 0, path, limit)", []),
    ("file.write(a, b, c)", []),
    ("func send(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {}", []),
    ("write(next, to: file, 0)", []),
    ("read(.forward) { forward($0) }", []),
    ("case signal(Int32)", []),
    ("var action = sigaction()", []),
    ("// poll(nil, 0, 10)", []),
    ("tell(\"poll(nil, 0, 10)\")", []),
  ])
  func `a call of the C library is told from others`(text: String, names: [String]) {
    #expect(SystemCalls.names(in: SwiftFiles.words(of: text)) == names)
  }
}

/// Calls of the C library in Swift source. They have no labels, and a number of arguments that is known.
private enum SystemCalls {
  /// How many arguments stand between the parentheses.
  private static let counts: [String: Set<Int>] = [
    "read": [3], "readv": [3], "pread": [4], "write": [3], "writev": [3], "pwrite": [4], "fread": [4], "fwrite": [4],
    "poll": [3], "ppoll": [4], "select": [5], "epoll_wait": [4], "waitpid": [3], "waitid": [4], "recv": [4],
    "recvfrom": [6], "recvmsg": [3], "csystem_recvmmsg": [4], "send": [4], "sendto": [6], "sendmsg": [3], "accept": [3],
    "accept4": [4], "posix_spawn": [6], "posix_spawnp": [6], "fork": [0], "vfork": [0], "execv": [2], "execve": [3],
    "execvp": [2], "popen": [2], "clock_gettime": [2], "nanosleep": [2], "clock_nanosleep": [4], "usleep": [1],
    "sleep": [1], "setitimer": [3], "signal": [1, 2], "sigaction": [3], "sigprocmask": [3], "pthread_sigmask": [3],
    "sigpending": [1], "signalfd": [3], "kill": [2], "raise": [1], "opendir": [1], "fdopendir": [1], "readdir": [1],
    "flock": [2], "csystem_pipe2": [2],
  ]
  /// Types that bring a clock or a wait of their own.
  private static let types: Set<String> = ["ContinuousClock", "SuspendingClock"]

  /// Their names, in order.
  static func names(in words: [String]) -> [String] {
    words.indices.compactMap { index in
      let name = words[index]
      if types.contains(name) { return name }
      guard let counts = counts[name], index + 1 < words.count, words[index + 1] == "(" else { return nil }
      let before = index > 0 ? words[index - 1] : ""
      if ["func", "case"].contains(before) { return nil }
      if before == "." && !(index > 1 && ["Glibc", "CSystem", "CNetlink"].contains(words[index - 2])) { return nil }
      return arguments(from: index + 2, in: words).map(counts.contains) == true ? name : nil
    }
  }

  /// How many arguments there are up to the closing parenthesis; nil where one has a label.
  private static func arguments(from start: Int, in words: [String]) -> Int? {
    var depth = 1
    var commas = 0
    for index in start..<words.count {
      switch words[index] {
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        depth -= 1
        if depth == 0 { return index == start ? 0 : commas + 1 }
      case "," where depth == 1: commas += 1
      case ":" where depth == 1 && (index - 1 == start || words[index - 2] == ","): return nil
      default: break
      }
    }
    return nil
  }
}

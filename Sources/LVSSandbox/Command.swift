import Glibc

/// What a command left behind.
package struct Outcome {
  /// The exit status, or 128 plus the number of the signal that ended it.
  package let status: Int
  package let output: String
  package let errors: String

  /// The output's lines, without blanks at either end and without empty ones.
  package var lines: [String] { output.lines }
}

/// A command that could not be started, or that failed where a test needs it to succeed.
package struct CommandFailure: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

/// The value of an environment variable, nil where it is not set.
package func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Runs a command to its end, in a network namespace where one is named. Its standard input is `input`; `environment`
/// has `NAME=VALUE` for what differs from the test's own. After `limit` seconds, times `patience`, it is killed (status
/// 137).
@discardableResult
package func run(
  _ command: [String], in namespace: String? = nil, input: String = "", environment: [String] = [], limit: Int = 30
) throws -> Outcome {
  let process = try RunningCommand(command, in: namespace, input: input, environment: environment)
  let status = process.wait(limit: limit)
  return Outcome(status: status, output: process.output, errors: process.errors)
}

/// Runs a command that a test relies on: an exit status other than 0 is an error that says what failed.
@discardableResult
package func succeed(_ command: [String], in namespace: String? = nil, input: String = "") throws -> Outcome {
  let outcome = try run(command, in: namespace, input: input)
  guard outcome.status == 0 else {
    let what = ([namespace.map { "in \($0):" }].compactMap(\.self) + command).joined(separator: " ")
    throw CommandFailure(description: "\(what): status \(outcome.status): \(outcome.output)\(outcome.errors)\(input)")
  }
  return outcome
}

/// A command that runs beside the test, until `stop` or its own end.
///
/// Its output goes to files and not to pipes, so that a server which it leaves behind keeps nobody waiting.
package final class RunningCommand {
  package let pid: pid_t
  private let outputFile: Int32
  private let errorFile: Int32
  private var status: Int?

  package init(_ command: [String], in namespace: String? = nil, input: String = "", environment: [String] = []) throws
  {
    let inputFile = try Self.unnamedFile()
    defer { close(inputFile) }
    outputFile = try Self.unnamedFile()
    errorFile = try Self.unnamedFile()
    try Self.fill(inputFile, with: input)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputFile, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, outputFile, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errorFile, STDERR_FILENO)
    // A process group of its own, so that a kill reaches what the command started.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // And every signal reaches it: the threads that tests run on block most of them, which would be inherited.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    var arguments = command.map { strdup($0) } + [nil]
    var variables = Self.inherited(but: environment).map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    let error = try inNamespace(namespace) {
      posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, &variables)
    }
    self.pid = pid
    guard error == 0 else {
      status = 127
      throw CommandFailure(description: "\(command[0]) could not be started: \(String(cString: strerror(error)))")
    }
  }

  deinit {
    stop()
    close(outputFile)
    close(errorFile)
  }

  /// What the command has written so far.
  package var output: String { Self.contents(of: outputFile) }
  package var errors: String { Self.contents(of: errorFile) }

  /// Waits for the command's own end, and kills it after `limit` seconds, times `patience`. Its exit status, as in
  /// `Outcome`.
  package func wait(limit: Int) -> Int {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(limit * patience)
    while clock.now < deadline {
      if let status = ended(WNOHANG) { return status }
      poll(nil, 0, 2)
    }
    return stop()
  }

  /// Kills the command where it still runs. Its exit status, as in `Outcome`.
  @discardableResult
  package func stop() -> Int {
    if let status { return status }
    kill(-pid, SIGKILL)
    return ended(0) ?? 137
  }

  private func ended(_ options: Int32) -> Int? {
    if let status { return status }
    var word: Int32 = 0
    guard waitpid(pid, &word, options) == pid else { return nil }
    let signal = word & 0x7f
    status = Int(signal == 0 ? (word >> 8) & 0xff : 128 + signal)
    return status
  }

  /// The test's own environment, with `changes` (`NAME=VALUE`) in place of what has the same name.
  private static func inherited(but changes: [String]) -> [String] {
    var variables: [String] = []
    var entry = environ
    while let text = entry.pointee {
      variables.append(String(cString: text))
      entry += 1
    }
    let replaced = Set(changes.map { $0.prefix { $0 != "=" } })
    return variables.filter { !replaced.contains($0.prefix { $0 != "=" }) } + changes
  }

  private static func unnamedFile() throws -> Int32 {
    var path = Array("\(LVSSandbox.environment("TMPDIR") ?? "/tmp")/command.XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { throw CommandFailure(description: "no temporary file could be made") }
    unlink(path)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    return file
  }

  private static func fill(_ file: Int32, with text: String) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      guard written > 0 else { throw CommandFailure(description: "standard input could not be prepared") }
      rest = rest.dropFirst(written)
    }
    lseek(file, 0, SEEK_SET)
  }

  private static func contents(of file: Int32) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = chunk.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, bytes.count) }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
  }
}

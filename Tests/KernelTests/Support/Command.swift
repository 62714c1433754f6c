import Glibc

/// What a command left behind.
struct Outcome {
  /// The exit status, or 128 plus the number of the signal that ended it.
  let status: Int
  let output: String
  let errors: String

  /// The output's lines, without blanks at either end and without empty ones.
  var lines: [String] { output.lines }
}

/// A command that could not be started, or that failed where a test needs it to succeed.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String
}

/// The value of an environment variable, nil where it is not set.
func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Runs a command to its end. Its standard input is `input`; after `limit` seconds it is killed (status 137).
///
/// The output goes to files and not to pipes, so that a server which the command leaves behind keeps nobody waiting.
@discardableResult
func run(_ command: [String], input: String = "", environment: [String] = [], limit: Int = 30) throws -> Outcome {
  let process = try RunningCommand(
    ["timeout", "--signal=KILL", "\(limit)", "env"] + environment + command, input: input)
  let status = process.wait()
  return Outcome(status: status, output: process.output, errors: process.errors)
}

/// Runs a command that a test relies on: an exit status other than 0 is an error that says what failed.
@discardableResult
func succeed(_ command: [String], input: String = "") throws -> Outcome {
  let outcome = try run(command, input: input)
  guard outcome.status == 0 else {
    throw CommandFailure(
      description: "\(command.joined(separator: " ")): status \(outcome.status): \(outcome.output)\(outcome.errors)")
  }
  return outcome
}

/// A command that runs beside the test, until `stop` or its own end.
final class RunningCommand {
  private let pid: pid_t
  private let outputFile: Int32
  private let errorFile: Int32
  private var ended = false

  init(_ command: [String], input: String = "") throws {
    let inputFile = try Self.unnamedFile()
    outputFile = try Self.unnamedFile()
    errorFile = try Self.unnamedFile()
    defer { close(inputFile) }
    try Self.fill(inputFile, with: input)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputFile, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, outputFile, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errorFile, STDERR_FILENO)

    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    let error = posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ)
    self.pid = pid
    guard error == 0 else {
      ended = true
      throw CommandFailure(description: "\(command[0]) could not be started: \(String(cString: strerror(error)))")
    }
  }

  deinit {
    stop()
    close(outputFile)
    close(errorFile)
  }

  /// What the command has written so far.
  var output: String { Self.contents(of: outputFile) }
  var errors: String { Self.contents(of: errorFile) }

  /// Waits for the command's own end.
  func wait() -> Int {
    guard !ended else { return 0 }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
    ended = true
    let signal = status & 0x7f
    return Int(signal == 0 ? (status >> 8) & 0xff : 128 + signal)
  }

  /// Kills the command where it still runs.
  func stop() {
    guard !ended else { return }
    kill(pid, SIGKILL)
    _ = wait()
  }

  private static func unnamedFile() throws -> Int32 {
    var path = Array("\(KernelTests.environment("TMPDIR") ?? "/tmp")/command.XXXXXX".utf8CString)
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

extension String {
  /// The lines without blanks at either end, and without empty ones.
  var lines: [String] {
    split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }
  }

  /// The words between blanks.
  var words: [String] {
    split(whereSeparator: \.isWhitespace).map(String.init)
  }
}

extension Substring {
  /// The text without blanks at either end.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}

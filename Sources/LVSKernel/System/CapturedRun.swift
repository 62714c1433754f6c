import Glibc

/// A program that was run to its end, with what it wrote to stdout; its stderr goes where ours goes.
public struct CapturedRun: Sendable {
  /// The most that is read, in bytes: a snapshot of a hundred thousand real servers is a tenth of it.
  private static let largest = 256 << 20

  /// The exit status; 128 and the signal where one ended it.
  public var status: Int32
  /// What it wrote.
  public var output: [UInt8]

  /// Runs a program found along PATH, in our environment, with `input` to read.
  ///
  /// Throws when it cannot be started, or writes more than 256 MiB.
  public init(_ name: String, _ arguments: [String], input: [UInt8]) throws(SystemError) {
    // A file instead of a pipe: the program may write before it has read everything.
    guard let file = tmpfile() else { throw SystemError(errno: errno, subject: "a temporary file") }
    defer { fclose(file) }
    guard fwrite(input, 1, input.count, file) == input.count, fflush(file) == 0 else {
      throw SystemError(errno: errno, subject: "a temporary file")
    }
    rewind(file)
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError(errno: errno, subject: name) }
    defer { close(ends[0]) }
    let spawned = Self.spawn(name, arguments, input: fileno(file), output: ends)
    close(ends[1])
    let process = try spawned.get()
    output = try Self.read(ends[0], name, process: process)
    status = try exitStatus(of: process, named: name)
  }

  private static func spawn(
    _ name: String, _ arguments: [String], input: Int32, output: [Int32]
  ) -> Result<pid_t, SystemError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    for end in output { posix_spawn_file_actions_addclose(&actions, end) }
    let vector: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) } + [nil]
    defer { for word in vector { free(word) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, name, &actions, nil, vector, environ)
    return code == 0 ? .success(process) : .failure(SystemError(errno: code, subject: name))
  }

  private static func read(_ end: Int32, _ name: String, process: pid_t) throws(SystemError) -> [UInt8] {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(end, &buffer, buffer.count)
      if count == 0 { return output }
      if count < 0 && errno == EINTR { continue }
      if count < 0 || output.count + count > largest {
        kill(process, SIGKILL)
        throw SystemError(errno: count < 0 ? errno : EFBIG, subject: name)
      }
      output += buffer.prefix(count)
    }
  }
}

import Glibc

/// A system program that is run with a fixed list of arguments and next to no environment.
struct Program {
  /// Where system programs live; never taken from the caller's PATH.
  static let directories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]

  var path: String

  /// A program by its name, or nil where the machine has none.
  init?(named name: String) {
    let paths = Self.directories.map { directory in "\(directory)/\(name)" }
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
    self.path = path
  }

  /// Runs the program to its end and gives its exit status (128 and the signal where one ended it) and what it wrote to
  /// `stream`: its stderr, or its stdout.
  func run(
    _ arguments: [String], reading stream: CInt = STDERR_FILENO
  ) throws(SystemError) -> (status: CInt, messages: String) {
    var ends: [CInt] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError(errno: errno, subject: path) }
    let process: pid_t
    do throws(SystemError) {
      process = try spawn(arguments, stream, pipe: ends)
    } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    close(ends[1])
    let messages = Result { () throws(SystemError) in try contents(of: ends[0], named: path) }
    close(ends[0])
    let status = try exitStatus(of: process, named: path)
    return (status, String(decoding: try messages.get(), as: UTF8.self))
  }

  private func spawn(
    _ arguments: [String], _ stream: CInt, pipe ends: [CInt]
  ) throws(SystemError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for other in [STDOUT_FILENO, STDERR_FILENO] where other != stream {
      posix_spawn_file_actions_addopen(&actions, other, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, ends[1], stream)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    posix_spawn_file_actions_addclose(&actions, ends[1])
    let argumentVector: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
    let environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { for text in argumentVector + environment { free(text) } }
    var process: pid_t = 0
    let code = withSignalsOfOthers { posix_spawn(&process, path, &actions, $0, argumentVector, environment) }
    guard code == 0 else { throw SystemError(errno: code, subject: path) }
    return process
  }
}

/// Waits for a process to end and gives its exit status; 128 and the signal where one ended it.
func exitStatus(of process: pid_t, named subject: String) throws(SystemError) -> CInt {
  var status: CInt = 0
  while waitpid(process, &status, 0) < 0 {
    if errno != EINTR { throw SystemError(errno: errno, subject: subject) }
  }
  let signal = status & 0x7f
  return signal == 0 ? status >> 8 & 0xff : 128 + signal
}

import Glibc
import LVSSystem

/// A command on a terminal of its own (pty(7)), as an operator would have it.
package final class PseudoTerminal {
  package let pid: pid_t
  private let operatorSide: Int32
  private let commandSide: Int32
  private let modeBefore: [UInt32]
  private var received: [UInt8] = []
  private var status: Int?

  /// Starts a program, named by its path, as the leader of the session that the terminal belongs to, with nothing in its
  /// environment but these `NAME=VALUE`; `place` is where the thread goes for the start, such as a network namespace.
  package init(
    _ command: [String], environment: [String], columns: UInt16 = 80, rows: UInt16 = 24,
    place: (() -> Int32) throws -> Int32 = { $0() }
  ) throws {
    var ends: (Int32, Int32) = (0, 0)
    var path = [CChar](repeating: 0, count: 64)
    guard openpty(&ends.0, &ends.1, &path, nil, nil) == 0 else { throw FileFailure("openpty") }
    (operatorSide, commandSide) = ends
    _ = fcntl(operatorSide, F_SETFL, O_NONBLOCK)
    for end in [operatorSide, commandSide] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    modeBefore = try Self.mode(of: commandSide)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // A session's leader takes the first terminal that it opens as its own.
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that tests run on block most signals, which would be inherited.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, spawn.h, for _GNU_SOURCE alone
    posix_spawnattr_setflags(&attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK))

    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(operatorSide, UInt(TIOCSWINSZ), &size)
    var pid: pid_t = 0
    let error = try place {
      posix_spawn(&pid, command[0], &actions, &attributes, &arguments, &variables)
    }
    self.pid = pid
    guard error == 0 else { throw TestFailure(description: "\(command[0]): \(String(cString: strerror(error)))") }
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(operatorSide)
    close(commandSide)
  }

  /// Types on the keyboard; waits where the command does not read.
  package func type(_ keys: String) throws {
    var bytes = Array(keys.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(operatorSide, $0.baseAddress, $0.count) }
      if count > 0 { bytes = bytes.dropFirst(count) } else { try waitFor(POLLOUT) }
    }
  }

  /// Makes the terminal another size, of which the command gets a SIGWINCH.
  package func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(operatorSide, UInt(TIOCSWINSZ), &size)
  }

  /// Everything that the command has written so far.
  package var output: String { String(decoding: bytes, as: UTF8.self) }

  /// The same as bytes.
  package var bytes: [UInt8] {
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(operatorSide, &chunk, chunk.count)
      guard count > 0 else { return received }
      received += chunk[..<count]
    }
  }

  /// Waits until the command writes something that `bytes` does not have yet.
  package func awaitOutput() throws { try waitFor(POLLIN) }

  /// Waits for an event of poll(2) on the operator's side; a minute, times `patience`, without one is an error that has
  /// what was written.
  private func waitFor(_ event: Int32) throws {
    var polled = pollfd(fd: operatorSide, events: Int16(event), revents: 0)
    guard poll(&polled, 1, Int32(60_000 * patience)) > 0 else {
      throw TestFailure(description: "the command on the terminal hangs: \(output)")
    }
  }

  /// The screens drawn so far, each as its lines; a screen begins with a move of the cursor to the top left corner.
  package var frames: [[String]] {
    output.pieces(between: "\u{1b}[H").dropFirst().map { frame in
      let text = ["\u{1b}[K", "\u{1b}[J"].reduce(frame) { $0.pieces(between: $1).joined() }
      // The terminal itself makes every line feed a carriage return and a line feed.
      return text.pieces(between: "\n").map { $0.pieces(between: "\r").joined() }
    }
  }

  /// Whether the terminal is as the command found it: its mode, the cursor and the screen.
  package var isRestored: Bool {
    (try? Self.mode(of: commandSide)) == modeBefore && output.hasSuffix("\u{1b}[?25h\u{1b}[?1049l")
  }

  /// Whether keys come one by one and without echo.
  package var isRaw: Bool {
    guard let mode = try? Self.mode(of: commandSide) else { return false }
    return mode[3] & UInt32(ICANON | ECHO) == 0
  }

  /// Whether the command is stopped, as by ^Z.
  package var isStopped: Bool {
    (try? read("/proc/\(pid)/stat"))?.pieces(between: ") ").last?.hasPrefix("T") == true
  }

  /// Waits for the command's own end; its exit status, or 128 plus the number of the signal that ended it.
  package func wait() throws -> Int {
    let deadline = Deadline(after: Double(20 * patience))
    var word: Int32 = 0
    while waitpid(pid, &word, WNOHANG) != pid {
      // A command that writes to a full terminal waits until somebody reads.
      _ = output
      guard !deadline.isOver else {
        throw TestFailure(description: "the command on the terminal does not end: \(output)")
      }
      Monotonic.pause(0.01)
    }
    let number = Int(word & 0x7f == 0 ? (word >> 8) & 0xff : 128 + word & 0x7f)
    status = number
    return number
  }

  private static func mode(of terminal: Int32) throws -> [UInt32] {
    var mode = termios()
    guard tcgetattr(terminal, &mode) == 0 else { throw FileFailure("tcgetattr") }
    return [mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag]
  }
}

extension String {
  /// The text cut at every place where `separator` stands.
  package func pieces(between separator: String) -> [String] {
    let bytes = Array(utf8)
    let mark = Array(separator.utf8)
    var pieces: [[UInt8]] = [[]]
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: mark) {
        pieces.append([])
        index += mark.count
      } else {
        pieces[pieces.count - 1].append(bytes[index])
        index += 1
      }
    }
    return pieces.map { String(decoding: $0, as: UTF8.self) }
  }
}

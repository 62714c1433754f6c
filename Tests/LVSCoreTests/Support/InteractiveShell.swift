import Glibc
import Testing

/// An interactive shell on a pseudo-terminal (pty(7)), where somebody types and presses TAB.
///
/// Its `lvsctl` is a program that completes as the real one does, and says what it was given where it is to do anything:
/// `GOT[diff][c.conf]:END`.
final class InteractiveShell {
  /// The shells that have a completion script.
  static let names = ["bash", "zsh", "fish"]
  private static let prompt = "READY> "

  private let pid: pid_t
  private let answer: String
  private let terminal: Int32
  private var received: [UInt8] = []
  /// How much of what was received has been looked at.
  private var seen = 0

  /// Starts a shell in a folder, with a completion script loaded and without anybody's own settings.
  init(_ name: String, in folder: String, script: String? = nil) throws {
    let private_ = folder + "/.private"
    answer = private_ + "/answer"
    try shell("mkdir -p '\(private_)'").require()
    try writeProgram(
      """
      #!/bin/sh
      if [ "$1" = ---completion ]; then
        [ -e '\(answer)' ] && exec cat '\(answer)'
        exec '\(lvsctlPath)' "$@"
      fi
      printf GOT
      printf '[%s]' "$@"
      echo ':END'

      """, to: "\(private_)/lvsctl")
    if let script {
      try write(script, to: "\(private_)/script")
    } else {
      try shell("'\(lvsctlPath)' --generate-completion-script \(name) > '\(private_)/script'").require()
    }
    try write("cd '\(folder)'\n" + Self.settings(name, private_), to: "\(private_)/.zshrc")

    var ends: (Int32, Int32) = (0, 0)
    var path = [CChar](repeating: 0, count: 64)
    var size = winsize(ws_row: 50, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&ends.0, &ends.1, &path, nil, &size) == 0 else { throw FileError(path: "a terminal", errno: errno) }
    terminal = ends.0
    defer { close(ends.1) }
    for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
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

    let command: [String] =
      switch name {
      case "bash": ["bash", "--noprofile", "--rcfile", "\(private_)/.zshrc", "-i"]
      case "zsh": ["zsh", "-d", "-i"]
      default: ["fish", "--no-config", "-i", "-C", "source '\(private_)/.zshrc'"]
      }
    let environment = [
      "TERM=xterm", "LC_ALL=C.UTF-8", "HOME=\(private_)", "ZDOTDIR=\(private_)",
      "PATH=\(private_):/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, "/usr/bin/\(name)", &actions, &attributes, &arguments, &variables)
    self.pid = pid
    guard error == 0 else { throw FileError(path: name, errno: error) }
    try wait(for: Self.prompt)
  }

  deinit {
    if pid > 0 {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(terminal)
  }

  /// What the shell reads first.
  private static func settings(_ name: String, _ folder: String) -> String {
    switch name {
    case "bash": "source '\(folder)/script'\nPS1='\(prompt)'\n"
    case "zsh":
      "autoload -U compinit && compinit -u -D\nsource '\(folder)/script'\nPS1='\(prompt)'\n"
    default: "source '\(folder)/script'\nfunction fish_prompt; echo -n '\(prompt)'; end\n"
    }
  }

  /// Has lvsctl answer a text from now on, whatever is to be completed.
  func complete(with text: String) throws { try write(text + "\n", to: answer) }

  /// Types on the keyboard.
  func type(_ keys: String) throws {
    var bytes = Array(keys.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(terminal, $0.baseAddress, $0.count) }
      guard count > 0 else { throw FileError(path: "the terminal", errno: errno) }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Types a line and its end; gives what lvsctl was run with.
  func run(_ line: String) throws -> String {
    try type(line + "\r")
    let text = try wait(for: ":END")
    try wait(for: Self.prompt)
    return text.components(from: "GOT[")
  }

  /// Types the beginning of a line with its TABs, gives the line up, and waits until the shell runs another one.
  func abandon(_ line: String) throws {
    // ^U takes the line away; ^C would end what completes it.
    try type(line + "\u{15}")
    #expect(try run("lvsctl alive") == "GOT[alive]:END")
  }

  /// Reads until a text stands in what has not been looked at yet; gives what came up to its end.
  @discardableResult
  private func wait(for text: String) throws -> String {
    let wanted = Array(text.utf8)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var end = seen
      while end + wanted.count <= received.count {
        if received[end] == wanted[0], received[end..<end + wanted.count].elementsEqual(wanted) {
          let found = String(decoding: received[seen..<end + wanted.count], as: UTF8.self)
          seen = end + wanted.count
          return found
        }
        end += 1
      }
      var polled = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      // A minute in which nothing is said: the shell hangs.
      guard poll(&polled, 1, 60_000) > 0 else { throw Hanging(shown: String(decoding: received, as: UTF8.self)) }
      let count = read(terminal, &buffer, buffer.count)
      guard count > 0 else { throw Hanging(shown: String(decoding: received, as: UTF8.self)) }
      received += buffer[..<count]
    }
  }

  /// A shell that did not come to what was waited for.
  struct Hanging: Error {
    /// All that it wrote.
    var shown: String
  }
}

extension String {
  /// The text from the last place where `start` stands.
  fileprivate func components(from start: String) -> String {
    var result = self[...]
    while let next = result.dropFirst().firstRange(of: start) { result = result[next.lowerBound...] }
    return String(result)
  }
}

extension Ending {
  /// Where a test relies on a line that works.
  fileprivate func require() throws {
    guard status == 0 else { throw FileError(path: output, errno: EIO) }
  }
}

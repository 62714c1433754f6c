/// An interactive shell on a pseudo-terminal (pty(7)), where somebody types and presses TAB.
///
/// Its `lvsctl` is a program that completes as the real one does, and says what it was given where it is to do anything:
/// `GOT[diff][c.conf]:END`.
package final class InteractiveShell {
  /// The shells that have a completion script.
  package static let names = ["bash", "zsh", "fish"]
  private static let prompt = "READY> "

  private let answer: String
  private let terminal: PseudoTerminal
  /// How much of what the shell has written has been looked at.
  private var seen = 0

  /// Starts a shell in a folder, with a completion script loaded and without anybody's own settings.
  package init(_ name: String, in folder: String, script: String? = nil) throws {
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

    let command: [String] =
      switch name {
      case "bash": ["/usr/bin/bash", "--noprofile", "--rcfile", "\(private_)/.zshrc", "-i"]
      case "zsh": ["/usr/bin/zsh", "-d", "-i"]
      default: ["/usr/bin/fish", "--no-config", "-i", "-C", "source '\(private_)/.zshrc'"]
      }
    let environment = [
      "TERM=xterm", "LC_ALL=C.UTF-8", "HOME=\(private_)", "ZDOTDIR=\(private_)",
      "PATH=\(private_):/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    terminal = try PseudoTerminal(command, environment: environment, columns: 200, rows: 50)
    try wait(for: Self.prompt)
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
  package func complete(with text: String) throws { try write(text + "\n", to: answer) }

  /// Types on the keyboard.
  package func type(_ keys: String) throws { try terminal.type(keys) }

  /// Types a line and its end; gives what lvsctl was run with.
  package func run(_ line: String) throws -> String {
    try type(line + "\r")
    let text = try wait(for: ":END")
    try wait(for: Self.prompt)
    return text.components(from: "GOT[")
  }

  /// Types the beginning of a line with its TABs, gives the line up, and waits until the shell runs another one.
  package func abandon(_ line: String) throws {
    // ^U takes the line away; ^C would end what completes it.
    try type(line + "\u{15}")
    let answer = try run("lvsctl alive")
    guard answer == "GOT[alive]:END" else {
      throw TestFailure(description: "the shell runs another line: \(answer)")
    }
  }

  /// Reads until a text stands in what has not been looked at yet; gives what came up to its end.
  @discardableResult
  private func wait(for text: String) throws -> String {
    let wanted = Array(text.utf8)
    var end = seen
    while true {
      let received = terminal.bytes
      while end + wanted.count <= received.count {
        if received[end] == wanted[0], received[end..<end + wanted.count].elementsEqual(wanted) {
          let found = String(decoding: received[seen..<end + wanted.count], as: UTF8.self)
          seen = end + wanted.count
          return found
        }
        end += 1
      }
      try terminal.awaitOutput()
    }
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
    guard status == 0 else { throw TestFailure(description: output) }
  }
}

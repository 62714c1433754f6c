import Glibc
import LVSKernel
import LVSModel
import LVSSystem
import LVSText

/// Another machine, reached by the system's ssh.
public struct SSHDestination: Equatable, Sendable {
  /// What ssh(1) gets as its destination: `host` or `user@host`.
  public var name: String
  /// The port, or nil for ssh's own choice.
  public var port: UInt16?

  /// Reads `ssh://[user@]host[:port]`, an IPv6 address in brackets; nil for anything else.
  public init?(_ url: String) {
    var rest = Substring(url)
    guard rest.hasPrefix("ssh://") else { return nil }
    rest = rest.dropFirst("ssh://".count)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    var user = ""
    if let at = rest.lastIndex(of: "@") {
      user = String(rest[...at])
      rest = rest[rest.index(after: at)...]
    }
    var host = rest
    if let bracket = rest.lastIndex(of: "]") {
      guard rest.first == "[" else { return nil }
      host = rest[rest.index(after: rest.startIndex)..<bracket]
      rest = rest[rest.index(after: bracket)...]
    } else {
      host = rest.prefix { $0 != ":" }
      rest = rest[host.endIndex...]
    }
    if !rest.isEmpty {
      guard rest.first == ":", let number = UInt16(rest.dropFirst()), number > 0 else { return nil }
      port = number
    }
    // ssh would take a leading dash for an option.
    guard !host.isEmpty, user != "@", !host.hasPrefix("-"), !user.hasPrefix("-") else { return nil }
    let isPlain = !(user + host).utf8.contains { $0 <= 0x20 || $0 == 0x7f || "/\\'\"`$;&|<>()".utf8.contains($0) }
    guard isPlain else { return nil }
    name = user + host
  }

  /// What `lvsctl snapshot` prints there for a cluster file, which travels over standard input.
  ///
  /// `tell` gets the lines that ssh and the other machine write to stderr, made safe for a terminal.
  public func snapshot(
    of file: [UInt8], _ request: NodeRequest, anySysctl: Bool, tell: @escaping (Message) -> Void
  ) throws(NodeFailure) -> [UInt8] {
    let outcome: CapturedRun
    do {
      outcome = try CapturedRun(Program("ssh"), words(request, anySysctl: anySysctl), input: file) { line in
        // The other machine chooses these bytes, and they go to a terminal.
        tell("\(String(decoding: line, as: UTF8.self))")
      }
    } catch {
      throw Self.failure(error, name)
    }
    if outcome.status == 0 { return outcome.output }
    throw NodeFailure(.remote(outcome.status), "lvsctl snapshot on \(name) \(Self.end(outcome.status)).")
  }

  private static func failure(_ trouble: CapturedRun.Trouble, _ name: String) -> NodeFailure {
    switch trouble {
    case .system(let error): NodeFailure(.unreachable, "ssh cannot be run: \(error).")
    case .tooMuch(let limit):
      NodeFailure(
        .invalidFile,
        "What \(name) answers is larger than \(limit >> 20) MiB, the most that lvsctl reads, and ssh was ended. Is it lvsctl that answers there?"
      )
    }
  }

  /// What ssh is run with; the remote command passes through a shell over there.
  public func words(_ request: NodeRequest, anySysctl: Bool) -> [String] {
    var command = ["lvsctl", "snapshot", "-"]
    if request.role != .auto { command += ["--role", request.role.rawValue] }
    if let node = request.name { command += ["--node=\(node)"] }
    if anySysctl { command += ["--any-sysctl"] }
    return (port.map { ["-p", String($0)] } ?? []) + ["--", name, command.map(shellQuoted).joined(separator: " ")]
  }

  private static func end(_ status: Int32) -> Message {
    switch status {
    case 255: "was not reached: ssh ended with status 255, and says why above"
    case 127: "was not found: install lvsctl there, in a folder that PATH has for ssh"
    default: "ended with status \(status), and says why above"
    }
  }
}

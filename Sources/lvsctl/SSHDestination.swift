import Glibc
import LVSKernel

/// Another machine, reached by the system's ssh.
struct SSHDestination: Equatable {
  /// What ssh(1) gets as its destination: `host` or `user@host`.
  var name: String
  /// The port, or nil for ssh's own choice.
  var port: String?

  /// Reads `ssh://[user@]host[:port]`; an IPv6 address stands in brackets.
  init(_ url: String) throws(Failure) {
    var rest = url.dropFirst("ssh://".count)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    let afterHost = rest.lastIndex(of: "]") ?? rest.startIndex
    if let colon = rest[afterHost...].lastIndex(of: ":") {
      port = String(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
    }
    name = rest.filter { $0 != "[" && $0 != "]" }
    let isNumber = port.map { UInt16($0) != nil } ?? true
    // ssh would take a leading dash for an option, also behind the user's name.
    let isPlain = !name.hasPrefix("-") && !name.contains("@-") && !name.contains("/")
    guard !name.isEmpty, !name.hasSuffix("@"), isNumber, isPlain else {
      throw Failure(.invalidFile, "\"\(url)\" is not of the form ssh://[user@]host[:port].")
    }
  }

  /// What `lvsctl snapshot` prints there for a cluster file, which travels over standard input.
  func snapshot(of file: [UInt8]) throws(Failure) -> [UInt8] {
    let options = port.map { ["-p", $0] } ?? []
    let outcome: CapturedRun
    do {
      outcome = try CapturedRun("ssh", options + ["--", name, "lvsctl", "snapshot", "-"], input: file)
    } catch {
      throw Failure(.noFile, "ssh cannot be run: \(error).")
    }
    if outcome.status == 0 { return outcome.output }
    // 255 is ssh's own; lvsctl over there has told the rest on stderr already.
    let status = ExitStatus(rawValue: outcome.status) ?? .noFile
    throw Failure(status, "lvsctl snapshot on \(name) ended with status \(outcome.status).")
  }
}

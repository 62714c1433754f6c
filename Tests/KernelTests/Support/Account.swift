/// All that ipvsadm tells of a node's IPVS, each list sorted.
struct IPVSAccount: Equatable {
  /// `ipvsadm -Sn`: services and real servers.
  var table: [String] = []
  /// `ipvsadm -Ln --thresholds`: `SERVICE -> REAL SERVER upper U lower L`.
  var thresholds: [String] = []
  /// `ipvsadm -Ln --timeout`
  var timeouts = ""
  /// `ipvsadm -Ln --daemon`
  var daemons: [String] = []

  fileprivate init(_ output: String) throws {
    var service = ""
    for line in output.lines {
      let words = line.words
      switch words[0] {
      case "-A", "-a": table.append(line)
      case "Timeout": timeouts = line
      case "master", "backup": daemons.append(line)
      case "TCP", "UDP", "SCTP", "FWM": service = line
      case "->" where words.count == 6 && words[1] != "RemoteAddress:Port":
        thresholds.append("\(service) -> \(words[1]) upper \(words[2]) lower \(words[3])")
      case "->", "IP", "Prot": break
      default: throw CommandFailure(description: "ipvsadm says what this test does not know: \(line)")
      }
    }
    table.sort()
    thresholds.sort()
    daemons.sort()
  }
}

extension Namespace {
  /// Carries out ipvsadm command lines, without the word `ipvsadm`, asks for its account of what is there then, and
  /// carries out the lines that come `afterwards`.
  ///
  /// `ipvsadm -R` takes any of its commands on standard input, listings too: one process instead of dozens, since the
  /// start of a process is what takes time in user-mode Linux.
  @discardableResult
  func ipvsadm(_ lines: [String] = [], afterwards: [String] = []) throws -> IPVSAccount {
    let listings = ["-Sn", "-Ln --thresholds", "-Ln --timeout", "-Ln --daemon"]
    let input = (lines + listings + afterwards).map { $0 + "\n" }.joined()
    return try IPVSAccount(LVSSandbox.succeed(["ipvsadm", "-R"], in: name, input: input).output)
  }
}

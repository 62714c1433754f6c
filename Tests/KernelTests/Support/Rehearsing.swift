import Glibc
import LVSConfig
import LVSModel
import LVSRehearsal
import LVSSandbox

/// Two gateways and two application servers behind them, one of which listens on another port.
let natCluster = """
  directors:
    - { name: gateway1, address: [203.0.113.2, 10.0.0.2], interface: wan0 }
    - { name: gateway2, address: [203.0.113.3, 10.0.0.3], interface: wan0 }
  real_servers:
    - { name: app1, address: 10.0.0.11 }
    - { name: app2, address: 10.0.0.12 }
  vips: [{ address: 10.0.0.1, interface: lan0 }]
  services: [{ vip: 203.0.113.100, port: 80, scheduler: rr, forward: nat, real_servers: [{ server: app1, port: 8080 }, app2] }]

  """

/// Rehearses a cluster file with this text in the sandbox's own kernel; `edit` breaks what the test is about.
func rehearse(
  _ cluster: String, from former: String? = nil, only: [CheckName] = CheckName.allCases, networks: [Prefix] = [],
  requests: Int = 40, edit: @escaping (Network, [String: Responder]) throws -> Void = { _, _ in }
) throws -> RehearsalReport {
  var request = RehearsalRequest(try readCluster(cluster))
  request.former = try former.map { try readCluster($0) }
  request.only = Set(only)
  request.networks = networks
  request.requests = requests
  let rehearsal = Rehearsal(request)
  rehearsal.edit = edit
  return try withRehearsalState { try rehearsal.run() }
}

/// Has what is remembered of machines in a folder of its own, as for all that a rehearsal applies it is in one process.
private func withRehearsalState<Result>(_ body: () throws -> Result) throws -> Result {
  var template = Array("/run/rehearsal-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw FileFailure("/run") }
  let before = getenv("LVSCTL_STATE_DIR").map { String(cString: $0) }
  setenv("LVSCTL_STATE_DIR", template, 1)
  defer { if let before { setenv("LVSCTL_STATE_DIR", before, 1) } else { unsetenv("LVSCTL_STATE_DIR") } }
  return try body()
}

extension RehearsalReport {
  /// The results of a check.
  func results(_ name: CheckName) -> [CheckResult] { checks.filter { $0.name == name } }

  /// What failed, a line each.
  var failures: [String] {
    checks.filter { $0.result == .fail }.map { "\($0.name.rawValue) \($0.node ?? "-"): \($0.evidence.text)" }
  }
}

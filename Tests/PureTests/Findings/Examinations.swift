import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

/// A node of a file on a made-up machine, and what is found there.
struct MadeUpMachine {
  var addresses: [(text: String, interface: String)]
  var links = [
    NetworkLink("lo", isLoopback: true, answersARP: false), NetworkLink("ens33"), NetworkLink("ens34"),
  ]
  var surroundings = Surroundings()
  /// Sysctls, modules and services that are there.
  var observed = HostState()

  /// A machine with addresses as `ip` writes them, on ens33 unless `dev NAME` follows.
  init(_ addresses: String...) {
    self.addresses = addresses.map { text in
      let words = text.split(separator: " ").map(String.init)
      return (words[0], words.count > 2 ? words[2] : "ens33")
    }
  }

  private var state: HostState {
    var state = observed
    for (text, interface) in addresses {
      let parts = text.split(separator: "/").map(String.init)
      let id = AddressID(
        ip(parts[0]), prefixLength: parts.count > 1 ? UInt8(parts[1]) : nil, interface: interface)
      state.addresses[id] = AddressSettings(mark: 0)
    }
    return state
  }

  private func examination(_ file: ClusterFile, _ name: String, _ role: RoleRequest) throws -> Examination {
    let node = try file.node(named: name, role: role)
    return Examination(file, node, file.target(for: node), observed: state, links: links)
  }

  func query(_ name: String, of text: String, role: RoleRequest = .auto) throws -> FindingQuery {
    try examination(good(text), name, role).query
  }

  func findings(_ name: String, of text: String, role: RoleRequest = .auto) throws -> [Finding] {
    try examination(good(text), name, role).findings(surroundings)
  }

  /// `CODE SUBJECT` of each finding.
  func codes(_ name: String, of text: String, role: RoleRequest = .auto) throws -> [String] {
    try findings(name, of: text, role: role).map { "\($0.code.rawValue) \($0.subject ?? "")" }
  }

  func refusals(_ name: String, of text: String, role: RoleRequest = .auto) throws -> [Finding] {
    let file = try good(text)
    let node = try file.node(named: name, role: role)
    return InterfaceFit(file, node, file.target(for: node), observed: state, links: links).refusals
  }
}

/// An address that a test writes down.
func ip(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(ipv4: 0) }

import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

/// Surroundings in which whatever is asked for cannot be read.
let unknownSurroundings = {
  var surroundings = Surroundings()
  surroundings.guePorts = nil
  return surroundings
}()

/// A node of a file on a made-up machine, and what is found there.
struct MadeUpMachine {
  var addresses: [(text: String, interface: String)]
  var links = [
    NetworkLink("lo", isLoopback: true, answersARP: false), NetworkLink("ens33"), NetworkLink("ens34"),
  ]
  var surroundings = unknownSurroundings
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

  func query(_ name: String, of text: String, role: RoleRequest = .auto) throws -> SurroundingsQuery {
    try examination(good(text), name, role).query
  }

  func findings(_ name: String, of text: String, role: RoleRequest = .auto) throws -> [Finding] {
    let examination = try examination(good(text), name, role)
    return examination.findings(surroundings.answering(examination.query))
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

extension Surroundings {
  /// What a query asks of these surroundings, and nothing else; what they do not have is not known.
  func answering(_ query: SurroundingsQuery) -> Surroundings {
    var answers = Surroundings()
    for name in query.sysctls { answers.sysctls[name] = sysctls.found[name] ?? nil }
    for question in query.routes { answers.routes[question] = routes.found[question] ?? nil }
    for family in query.gateways { answers.gateways[family] = gateways.found[family] ?? nil }
    if query.readsGUEPorts { answers.guePorts = guePorts }
    return answers
  }
}

/// An address that a test writes down.
func ip(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(ipv4: 0) }

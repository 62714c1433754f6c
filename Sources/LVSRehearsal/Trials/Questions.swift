import LVSConfig
import LVSModel
import LVSSandbox
import LVSText

/// What checks of a file ask of what answers on its real servers.
struct Questions {
  /// Texts that pages have to contain, by machine.
  private(set) var texts: [String: [String]] = [:]
  /// Ports that are asked beside those of services, by machine.
  private(set) var ports: [String: Set<CheckedPort>] = [:]
  /// Services with a check that cannot pass here, and why.
  private(set) var obstacles: [ServiceID: Message] = [:]

  struct CheckedPort: Hashable {
    var transport: Transport
    var port: UInt16
  }

  init(_ file: ClusterFile) {
    let stations = file.stations
    for service in file.services {
      for member in service.realServers {
        let own = file.realServers[member.server].addresses
        let station = stations[member.id.address]
        for check in member.checks ?? service.health.checks {
          if let address = check.address, !own.contains(address) {
            obstacles[service.id] = "A check asks \(address), which is no real server's."
          }
          if let obstacle = obstacle(to: check) { obstacles[service.id] = obstacle }
          guard let station else { continue }
          if case .http(let http) = check.means, let body = http.body { texts[station, default: []].append(body) }
          if let port = check.port {
            let transport: Transport = if case .udp = check.means { .udp } else { .tcp }
            ports[station, default: []].insert(CheckedPort(transport: transport, port: port))
          }
        }
      }
    }
  }

  /// What the real servers of a rehearsal do not have.
  private func obstacle(to check: Check) -> Message? {
    switch check.means {
    case .tcp: return nil
    case .http(let http):
      if http.isSecure { return "Its check is https, and what answers here has no certificate." }
      return http.status.contains { $0.contains(200) } ? nil : "Its check wants another status than 200."
    case .udp(let udp):
      // What is sent comes back with the answer.
      guard let expect = udp.expect, udp.send?.contains(expect) != true else { return nil }
      return "Its check wants an answer that only the real service has."
    case .exec(let words): return "Its check runs \(words[0]), which knows the real service alone."
    }
  }
}

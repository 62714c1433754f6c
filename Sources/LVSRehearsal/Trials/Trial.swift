import LVSConfig
import LVSModel
import LVSPlan
import LVSSandbox
import LVSText

/// A service as a client tries it.
public struct Trial: Sendable {
  /// A real server that the service has in the director's table.
  public struct Member: Sendable, Hashable {
    /// The machine that answers.
    public var station: String
    /// What it is in the table.
    public var id: RealServerID
    /// Its settings there.
    public var settings: RealServerSettings
    /// The port that it is asked on.
    public var port: UInt16
  }

  /// The service.
  public var service: ServiceID
  /// Its settings.
  public var settings: ServiceSettings
  /// What the client asks.
  public var transport: Transport
  /// The VIP.
  public var vip: IPAddress
  /// The port.
  public var port: UInt16
  /// Its real servers.
  public var members: [Member]
  /// What serves while none of its real servers is up, where there is something.
  public var fallback: Member?
  /// Whether it has checks, which take real servers out that do not answer.
  public var isChecked: Bool
  /// For how many seconds a real server may be dead, or alive again, until its checks have told.
  public var patience = 0
  /// Why it cannot be tried; nil where it can.
  public var obstacle: Message?

  /// The members that get new connections.
  var weighted: [Member] { members.filter { $0.settings.weight > 0 } }

  /// The question as the client asks it, from any of these addresses.
  func question(from sources: [IPAddress] = []) -> Question {
    Question(transport, to: vip.description, port: port, sources: sources.map(\.description))
  }
}

extension Transport {
  init(_ transport: TransportProtocol) {
    switch transport {
    case .tcp: self = .tcp
    case .udp: self = .udp
    case .sctp: self = .sctp
    }
  }
}

extension ClusterFile {
  /// What a client tries of each service, as the active director of that name balances it.
  func trials(directedBy director: String) throws(Unbuildable) -> [Trial] {
    let node: Node
    do {
      node = try self.node(named: director, role: .director)
    } catch {
      throw Unbuildable(error.message)
    }
    let table = target(for: node).state.services
    let stations = stations
    var ports = MarkedPorts(self)
    var trials: [Trial] = []
    for service in services {
      let entry = table[service.id]
      let asked = ports.question(of: service.id)
      var trial = Trial(
        service: service.id, settings: service.settings, transport: asked.transport,
        vip: asked.vip ?? service.id.unspecified,
        port: asked.port, members: [], isChecked: !service.health.checks.isEmpty || service.realServers.haveOwnChecks)
      let checks = service.health.checks + service.realServers.flatMap { $0.checks ?? [] }
      trial.patience = checks.map { ($0.interval + $0.timeout) * max($0.fall, $0.rise) }.max() ?? 0
      if asked.vip == nil { trial.obstacle = "The file lists no VIP for its packets." }
      if service.isHeldExternally { trial.obstacle = "Another program holds it, which does not run here." }
      if entry == nil && trial.obstacle == nil {
        trial.obstacle = "\(director) is a real server of it and leaves it out."
      }
      func member(_ id: RealServerID, _ settings: RealServerSettings) -> Trial.Member? {
        let station = id.address.isLoopback ? director : stations[id.address]
        guard let station else { return nil }
        return Trial.Member(station: station, id: id, settings: settings, port: id.port == 0 ? asked.port : id.port)
      }
      for (id, settings) in (entry?.realServers ?? [:]).sorted(by: { $0.key < $1.key }) {
        if let member = member(id, settings) { trial.members.append(member) }
      }
      if service.health.hasFallback, let last = service.realServers.last {
        trial.fallback = member(last.id, last.settings)
      }
      if trial.obstacle == nil && trial.weighted.isEmpty { trial.obstacle = "None of its real servers has a weight." }
      trials.append(trial)
    }
    return trials
  }
}

extension ServiceID {
  /// No address, of the service's family.
  fileprivate var unspecified: IPAddress {
    family == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(ipv6High: 0, low: 0)
  }
}

import LVSConfig
import LVSModel
import LVSText

/// A node of the file on this machine, held against each rule.
///
/// A rule says first what it has to know (``query``) and then what it finds. What it cannot know it is silent about: a
/// false alarm is worse than silence. Findings are about what is left when the plan has been carried out.
public struct Examination {
  let file: ClusterFile
  let node: Node
  let target: Target
  let observed: HostState
  let health: HealthView
  /// The interfaces of this machine by name.
  let links: [String: NetworkLink]
  let uses: RealServerUses
  /// The networks that this machine has addresses in.
  let networks: [ConnectedNetwork]
  let held: Set<IPAddress>

  /// Prepares the examination of a node; `observed` has all addresses of this machine, `links` its interfaces, and `health`
  /// is what the target was made with.
  public init(
    _ file: ClusterFile, _ node: Node, _ target: Target, observed: HostState, links: [NetworkLink],
    health: Health = Health()
  ) {
    self.file = file
    self.node = node
    self.target = target
    self.observed = observed
    self.health = HealthView(file, health)
    self.links = Dictionary(links.map { ($0.name, $0) }) { first, _ in first }
    uses = RealServerUses(file)
    let loopbacks = Set(links.lazy.filter(\.isLoopback).map(\.name))
    // A network on a loopback interface is this machine itself.
    networks = Array(
      Set(observed.addresses.keys.lazy.filter { !loopbacks.contains($0.interface) }.compactMap { ConnectedNetwork($0) })
    )
    held = Set(observed.addresses.keys.lazy.map(\.address))
  }

  /// What has to be looked at for ``findings(_:)``.
  public var query: SurroundingsQuery {
    var query = SurroundingsQuery()
    askReach(&query)
    askReturnPath(&query)
    askGUEPorts(&query)
    askARP(&query)
    askReversePath(&query)
    return query
  }

  /// What there is to say, errors first, each thing once; `unsigned` are the addresses that the plan leaves to whoever
  /// added them.
  public func findings(_ surroundings: Surroundings, unsigned: [AddressID] = []) -> [Finding] {
    var all = linkFindings() + addressFindings() + reachFindings(surroundings)
    all += guePortFindings(surroundings) + returnPathFindings(surroundings) + reversePathFindings(surroundings)
    all += arpFindings(surroundings) + sameNetworkFindings() + fwmarkFindings() + weightFindings() + quorumFindings()
    all += unsigned.map(unsignedFinding)
    var seen: Set<Finding> = []
    let unique = all.filter { seen.insert($0).inserted }
    return Finding.Severity.allCases.flatMap { severity in unique.filter { $0.severity == severity } }
  }

  private func unsignedFinding(_ id: AddressID) -> Finding {
    finding(
      .unsignedAddress, .note, id.description,
      "The address \(id) was added by somebody else: it serves, and lvsctl neither changes nor removes it.",
      help: "lvsctl apply --adopt signs it as lvsctl's, without taking it off the interface.")
  }

  /// Whether this node balances, now or when it takes over.
  var isDirecting: Bool { node.directing != nil }

  /// The real server that this node is, unless it is the active director: what that serves itself never leaves it.
  var servingIndex: Int? { node.directing?.role == .director ? nil : node.realServer }

  func finding(
    _ code: FindingCode, _ severity: Finding.Severity, _ subject: String, _ message: Message,
    facts: [Finding.Fact] = [], help: Message? = nil
  ) -> Finding {
    Finding(code, severity, node: node.name, subject: subject, message, facts: facts, help: help)
  }

  /// A sysctl's value when the plan has been carried out.
  func sysctl(_ name: String, _ surroundings: Surroundings) -> Int? {
    (target.state.sysctls[name] ?? surroundings.sysctls[name] ?? observed.sysctls[name]).flatMap { Int($0) }
  }

  /// The greater of what is set for all interfaces and for one, which is what counts for several sysctls
  /// (IN_DEV_MAXCONF of the kernel); nil where one of them is not known.
  func greatest(_ key: String, _ interface: String, _ surroundings: Surroundings) -> Int? {
    guard let all = sysctl(interfaceSysctl(.ipv4, "all", key), surroundings),
      let own = sysctl(interfaceSysctl(.ipv4, interface, key), surroundings)
    else { return nil }
    return max(all, own)
  }
}

import LVSKernel
import LVSModel
import LVSNode
import LVSRender
import LVSSandbox
import LVSText

/// Why a machine does not answer, as far as the machines themselves can tell.
extension Stage {
  /// What is wrong at a real server, or at the directors, for what it is sent; empty where nothing is to be seen.
  func causes(at station: String, _ members: [(transport: Transport, port: UInt16)]) -> [Message] {
    var causes =
      differenceWords(station) + silentPorts(station, members) + wrongGateways(of: station) + findingWords(at: station)
    for director in directors where director != station {
      causes += differenceWords(director)
      let addresses = Set(file.realServers.filter { $0.name == station }.flatMap(\.addresses).map(\.description))
      causes += findingWords(at: director) { $0.subject.map(addresses.contains) == true || $0.severity == .error }
    }
    var seen: Set<Message> = []
    return causes.filter { seen.insert($0).inserted }
  }

  /// Causes as sentences behind what was found; where there are none, that is said too.
  func because(_ causes: [Message], of station: String) -> Message {
    if causes.isEmpty {
      return
        " \(station) and the directors are what the file says, and its ports are listened to: the cause lies elsewhere."
    }
    let shown: Message = causes.prefix(4).map { " " + $0 }.joined()
    return causes.count > 4 ? shown + " And \(causes.count - 4) more." : shown
  }

  /// What of a node is not what the file says.
  func differenceWords(_ node: String) -> [Message] {
    do {
      return try differences(node).changes.map { "\(node) is not what the file says: \($0.story(file.serverNames))." }
    } catch {
      return ["\(node) cannot be looked at: \(error)"]
    }
  }

  private func findingWords(at node: String, _ isMeant: (Finding) -> Bool = { $0.severity != .note }) -> [Message] {
    guard let findings = try? examine(node) else { return [] }
    return findings.filter(isMeant).map { "\(node): \($0.message)" }
  }

  /// Where a real server by NAT sends its replies to, if that is not the active director.
  private func wrongGateways(of station: String) -> [Message] {
    var addresses: Set<IPAddress> = []
    for member in trials.flatMap(\.members) where member.station == station && member.settings.forward == .nat {
      if !member.id.address.isLoopback { addresses.insert(member.id.address) }
    }
    return addresses.sorted().compactMap { address in
      guard let client = topology.sources[address.family]?.first, let held = try? heldAddresses(at: active) else {
        return nil
      }
      let question = RouteQuestion(client, from: address)
      let answer = try? on(station) {
        var query = ObservationQuery()
        query.surroundings.routes = [question]
        return try KernelConnection().observe(query).surroundings.routes[question]
      }
      guard case .gateway(let gateway?, _) = answer, !held.contains(gateway) else { return nil }
      return "\(station) sends its replies to \(gateway), which is no address of \(active)."
    }
  }

  private func heldAddresses(at station: String) throws -> Set<IPAddress> {
    try on(station) { Set(try KernelConnection().addresses().map(\.address)) }
  }

  private func silentPorts(_ station: String, _ members: [(transport: Transport, port: UInt16)]) -> [Message] {
    guard let listeners = try? on(station, { try SocketTable.listeners() }) else { return [] }
    return members.compactMap { transport, port in
      let wanted: TransportProtocol? =
        switch transport {
        case .tcp: .tcp
        case .udp: .udp
        case .sctp: nil
        }
      guard let wanted, !listeners.contains(where: { $0.transport == wanted && $0.port == port }) else { return nil }
      return "Nothing listens on \(transport.rawValue) port \(Int(port)) of \(station)."
    }
  }
}

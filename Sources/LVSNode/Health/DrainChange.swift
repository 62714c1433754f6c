import Glibc
import LVSConfig
import LVSModel
import LVSPlan
import LVSText

/// A node with a real server drained, and without that: what lies between the two is all that a drain, or its end, does.
struct DrainChange {
  /// The session as it is to be.
  let wanted: NodeSession
  private let former: NodeSession
  private let server: String
  private let drains: Bool
  /// The real server's places in services that are in the table by the file.
  private let places: [ServiceID: Set<RealServerID>]

  init(_ request: DrainRequest, _ session: NodeSession) {
    var health = session.health
    let isDrained = health.drains[request.server] != nil
    health.drains[request.server] = health.drains[request.server] ?? time(nil)
    let drained = session.with(health)
    health.drains[request.server] = nil
    let undrained = session.with(health)
    // To bring back what is not drained is nothing: its weight may be 0 for a reason of somebody else's.
    former = request.drains || !isDrained ? undrained : drained
    wanted = request.drains ? drained : undrained
    server = request.server
    drains = request.drains
    places = Self.places(of: request.server, in: session)
  }

  private static func places(of server: String, in session: NodeSession) -> [ServiceID: Set<RealServerID>] {
    guard let index = session.file.realServers.firstIndex(where: { $0.name == server }) else { return [:] }
    var places: [ServiceID: Set<RealServerID>] = [:]
    for service in session.file.services where session.target.state.services[service.id] != nil {
      let ids = service.realServers.lazy.filter { $0.server == index }.map(\.id)
      if !ids.isEmpty { places[service.id] = Set(ids) }
    }
    return places
  }

  /// The steps from what the node holds, and no others.
  func plan(from observed: HostState) -> Plan {
    Plan.healthSteps(from: former.target, to: wanted.target, of: observed, weighing: drains ? places : [:])
  }

  /// Where it is in the table, and is to run empty.
  func draining(in observed: HostState) -> [Draining] {
    places.keys.sorted().flatMap { service in
      (places[service] ?? []).sorted().filter { observed.services[service]?.realServers[$0] != nil }.map {
        Draining(service: service, realServer: $0)
      }
    }
  }

  /// Whether persistence binds clients to it.
  func bindsClients(in observed: HostState) -> Bool {
    draining(in: observed).contains { observed.services[$0.service]?.settings.persistence != nil }
  }

  /// That clients are refused which a scheduler hashes to it (ip_vs_sh_schedule).
  private func refusingServices(_ observed: HostState) -> [Message] {
    let refusing = places.keys.filter { service in
      guard let settings = observed.services[service]?.settings else { return false }
      return settings.scheduler.name == "sh" && !settings.schedulerFlags.contains(.flag1)
    }.sorted()
    guard let first = refusing.first else { return [] }
    let more: Message = refusing.count > 1 ? " and \(refusing.count - 1) more" : ""
    return [
      """
      The scheduler sh refuses the clients of \(first)\(more) that it hashes to \(server) while its weight is 0; with \
      `scheduler_flags: [sh-fallback]` they would get another real server.
      """
    ]
  }

  /// What an operator has to know of services in which it does not do what was asked for.
  func notes(of observed: HostState) -> [Message] {
    if places.isEmpty {
      let isInFile = wanted.file.realServers.contains { $0.name == server }
      return [
        isInFile
          ? "No service that \(wanted.node.name) balances has \(server)."
          : "The file has no real server of the name \(server) any more; it is not drained any more either."
      ]
    }
    if drains { return refusingServices(observed) }
    let found = wanted.file.memberHealth(wanted.health, in: wanted.target)
    var down: [ServerHealth] = []
    for (service, ids) in places.sorted(by: { $0.key < $1.key }) {
      down += (found[service] ?? []).filter { ids.contains($0.id) && $0.health?.state == .down }.compactMap(\.health)
    }
    guard let first = down.first else { return [] }
    let since: Message = first.since.map { " since \(utcText($0))" } ?? ""
    return [
      """
      \(server) is down in \(counted(down.count, "service"))\(since) (\(first.reason ?? "no reason is known")): it stays \
      out of there until it answers.
      """
    ]
  }
}

import CNetlink
import Glibc
import LVSModel

extension KernelConnection {
  /// What of this machine findings ask for, and no more; changes nothing, and loads no module.
  ///
  /// What cannot be read is left out: findings are silent about what is not known, and no command fails for their sake.
  package func surroundings(_ query: FindingQuery) -> Surroundings {
    var surroundings = Surroundings()
    if query.readsLinks { surroundings.links = (try? links())?.map(\.network) }
    observe(query, into: &surroundings)
    return surroundings
  }

  /// Reads what is asked for but for the interfaces.
  func observe(_ query: FindingQuery, into surroundings: inout Surroundings) {
    for name in query.sysctls { surroundings.sysctls[name] = try? Sysctl(name)?.read() }
    if !query.routes.isEmpty || query.readsNeighbours {
      let links = query.knownLinks ?? surroundings.links ?? (try? links())?.map(\.network) ?? []
      for question in query.routes { surroundings.routes[question] = try? answer(to: question, among: links) }
      if query.readsNeighbours { surroundings.neighbours = try? neighbours(on: links) }
    }
    if query.readsListeners { surroundings.listeners = try? SocketTable.listeners() }
    for family in query.gateways { surroundings.gateways[family] = try? gateways(family) }
    // Asking for the family would load the module; without it nothing is taken apart.
    if query.readsGUEPorts {
      surroundings.guePorts = KernelModule("fou")?.isLoaded == true ? try? guePorts() : []
    }
  }

  /// Where the kernel sends packets to, by its tables and rules.
  func answer(to question: RouteQuestion, among links: [NetworkLink]) throws(NetlinkError) -> RouteAnswer? {
    var builder = MessageBuilder()
    builder.routeQuestion(question)
    let request = "find the route to \(question.destination)"
    do throws(NetlinkError) {
      let way = try route().get(&builder, describing: request, into: RouteRecord?.none) { route, bytes, message in
        if CInt(message.type) == CInt(RTM_NEWROUTE) { route = RouteRecord(message, in: bytes) }
        return true
      }
      return way.flatMap { answer($0, among: links) }
    } catch {
      // No route, and those of the types unreachable, prohibit and blackhole (fib_props in net/ipv4/fib_semantics.c).
      let nowhere = [ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL]
      if question.source == nil ? nowhere.contains(error.errno) : error.errno == ENETUNREACH { return .unreachable }
      throw error
    }
  }

  private func answer(_ way: RouteRecord, among links: [NetworkLink]) -> RouteAnswer? {
    switch CInt(way.type) {
    case CInt(RTN_LOCAL): return .local
    case CInt(RTN_UNREACHABLE), CInt(RTN_PROHIBIT), CInt(RTN_BLACKHOLE): return .unreachable
    case CInt(RTN_UNICAST): break
    default: return nil
    }
    guard let name = links.first(where: { $0.index == way.interfaceIndex })?.name else { return nil }
    return way.hasGateway ? .gateway(way.gateway, interface: name) : .onLink(interface: name)
  }
}

extension Link {
  /// What findings and refusals have to know of it.
  package var network: NetworkLink {
    func has(_ flag: Int) -> Bool { flags & UInt32(flag) != 0 }
    let isLoopback = has(Int(IFF_LOOPBACK.rawValue))
    // Nobody is at the other end of a dummy, and a tunnel has no addresses to resolve.
    let isMute = isLoopback || has(Int(IFF_NOARP.rawValue)) || kind.map(Self.muteKinds.contains) == true
    return NetworkLink(
      name, alternativeNames: alternativeNames, isUp: isUp, hasCarrier: has(0x10000),  // IFF_LOWER_UP, linux/if.h
      isLoopback: isLoopback, answersARP: !isMute, index: index, mtu: mtu, kind: kind)
  }

  /// IFLA_INFO_KIND of devices that answer for nothing.
  private static let muteKinds: Set<String> = [
    "dummy", "ipip", "sit", "ip6tnl", "gre", "ip6gre", "vti", "vti6", "xfrm", "wireguard",
  ]
}

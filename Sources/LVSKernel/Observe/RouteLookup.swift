import CNetlink
import Glibc
import LVSModel

extension KernelConnection {
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

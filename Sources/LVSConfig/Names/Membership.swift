/// Which real servers one list has named: stamps instead of a set for each list, so that many short lists cost little.
struct Membership {
  private struct Stamp {
    var list = 0
    var place: UInt32 = 0
    var port: UInt16?
  }

  private struct Named: Hashable {
    var server: Int
    var port: UInt16?
  }

  private var stamps: [Stamp] = []
  private var list = 0
  /// The second and further entries of one server in the list, with their ports.
  private var further: [Named: UInt32] = [:]
  /// Whether the list names a server more than once, with different ports.
  private(set) var hasFurther = false

  /// Forgets the list before.
  mutating func beginList(realServers: Int) {
    list += 1
    hasFurther = false
    if !further.isEmpty { further = [:] }
    if stamps.count < realServers { stamps += repeatElement(Stamp(), count: realServers - stamps.count) }
  }

  /// Notes a real server, or gives the character where the same list named it before with the same port.
  mutating func insert(_ server: Int, port: UInt16? = nil, at place: Place) -> UInt32? {
    guard stamps[server].list == list else {
      stamps[server] = Stamp(list: list, place: place.start, port: port)
      return nil
    }
    if stamps[server].port == port { return stamps[server].place }
    let named = Named(server: server, port: port)
    if let first = further[named] { return first }
    further[named] = place.start
    hasFurther = true
    return nil
  }
}

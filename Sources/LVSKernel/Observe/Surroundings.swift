import CNetlink
import Glibc
import LVSModel

extension KernelConnection {
  /// What of this machine findings ask for, and no more; changes nothing, and loads no module.
  ///
  /// What cannot be read is left out: findings are silent about what is not known, and no command fails for their sake.
  public func surroundings(_ query: SurroundingsQuery) -> Surroundings {
    var surroundings = Surroundings()
    observe(query, into: &surroundings)
    return surroundings
  }

  /// Reads what is asked for.
  func observe(_ query: SurroundingsQuery, into surroundings: inout Surroundings) {
    for name in query.sysctls { surroundings.sysctls[name] = try? Sysctl(name)?.read() }
    if !query.routes.isEmpty || query.readsNeighbours {
      let links = query.knownInterfaces ?? (try? links())?.map(\.network)
      for question in query.routes {
        surroundings.routes[question] = links.flatMap { try? answer(to: question, among: $0) }
      }
      if query.readsNeighbours { surroundings.neighbours = links.flatMap { try? neighbours(on: $0) } }
    }
    if query.readsListeners { surroundings.listeners = try? SocketTable.listeners() }
    for family in query.gateways { surroundings.gateways[family] = try? gateways(family) }
    // Asking for the family would load the module; without it nothing is taken apart.
    if query.readsGUEPorts {
      surroundings.guePorts = KernelModule("fou")?.isLoaded == true ? try? guePorts() : []
    }
  }
}

import CNetlink
import LVSModel
import LVSSystem

extension KernelConnection {
  /// What this machine holds of what is asked for; changes nothing, and loads no module.
  ///
  /// Where IPVS is not loaded there are no services, timeouts or daemons. A sysctl that the kernel does not have, and one
  /// whose name is no name, is left out.
  package func observe(_ query: ObservationQuery) throws(ObservationError) -> HostState {
    var state = HostState()
    do throws(SystemError) {
      for name in query.sysctls {
        if let value = try Sysctl(name)?.read() { state.sysctls[name] = value }
      }
      state.modules = query.modules.filter { KernelModule($0)?.isLoaded ?? false }
    } catch {
      throw .system(error)
    }
    do throws(NetlinkError) {
      try observeNetwork(query, into: &state)
      if query.readsIPVS { try observeIPVS(query, into: &state) }
    } catch {
      throw .netlink(error)
    }
    return state
  }

  private func observeNetwork(_ query: ObservationQuery, into state: inout HostState) throws(NetlinkError) {
    guard
      query.readsLinks || query.readsAddresses || query.readsHostRoutes || query.readsMarkedRoutes
        || !query.routeInterfaces.isEmpty
    else { return }
    let links = try links()
    if query.readsLinks {
      for link in links { state.links[link.name] = LinkSettings(isUp: link.isUp) }
    }
    if query.readsAddresses { try observeAddresses(links, into: &state) }
    for link in links where query.routeInterfaces.contains(link.name) {
      for record in try routes(throughIndex: link.index) { note(record, through: link.name, in: &state) }
    }
    if query.readsMarkedRoutes || query.readsHostRoutes {
      let names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
      for record in try query.readsHostRoutes ? directRoutes() : routes(marked: ownershipMark) {
        if let name = names[record.interfaceIndex] { note(record, through: name, in: &state) }
      }
    }
  }

  private func observeAddresses(_ links: [Link], into state: inout HostState) throws(NetlinkError) {
    let names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
    for record in try addresses() {
      // An interface that came up since the links were read is not one the plan can be about.
      guard let name = names[record.interfaceIndex] else { continue }
      let id = AddressID(record.address, prefixLength: record.prefixLength, interface: name)
      state.addresses[id] = AddressSettings(label: record.label == name ? nil : record.label, mark: record.mark)
    }
  }

  private func note(_ record: RouteRecord, through interface: String, in state: inout HostState) {
    guard record.prefixLength == record.destination.family.hostPrefixLength else { return }
    let id = RouteID(record.destination, prefixLength: record.prefixLength, interface: interface)
    // The kernel adds an IPv6 route of its own beside each address, with another metric: the marked one counts.
    if state.routes[id]?.mark != ownershipMark { state.routes[id] = RouteSettings(mark: record.mark) }
  }

  private func observeIPVS(_ query: ObservationQuery, into state: inout HostState) throws(NetlinkError) {
    // Without this look the netlink family would be asked for, and the kernel would load the module.
    guard IPVSAvailability.isLoaded else { return }
    if query.readsServices { state.services = try services(probably: query.probableServices) }
    if query.readsTimeouts { state.timeouts = try timeouts() }
    if query.readsSyncDaemons { state.syncDaemons = try syncDaemons() }
  }
}

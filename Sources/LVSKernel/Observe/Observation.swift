import CNetlink
import LVSModel
import LVSSystem

extension KernelConnection {
  /// What this machine holds of what is asked for; changes nothing, and loads no module.
  ///
  /// Where IPVS is not loaded there are no services, timeouts or daemons. A sysctl that the kernel does not have, and one
  /// whose name is no name, is left out.
  public func observe(_ query: ObservationQuery) throws(ObservationError) -> Observed {
    var observed = Observed()
    do throws(SystemError) {
      for name in query.sysctls {
        if let value = try Sysctl(name)?.read() { observed.state.sysctls[name] = value }
      }
      observed.state.modules = query.modules.filter { KernelModule($0)?.isLoaded ?? false }
    } catch {
      throw .system(error)
    }
    if query.readsCounters { observed.activity = nil }
    do throws(NetlinkError) {
      if query.readsNetwork { try observeNetwork(query, into: &observed) }
      // Without this look the netlink family would be asked for, and the kernel would load the module.
      if query.readsIPVS && IPVSAvailability.isLoaded { try observeIPVS(query, into: &observed) }
    } catch {
      throw .netlink(error)
    }
    do throws(SystemError) {
      // Kernels before 5.16 do not have it, and always estimate (Documentation/networking/ipvs-sysctl.rst).
      if query.readsCounters, observed.activity != nil {
        observed.activity?.estimatesRates = try Sysctl("net.ipv4.vs.run_estimation")?.read() != "0"
      }
      if query.readsSysctlTree {
        let tree = try SysctlTree.read()
        observed.state.sysctls = tree.values
        observed.withheldSysctls = tree.withheld
      }
    } catch {
      throw .system(error)
    }
    observe(query.surroundings, into: &observed.surroundings)
    return observed
  }

  private func observeNetwork(_ query: ObservationQuery, into observed: inout Observed) throws(NetlinkError) {
    let links = try links()
    if query.readsInterfaces { observed.interfaces = links.map(\.network) }
    if query.readsLinks {
      for link in links { observed.state.links[link.name] = LinkSettings(isUp: link.isUp) }
    }
    if query.readsAddresses { observed.state.addresses = try addresses(on: links) }
    for link in links where query.routeInterfaces.contains(link.name) {
      for record in try routes(throughIndex: link.index) { observed.state.note(record, through: link.name) }
    }
    if query.readsMarkedRoutes || query.readsHostRoutes {
      let names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
      for record in try query.readsHostRoutes ? directRoutes() : routes(marked: ownershipMark) {
        if let name = names[record.interfaceIndex] { observed.state.note(record, through: name) }
      }
    }
  }

  private func observeIPVS(_ query: ObservationQuery, into observed: inout Observed) throws(NetlinkError) {
    if query.readsServices && !query.readsCounters {
      observed.state.services = try services(probably: query.probableServices)
    }
    if query.readsTimeouts { observed.state.timeouts = try timeouts() }
    if query.readsCounters {
      let table = try table(probably: query.probableServices)
      observed.state.services = table.mapValues(\.service)
      observed.activity = IPVSActivity(counters: table.mapValues(\.counters), info: nil, estimatesRates: true)
    }
    if query.readsSyncDaemons || query.readsCounters { observed.state.syncDaemons = try syncDaemons() }
    if query.readsCounters { observed.activity?.info = try info() }
  }
}

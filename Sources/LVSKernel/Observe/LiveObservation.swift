import LVSModel
import LVSSystem

/// What this machine holds and what it is doing, from one look.
package struct LiveObservation: Equatable, Sendable {
  /// What it holds of what was asked for; the services and sync daemons are all there, whatever was asked for.
  package var state: HostState
  /// What its services are doing.
  package var counters: [ServiceID: ServiceCounters] = [:]
  /// What IPVS says of itself, nil where it is not loaded.
  package var ipvs: IPVSInfo?
  /// Whether the kernel keeps rates up to date; they mean nothing where it does not.
  package var estimatesRates = true

  /// Creates an observation of a state of which nobody knows what it is doing.
  package init(state: HostState) { self.state = state }
}

extension KernelConnection {
  /// What this machine holds of what is asked for, and what its services are doing; changes nothing, loads no module.
  ///
  /// Where IPVS is not loaded there are no services, counters or daemons.
  package func observeLive(_ query: ObservationQuery) throws(ObservationError) -> LiveObservation {
    var others = query
    others.readsServices = false
    others.readsSyncDaemons = false
    var live = LiveObservation(state: try observe(others))
    guard IPVSAvailability.isLoaded else { return live }
    do throws(NetlinkError) {
      let table = try table(probably: query.probableServices)
      live.state.services = table.mapValues(\.service)
      live.counters = table.mapValues(\.counters)
      live.state.syncDaemons = try syncDaemons()
      live.ipvs = try info()
    } catch {
      throw .netlink(error)
    }
    do throws(SystemError) {
      // Kernels before 5.16 do not have it, and always estimate (Documentation/networking/ipvs-sysctl.rst).
      live.estimatesRates = try Sysctl("net.ipv4.vs.run_estimation")?.read() != "0"
    } catch {
      throw .system(error)
    }
    return live
  }
}

import Glibc
import LVSModel

extension Simulation {
  /// Without the module there is no such family of generic netlink.
  private func requireIPVS() throws(Refusal) {
    if !state.modules.contains("ip_vs") { throw Refusal(ENOENT, "ctrl_getfamily: there is no family IPVS") }
  }
}

// MARK: Services and real servers

extension Simulation {
  mutating func setService(_ id: ServiceID, _ difference: Difference<ServiceSettings>) throws(Refusal) {
    try requireIPVS()
    let found = state.services[id]
    guard let settings = difference.after else {
      guard let found else { throw Refusal(ESRCH, "ip_vs_genl_set_cmd: there is no such service") }
      // Its real servers go with it (__ip_vs_del_service).
      mixedRealServers -= found.mixedRealServers(id)
      state.services[id] = nil
      return
    }
    if difference.before == nil {
      if found != nil { throw Refusal(EEXIST, "ip_vs_genl_set_cmd: the service is there already") }
      state.services[id] = VirtualService(settings: settings)
    } else {
      if found == nil { throw Refusal(ESRCH, "ip_vs_genl_set_cmd: there is no such service") }
      state.services[id]?.settings = settings
    }
  }

  mutating func setRealServer(
    _ id: RealServerID, of service: ServiceID, _ difference: Difference<RealServerSettings>
  ) throws(Refusal) {
    try requireIPVS()
    guard let there = state.services[service] else {
      throw Refusal(ESRCH, "ip_vs_genl_set_cmd: there is no such service")
    }
    let isMixed = id.address.family != service.family
    let found = there.realServers[id]
    guard let settings = difference.after else {
      if found == nil { throw Refusal(ENOENT, "ip_vs_del_dest: the service has no such real server") }
      state.services[service]?.realServers[id] = nil
      if isMixed { mixedRealServers -= 1 }
      return
    }
    if isMixed {
      // "The synchronization protocol is incompatible with mixed family services"
      if !state.syncDaemons.isEmpty { throw Refusal(EINVAL, "ip_vs_genl_set_cmd: a sync daemon runs") }
      if settings.forward.tunnel == nil {
        throw Refusal(EINVAL, "ip_vs_genl_set_cmd: only a tunnel joins two families")
      }
    }
    try check(settings)
    if difference.before == nil {
      if found != nil { throw Refusal(EEXIST, "ip_vs_add_dest: the real server is there already") }
      if isMixed { mixedRealServers += 1 }
    } else if found == nil {
      throw Refusal(ENOENT, "ip_vs_edit_dest: the service has no such real server")
    }
    state.services[service]?.realServers[id] = settings
  }

  /// What ip_vs_add_dest() and ip_vs_edit_dest() look at.
  private func check(_ settings: RealServerSettings) throws(Refusal) {
    if settings.weight < 0 { throw Refusal(ERANGE, "ip_vs_add_dest: the weight is negative") }
    if settings.lowerThreshold > settings.upperThreshold {
      throw Refusal(ERANGE, "ip_vs_add_dest: the lower threshold is above the upper one")
    }
    if let tunnel = settings.forward.tunnel, tunnel.kind == .gue, tunnel.port == 0 {
      throw Refusal(EINVAL, "ip_vs_add_dest: GUE has no port")
    }
  }
}

extension VirtualService {
  /// How many real servers are of another family than a service of this identity.
  func mixedRealServers(_ id: ServiceID) -> Int {
    realServers.keys.count { $0.address.family != id.family }
  }
}

// MARK: Timeouts and sync daemons

extension Simulation {
  /// Sets timeouts, and returns what all were before; 0 leaves one as it is (ip_vs_set_timeout).
  mutating func setTimeouts(_ wanted: Timeouts) throws(Refusal) -> Timeouts {
    try requireIPVS()
    let before = state.timeouts
    for field in Timeouts.all {
      if let value = wanted[keyPath: field], value != 0 { state.timeouts[keyPath: field] = value }
    }
    return before
  }

  /// The kernel cannot edit a daemon that runs: it is stopped and started.
  mutating func setSyncDaemon(_ role: SyncRole, _ difference: Difference<SyncDaemon>) throws(Refusal) {
    try requireIPVS()
    if difference.before != nil {
      guard state.syncDaemons.removeValue(forKey: role) != nil else {
        throw Refusal(ESRCH, "stop_sync_thread: no such daemon runs")
      }
    }
    guard let wanted = difference.after else { return }
    do throws(Refusal) {
      try startSyncDaemon(role, wanted)
    } catch {
      throw difference.before == nil ? error : error.ofSecondHalf
    }
  }

  private mutating func startSyncDaemon(_ role: SyncRole, _ wanted: SyncDaemon) throws(Refusal) {
    // "The synchronization protocol is incompatible with mixed family services"
    if mixedRealServers > 0 { throw Refusal(EINVAL, "ip_vs_genl_new_daemon: a tunnel leads to the other family") }
    guard hasDevice(wanted.interface) else {
      throw Refusal(ENODEV, "start_sync_thread: there is no \(wanted.interface)")
    }
    if state.syncDaemons[role] != nil { throw Refusal(EEXIST, "start_sync_thread: a \(role.word) daemon runs") }
    state.syncDaemons[role] = wanted.asStarted
  }
}

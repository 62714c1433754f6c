import LVSModel

extension MachineMemory {
  /// Takes note of what this machine is before the steps to a target, of all that they may set and that is not remembered
  /// yet; `observed` is what it holds now.
  public mutating func note(_ target: Target, _ observed: HostState) {
    for name in target.state.sysctls.keys where sysctls[name] == nil && SysctlName.isNetwork(name) {
      sysctls[name] = observed.sysctls[name]
    }
    for field in Timeouts.all where target.state.timeouts[keyPath: field] != nil && timeouts[keyPath: field] == nil {
      // Not read means that IPVS is not there yet: it begins with its defaults.
      timeouts[keyPath: field] = observed.timeouts[keyPath: field] ?? Timeouts.kernelDefaults[keyPath: field]
    }
    if target.scope.coversSyncDaemons {
      if syncDaemons == nil { syncDaemons = observed.syncDaemons }
      if sync == nil { sync = target.wantedSync }
    }
    for (name, wanted) in target.state.links where wanted.isUp && observed.links[name]?.isUp != true {
      devices.insert(name)
    }
    vips.formUnion(target.scope.vips)
    fwmarks.formUnion(target.scope.fwmarks)
  }

  /// Takes note of what sysctls were that came into being with an earlier step, of those that are not remembered yet.
  public mutating func note(_ done: [Change]) {
    for change in done {
      guard case .sysctl(let name) = change.subject, sysctls[name] == nil, SysctlName.isNetwork(name) else { continue }
      sysctls[name] = change.before?.sysctl
    }
  }

  /// Takes note of who this machine is; a run for the real server's part alone says little of one that is more.
  public mutating func note(cluster: String, node: Node) {
    self.cluster = cluster
    if node.leavesDirectorAlone && self.node != nil { return }
    self.node = node.name
    lastRole = node.roleWord
  }

  /// Forgets what the file does not manage any more and what is as it was before, after a run that did `done` to what was
  /// `observed`; a run that left the director's part alone cannot tell, and forgets nothing.
  public mutating func keepOnly(_ target: Target, _ observed: HostState, _ done: [Change]) {
    guard target.scope.coversServices else { return }
    vips = target.scope.vips
    fwmarks = target.scope.fwmarks
    let now = observed.after(done)
    let stays = { (name: String, value: String) in target.state.sysctls[name] != nil || now.sysctls[name] != value }
    let forwarding = sysctls.compactMap { name, value in stays(name, value) ? ForwardingSysctl(name) : nil }
    sysctls = sysctls.filter { name, value in
      // What moves with forwarding is as it was now, and no more so once forwarding is set back.
      stays(name, value) || forwarding.contains { $0.value(of: name, after: "0") != nil }
    }
    devices = devices.filter { target.state.links[$0] != nil || now.links[$0]?.isUp == true }
    for field in Timeouts.all where target.state.timeouts[keyPath: field] == nil {
      if now.timeouts[keyPath: field] == timeouts[keyPath: field] { timeouts[keyPath: field] = nil }
    }
    if target.scope.coversSyncDaemons {
      sync = target.wantedSync
    } else if syncDaemons == now.syncDaemons {
      syncDaemons = nil
      sync = nil
    }
  }

  /// What of it a teardown takes back: all of it, but for the director's where that part is left alone.
  public func part(of target: Target) -> MachineMemory {
    guard !target.scope.coversServices else { return self }
    var part = MachineMemory()
    part.sysctls = sysctls.filter { target.state.sysctls[$0.key] != nil }
    part.devices = devices
    return part
  }

  /// What is left to remember when a teardown has done `done` to what was `observed`, or nil where that is nothing.
  ///
  /// A value that was not set back stays, so that a later teardown can; where the thing itself is gone there is none.
  public func left(of target: Target, _ observed: HostState, _ done: [Change]) -> MachineMemory? {
    let now = observed.after(done)
    func isBack(_ name: String, _ value: String) -> Bool { (now.sysctls[name] ?? value) == value }
    guard target.scope.coversServices else {
      var rest = self
      rest.sysctls = sysctls.filter { target.state.sysctls[$0.key] == nil || !isBack($0.key, $0.value) }
      rest.devices = devices.filter { now.links[$0]?.isUp == true }
      return rest
    }
    var rest = MachineMemory()
    rest.sysctls = sysctls.filter { !isBack($0.key, $0.value) }
    rest.devices = devices.filter { now.links[$0]?.isUp == true }
    for field in Timeouts.all {
      guard let value = timeouts[keyPath: field], let found = now.timeouts[keyPath: field] else { continue }
      if found != value { rest.timeouts[keyPath: field] = value }
    }
    if let syncDaemons, !syncDaemons.isEmpty, syncDaemons != now.syncDaemons { rest.syncDaemons = syncDaemons }
    return rest == MachineMemory() ? nil : rest
  }
}

extension Target {
  /// The sync daemon as the file asks for it, in whichever role.
  fileprivate var wantedSync: SyncDaemon? { state.syncDaemons.values.first }
}

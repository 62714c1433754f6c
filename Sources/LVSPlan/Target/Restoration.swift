import LVSModel

/// What was set by an earlier apply and is not mentioned any more, as it was before lvsctl set it.
public struct Restoration: Equatable, Sendable {
  /// Sysctl → its value before.
  public var sysctls: [String: String] = [:]
  /// Connection timeouts before; nil fields are none of lvsctl's, or still in the file.
  public var timeouts = Timeouts()
  /// The sync daemons that ran before, or nil where there is nothing to give back.
  public var syncDaemons: [SyncRole: SyncDaemon]?
  /// The sync daemon as the file last asked for it; what it named and the file does not any more goes back to the
  /// kernel's default.
  public var formerSync: SyncDaemon?
  /// Network devices that were down before.
  public var devices: Set<String> = []

  /// Creates a restoration of nothing.
  public init() {}
}

extension Target {
  /// Adds what has to go back to what it was, by what is remembered of this machine.
  ///
  /// A run that leaves the director's part of a machine alone gives nothing back: it cannot tell the two parts apart.
  public mutating func restore(from memory: MachineMemory) {
    guard scope.coversServices else { return }
    giveBack(memory)
  }

  /// Adds all that is remembered and not wanted.
  ///
  /// Whatever a memory says, and wherever it comes from, it never sets a sysctl outside the network's.
  mutating func giveBack(_ memory: MachineMemory) {
    restored.sysctls = memory.sysctls.filter {
      SysctlName.isNetwork($0.key) && state.sysctls[$0.key] == nil && !scope.keptSysctls.contains($0.key)
    }
    for field in Timeouts.all where state.timeouts[keyPath: field] == nil {
      restored.timeouts[keyPath: field] = memory.timeouts[keyPath: field]
    }
    if !scope.coversSyncDaemons { restored.syncDaemons = memory.syncDaemons }
    restored.formerSync = memory.sync
    restored.devices = memory.devices.filter { state.links[$0] == nil }
  }
}

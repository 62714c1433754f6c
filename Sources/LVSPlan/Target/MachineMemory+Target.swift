import LVSModel

extension MachineMemory {
  /// The node it was, for a file that does not name it any more: it has no part there.
  public var formerNode: Node {
    Node(name: node ?? "this machine", directing: nil, realServer: nil, leavesDirectorAlone: false)
  }

  /// What such a file wants of it, which is nothing, as far as lvsctl's word reached there.
  public var formerTarget: Target {
    Target(
      state: HostState(), scope: Scope(vips: vips, fwmarks: fwmarks, coversSyncDaemons: syncDaemons != nil))
  }
}

extension Scope {
  /// Adds what an earlier file had.
  public mutating func takeOver(from memory: MachineMemory?) {
    guard let memory else { return }
    formerVIPs.formUnion(memory.vips)
    formerFwmarks.formUnion(memory.fwmarks)
  }
}

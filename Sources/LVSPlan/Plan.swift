import LVSModel

/// What has to happen on one node, in the order in which it is safe.
public struct Plan: Equatable, Sendable {
  /// The steps, first to last.
  public var changes: [Change]
  /// Services the file says nothing about; left alone.
  public var unmanaged: [ServiceID]
  /// Addresses of the file that somebody else added where the file wants them; left as they are.
  public var unsigned: [AddressID] = []
  /// Addresses that other machines are told of when a step brings them.
  public var announced: Set<AddressID> = []
  /// Sysctls that would go back to what they were and do not, since this machine would answer ARP for a VIP that stays.
  public var withheld: [String] = []

  /// Creates a plan.
  public init(changes: [Change] = [], unmanaged: [ServiceID] = []) {
    self.changes = changes
    self.unmanaged = unmanaged
  }

  /// Whether there is nothing to do.
  public var isEmpty: Bool { changes.isEmpty }
}

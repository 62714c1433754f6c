import LVSModel

/// What has to happen on one node, in the order in which it is safe.
package struct Plan: Equatable, Sendable {
  /// The steps, first to last.
  package var changes: [Change]
  /// Services the file says nothing about; left alone.
  package var unmanaged: [ServiceID]
  /// Addresses of the file that somebody else added where the file wants them; left as they are.
  package var unsigned: [AddressID] = []
  /// Addresses that other machines are told of when a step brings them.
  package var announced: Set<AddressID> = []
  /// Sysctls that would go back to what they were and do not, since this machine would answer ARP for a VIP that stays.
  package var withheld: [String] = []

  /// Creates a plan.
  package init(changes: [Change] = [], unmanaged: [ServiceID] = []) {
    self.changes = changes
    self.unmanaged = unmanaged
  }

  /// Whether there is nothing to do.
  package var isEmpty: Bool { changes.isEmpty }
}

import LVSModel

extension Plan {
  /// The addresses that this node would take and tell its neighbours of: those another machine may hold now.
  ///
  /// One that only changes, in its label say, is here already.
  public var takenAddresses: [AddressID] {
    changes.compactMap { change in
      guard case .address(let id) = change.subject, change.before == nil, announced.contains(id) else { return nil }
      return id
    }
  }
}

extension Target {
  /// The addresses that this node is to hold and to tell its neighbours of, in their order.
  public var announcedAddresses: [AddressID] { announced.sorted() }
}

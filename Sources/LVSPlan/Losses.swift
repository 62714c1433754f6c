import LVSText

extension Plan {
  /// The services and addresses that this plan takes away, as a short list for a sentence; nil where there are none.
  public var losses: String? {
    let gone = changes.compactMap { change -> String? in
      switch change.subject {
      case .service(let id) where change.after == nil: "the service \(id)"
      case .address(let id) where change.after == nil: "the address \(id)"
      default: nil
      }
    }
    return gone.isEmpty ? nil : listed(gone, atMost: 10)
  }
}

import LVSText

/// What there can be to say of a node beyond its plan, in `"findings"` of a document; the raw value is the code that users
/// and their programs see, and stays what it is.
extension FindingCode {
  /// A real server by direct routing that is behind a gateway.
  public static let drGateway = Self("dr-gateway")
  /// A real server that no route leads to.
  public static let noRoute = Self("no-route")
  /// An interface that is down.
  public static let linkDown = Self("link-down")
  /// An interface that is up and has no carrier.
  public static let noCarrier = Self("no-carrier")
  /// An address of the node in the file that the machine does not hold.
  public static let missingAddress = Self("missing-address")
  /// A firewall mark's service by direct routing or tunnel, and no VIP that a real server could hold.
  public static let fwmarkWithoutVIP = Self("fwmark-without-vip")
  /// A service all of whose real servers have weight 0.
  public static let noWeight = Self("no-weight")
  /// A service of which fewer real servers are up than it takes to count as up.
  public static let belowQuorum = Self("below-quorum")
  /// A NAT real server whose replies do not pass a director.
  public static let natReturnPath = Self("nat-return-path")
  /// Clients on the network of the NAT real servers.
  public static let natSameNetwork = Self("nat-same-network")
  /// A GUE real server that does not listen on the tunnel's port.
  public static let guePort = Self("gue-port")
  /// A VIP that a real server answers ARP for.
  public static let arpNotMuted = Self("arp-not-muted")
  /// A real server whose strict reverse path filter drops what clients ask.
  public static let rpFilter = Self("rp-filter")
  /// An address of the file that somebody else added where the file wants it.
  public static let unsignedAddress = Self("unsigned-address")
  /// A change that nobody has confirmed.
  public static let unconfirmedChange = Self("unconfirmed-change")

  /// All of them, in this order.
  public static let examined: [Self] = [
    .drGateway, .noRoute, .linkDown, .noCarrier, .missingAddress, .fwmarkWithoutVIP, .noWeight, .belowQuorum,
    .natReturnPath, .natSameNetwork, .guePort, .arpNotMuted, .rpFilter, .unsignedAddress, .unconfirmedChange,
  ]
}

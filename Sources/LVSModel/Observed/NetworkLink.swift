/// A network interface, as far as findings and refusals care.
public struct NetworkLink: Equatable, Sendable {
  /// Its number in this network namespace.
  public var index: UInt32
  /// Its name.
  public var name: String
  /// Further names that ip(8) takes for it.
  public var alternativeNames: [String]
  /// IFF_UP.
  public var isUp: Bool
  /// IFF_LOWER_UP: there is something at the other end. Only an interface that is up says so.
  public var hasCarrier: Bool
  /// IFF_LOOPBACK.
  public var isLoopback: Bool
  /// Whether it answers ARP and neighbour solicitations for the addresses on it.
  public var answersARP: Bool
  /// The largest packet in bytes.
  public var mtu: UInt32
  /// IFLA_INFO_KIND, such as `dummy` or `ipip`; nil for a network card.
  public var kind: String?

  /// Creates an interface; by default a network card that is up.
  public init(
    _ name: String, alternativeNames: [String] = [], isUp: Bool = true, hasCarrier: Bool = true,
    isLoopback: Bool = false, answersARP: Bool = true, index: UInt32 = 1, mtu: UInt32 = 1500, kind: String? = nil
  ) {
    self.index = index
    self.name = name
    self.alternativeNames = alternativeNames
    self.isUp = isUp
    self.hasCarrier = hasCarrier
    self.isLoopback = isLoopback
    self.answersARP = answersARP
    self.mtu = mtu
    self.kind = kind
  }
}

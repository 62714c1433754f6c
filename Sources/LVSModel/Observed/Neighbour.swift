/// Another machine on a network segment, as the kernel knows it: an entry of its table for ARP or neighbour discovery.
public struct Neighbour: Hashable, Sendable {
  /// How far the kernel trusts the entry: NUD_* of linux/neighbour.h.
  public enum State: UInt16, Sendable {
    /// It is being asked for the first time.
    case incomplete = 0x01
    /// It has answered not long ago.
    case reachable = 0x02
    /// It has answered, long ago.
    case stale = 0x04
    /// It is asked soon, if nobody hears of it before.
    case delay = 0x08
    /// It is being asked again.
    case probe = 0x10
    /// It has not answered.
    case failed = 0x20
    /// Nobody is asked there, as on `lo` and for multicast.
    case noARP = 0x40
    /// Somebody wrote the entry by hand.
    case permanent = 0x80
  }

  /// Its address.
  public var address: IPAddress
  /// The interface that leads to it.
  public var interface: String
  /// Its hardware address; none where it is not known.
  public var hardwareAddress: [UInt8]
  /// How far that is trusted.
  public var state: State

  /// Creates a neighbour.
  public init(_ address: IPAddress, interface: String, hardwareAddress: [UInt8], state: State) {
    self.address = address
    self.interface = interface
    self.hardwareAddress = hardwareAddress
    self.state = state
  }
}

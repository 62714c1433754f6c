import LVSConfig
import LVSModel

/// A director's part in the VRRP by which directors agree on who holds the VIPs.
public struct VRRPInstance: Equatable, Sendable {
  /// A VIP as it stands on the director's interface.
  public struct Address: Equatable, Sendable {
    /// The address, its prefix length and its interface.
    public var id: AddressID
    /// Its label, or nil for none.
    public var label: String?
  }

  /// Between which addresses advertisements go.
  public struct Unicast: Equatable, Sendable {
    /// The director's own.
    public var source: IPAddress
    /// The other directors', at least one.
    public var peers: [IPAddress]
  }

  /// The cluster.
  public var cluster: String
  /// The director.
  public var director: String
  /// The virtual router id.
  public var id: UInt8
  /// The interface for advertisements.
  public var interface: String
  /// The director's priority.
  public var priority: UInt8
  /// The time between two advertisements, in seconds.
  public var interval: UInt8
  /// Whether it takes the VIPs from a director of a lower priority.
  public var preempts: Bool
  /// Between which addresses advertisements go; nil for a multicast group.
  public var unicast: Unicast?
  /// The interfaces of VIPs beside that for advertisements, which has to be there anyway, sorted.
  public var furtherInterfaces: [String]
  /// The VIPs, those of the family in which VRRP speaks first, at least one.
  public var addresses: [Address]
}

extension ClusterFile {
  /// A director's part in VRRP, by its place in ``directors``; nil where the file has no `vrrp`.
  public func vrrpInstance(ofDirector index: Int) -> VRRPInstance? {
    guard let vrrp, let priority = vrrp.priority(ofDirector: index, among: directors.count) else { return nil }
    let director = directors[index]
    let family = vips.vrrpFamily
    let numbers = labelNumbers
    let addresses = vips.map { vip in
      let interface = vip.interface ?? director.interface
      let label = vip.label(on: interface, implied: impliedLabel(interface, number: numbers[vip.address]))
      return VRRPInstance.Address(
        id: AddressID(vip.address, prefixLength: vip.prefixLength, interface: interface),
        label: vip.address.family == .ipv4 ? label : nil)
    }
    let ownFamily = addresses.filter { $0.id.address.family == family }
    let ordered = ownFamily + addresses.filter { $0.id.address.family != family }
    let interface = vrrp.interface ?? director.interface
    return VRRPInstance(
      cluster: name, director: director.name, id: vrrp.id, interface: interface, priority: priority,
      interval: vrrp.interval, preempts: vrrp.preempts, unicast: vrrp.isUnicast ? unicast(from: index, family) : nil,
      furtherInterfaces: Set(addresses.map(\.id.interface)).subtracting([interface]).sorted(), addresses: ordered)
  }

  /// Nil for a director that has nobody to send to.
  private func unicast(from index: Int, _ family: AddressFamily) -> VRRPInstance.Unicast? {
    let peers = directors.indices.filter { $0 != index }.compactMap { directors[$0].address(family) }
    guard !peers.isEmpty, let source = directors[index].address(family) else { return nil }
    return VRRPInstance.Unicast(source: source, peers: peers)
  }
}

extension ClusterFile.Director {
  /// Its first address of a family; one that every machine may have on each of its networks comes last.
  fileprivate func address(_ family: AddressFamily) -> IPAddress? {
    let own = addresses.filter { $0.family == family }
    return own.first { !$0.isLinkLocal } ?? own.first
  }
}

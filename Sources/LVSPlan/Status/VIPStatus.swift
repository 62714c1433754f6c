import LVSConfig
import LVSModel

/// A VIP of the file on a director.
public struct VIPStatus: Equatable, Sendable {
  /// The address.
  public var address: IPAddress
  /// Its name in the file, if it has one.
  public var name: String?
  /// Who holds it on directors, in the file's words: `lvsctl`, `external`, or the name of a director.
  public var holder: String
  /// Whether this machine holds it, as a director and not as a real server.
  public var isHeld: Bool

  /// Creates a status.
  public init(address: IPAddress, name: String? = nil, holder: String = "lvsctl", isHeld: Bool) {
    self.address = address
    self.name = name
    self.holder = holder
    self.isHeld = isHeld
  }
}

extension ClusterFile {
  /// The VIPs on a director that holds these addresses; on a node that directs nothing there are none.
  ///
  /// What a real server holds on `lo` or a tunnel device is no VIP that clients reach.
  public func vipStatuses(
    of node: Node, in target: Target, holding held: [AddressID: AddressSettings]
  ) -> [VIPStatus] {
    guard node.directing != nil else { return [] }
    let others = target.scope.realServerInterfaces
    let addresses = Set(held.keys.lazy.filter { !others.contains($0.interface) }.map(\.address))
    return vips.map { vip in
      let holder =
        switch vip.holder {
        case .activeDirector: "lvsctl"
        case .director(let index): directors[index].name
        case .external: "external"
        }
      return VIPStatus(
        address: vip.address, name: vip.name, holder: holder, isHeld: addresses.contains(vip.address))
    }
  }
}

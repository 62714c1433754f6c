import LVSModel
import LVSPlan

/// Changes that are written and described in tests.
package enum Changes {
  /// A change of each kind; the compiler asks for a new one in `FieldSchemas.fields(of:)`, and the sample belongs here.
  package static let ofEachKind: [Change] = {
    let (vip, id) = (IPAddress(ipv4: 0x0a00_0001), ServiceID.fwmark(1, .ipv4))
    return [
      .module("ip_vs", Difference(before: nil, after: ModuleSettings())),
      .sysctl("net.ipv4.ip_forward", Difference(before: "0", after: "1")),
      .link("tunl0", Difference(before: LinkSettings(isUp: false), after: LinkSettings(isUp: true))),
      .address(AddressID(vip, interface: "lo"), Difference(before: nil, after: AddressSettings())),
      .route(RouteID(vip, interface: "lo"), Difference(before: nil, after: RouteSettings())),
      .service(id, Difference(before: nil, after: ServiceSettings())),
      .realServer(
        id, RealServerID(address: vip, port: 0), Difference(before: nil, after: RealServerSettings())),
      .timeouts(Difference(before: Timeouts(), after: Timeouts())),
      .syncDaemon(.master, Difference(before: nil, after: SyncDaemon(interface: "eth0"))),
    ]
  }()
}

import LVSConfig
import LVSModel

/// One way in which a real server takes packets for a VIP: over the network it is on, or out of a tunnel.
enum Delivery: Hashable {
  case direct
  case tunnel(TunnelDevice)
}

/// VIPs that a real server answers for, each with the ways its packets come.
typealias ServedVIPs = [IPAddress: Set<Delivery>]

/// The device that takes a tunnel's packets apart, and the modules it comes from.
struct TunnelDevice: Hashable {
  /// The kernel's fallback device, there as soon as its module is loaded.
  let name: String
  /// The modules, in the order in which they are loaded.
  let modules: [String]

  /// The fallback device for a tunnel between a VIP and a real server's address.
  init(_ tunnel: Tunnel, inner: AddressFamily, outer: AddressFamily) {
    switch (tunnel.kind, outer) {
    case (.gre, .ipv4):
      name = "gre0"
      modules = ["ip_gre"]
    case (.gre, .ipv6):
      name = "ip6gre0"
      modules = ["ip6_gre"]
    case (.ipip, .ipv6), (.gue, .ipv6):
      name = "ip6tnl0"
      modules = tunnel.kind == .gue ? ["fou6", "ip6_tunnel"] : ["ip6_tunnel"]
    case (.ipip, .ipv4), (.gue, .ipv4):
      name = inner == .ipv4 ? "tunl0" : "sit0"
      let module = inner == .ipv4 ? "ipip" : "sit"
      modules = tunnel.kind == .gue ? ["fou", module] : [module]
    }
  }
}

extension ClusterFile {
  /// Adds what a real server holds.
  func addRealServer(_ index: Int, sharing shared: TargetIndex?, to state: inout HostState, scope: inout Scope) {
    let server = realServers[index]
    let numbers = shared?.labelNumbers ?? labelNumbers
    // VIPs that left the file are found here too, so the default interface counts without a VIP on it.
    scope.realServerInterfaces.insert(server.interface ?? "lo")
    // With `held_by: external` a VIP may be a director's own address, which that director has anyhow.
    for (vip, deliveries) in shared?.served[index] ?? vipsServed(by: index) where !server.addresses.contains(vip) {
      for delivery in deliveries {
        let interface = addDelivery(delivery, of: vip, at: server, to: &state)
        scope.realServerInterfaces.insert(interface)
        state.addresses[AddressID(vip, interface: interface)] = AddressSettings(
          label: vip.family == .ipv4 ? impliedLabel(interface, number: numbers[vip]) : nil)
      }
    }
  }

  /// The module, device, route and sysctls of one way to take packets for a VIP; returns where the VIP goes.
  private func addDelivery(
    _ delivery: Delivery, of vip: IPAddress, at server: RealServer, to state: inout HostState
  ) -> String {
    switch delivery {
    case .direct:
      let interface = server.interface ?? "lo"
      addARPSysctls(interface, for: vip.family, to: &state)
      state.routes[RouteID(vip, interface: interface)] = RouteSettings()
      return interface
    case .tunnel(let device):
      let interface = server.interface ?? device.name
      state.modules.formUnion(device.modules)
      state.links[interface] = LinkSettings(isUp: true)
      addARPSysctls(interface, for: vip.family, to: &state)
      if vip.family == .ipv4 {
        // The inner packet arrives by a device that is not the way back to the client.
        for name in ["all", interface] { state.sysctls[interfaceSysctl(.ipv4, name, "rp_filter")] = "0" }
      }
      return interface
    }
  }

  private func addARPSysctls(_ interface: String, for family: AddressFamily, to state: inout HostState) {
    guard family == .ipv4 else { return }
    for name in ["all", interface] {
      state.sysctls[interfaceSysctl(.ipv4, name, "arp_ignore")] = "1"
      state.sysctls[interfaceSysctl(.ipv4, name, "arp_announce")] = "2"
    }
  }

  /// The VIPs of one real server.
  private func vipsServed(by index: Int) -> ServedVIPs {
    let unnamed = unnamedVIPs
    var served: ServedVIPs = [:]
    for service in services {
      for member in service.realServers where member.server == index {
        add(member, of: service, unnamed, to: &served)
      }
    }
    return served
  }

  /// The VIPs of every real server, in one pass over the members of services.
  var vipsServedByEach: [ServedVIPs] {
    let unnamed = unnamedVIPs
    var served = [ServedVIPs](repeating: [:], count: realServers.count)
    for service in services {
      for member in service.realServers { add(member, of: service, unnamed, to: &served[member.server]) }
    }
    return served
  }

  /// VIPs that no service names: fwmark services are theirs.
  private var unnamedVIPs: [AddressFamily: [IPAddress]] {
    Dictionary(grouping: vips.filter { !$0.isNamedByService }.map(\.address), by: \.family)
  }

  private func add(
    _ member: Member, of service: Service, _ unnamed: [AddressFamily: [IPAddress]], to served: inout ServedVIPs
  ) {
    let family = service.id.family
    guard let delivery = delivery(of: member, inner: family) else { return }
    if let vip = service.id.vip {
      served[vip, default: []].insert(delivery)
    } else {
      for vip in unnamed[family, default: []] { served[vip, default: []].insert(delivery) }
    }
  }

  private func delivery(of member: Member, inner: AddressFamily) -> Delivery? {
    switch member.settings.forward {
    case .dr, .local: .direct
    case .tun(let tunnel): .tunnel(TunnelDevice(tunnel, inner: inner, outer: member.id.address.family))
    case .nat, .bypass, .unknown: nil
    }
  }
}

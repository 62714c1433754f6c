import Glibc
import LVSModel

// MARK: Devices

extension Simulation {
  func hasDevice(_ name: String) -> Bool { name == "lo" || state.links[name] != nil }

  private func isUp(_ device: String) -> Bool { state.links[device]?.isUp ?? (device == "lo") }

  private func requireDevice(_ name: String) throws(Refusal) {
    if !hasDevice(name) { throw Refusal(ENODEV, "rtnetlink: there is no device \(name)") }
  }

  mutating func setLink(_ name: String, isUp: Bool) throws(Refusal) {
    try requireDevice(name)
    state.links[name] = LinkSettings(isUp: isUp)
    if isUp { return }
    // fib_disable_ip(); addrconf_ifdown() takes the IPv6 addresses too, without keep_addr_on_down.
    state.routes = state.routes.filter { $0.key.interface != name }
    state.addresses = state.addresses.filter { $0.key.interface != name || $0.key.address.family == .ipv4 }
  }
}

// MARK: Addresses

extension Simulation {
  mutating func setAddress(_ id: AddressID, _ difference: Difference<AddressSettings>) throws(Refusal) {
    try requireDevice(id.interface)
    guard let after = difference.after else { return try removeAddress(id) }
    if difference.isSignature { return try signAddress(id, after) }
    if difference.before != nil {
      try removeAddress(id)
      do throws(Refusal) { try addAddress(id, after) } catch { throw error.ofSecondHalf }
    } else {
      try addAddress(id, after)
    }
  }

  private mutating func addAddress(_ id: AddressID, _ settings: AddressSettings) throws(Refusal) {
    switch id.address.family {
    case .ipv4:
      if state.addresses[id] != nil { throw Refusal(EEXIST, "__inet_insert_ifa: the address is there already") }
    case .ipv6:
      // The prefix length does not count (ipv6_chk_same_addr).
      if state.addresses.keys.contains(where: { $0.address == id.address && $0.interface == id.interface }) {
        throw Refusal(EEXIST, "ipv6_add_addr: the device has the address already")
      }
    }
    state.addresses[id] = settings
  }

  private mutating func removeAddress(_ id: AddressID) throws(Refusal) {
    guard state.addresses.removeValue(forKey: id) != nil else {
      throw Refusal(EADDRNOTAVAIL, "inet_rtm_deladdr, inet6_addr_del: the address is not there")
    }
    guard id.address.family == .ipv4 else { return }
    // fib_inetaddr_event(): with the last IPv4 address go the device's IPv4 routes.
    if hasIPv4(on: id.interface) { return }
    state.routes = state.routes.filter { $0.key.interface != id.interface || $0.key.destination.family != .ipv4 }
  }

  private func hasIPv4(on device: String) -> Bool {
    state.addresses.keys.contains { $0.interface == device && $0.address.family == .ipv4 }
  }

  /// An IPv4 host address is signed by way of a wider prefix, and any other in its place, which adds one that is not there.
  private mutating func signAddress(_ id: AddressID, _ settings: AddressSettings) throws(Refusal) {
    if id.address.family == .ipv4, id.prefixLength == 32 {
      guard state.addresses[id] != nil else {
        throw Refusal(EADDRNOTAVAIL, "inet_rtm_deladdr: the address is not there").ofSecondHalf
      }
      let bridge = AddressID(id.address, prefixLength: 31, interface: id.interface)
      if state.addresses[bridge] != nil { throw Refusal(EEXIST, "__inet_insert_ifa: \(bridge) is there already") }
    }
    state.addresses[id] = settings
  }
}

// MARK: Routes

extension Simulation {
  mutating func setRoute(_ id: RouteID, _ difference: Difference<RouteSettings>) throws(Refusal) {
    try requireDevice(id.interface)
    guard let after = difference.after else {
      // A request that names the protocol finds no other's route (fib_table_delete, ip6_route_del).
      guard let found = state.routes[id], difference.before == nil || found == difference.before else {
        var refusal = Refusal(ESRCH, "fib_table_delete, ip6_route_del: there is no such route")
        refusal.hasGoneAlong =
          state.routes[id] == nil && id.destination.family == .ipv4 && !hasIPv4(on: id.interface)
        throw refusal
      }
      state.routes[id] = nil
      return
    }
    guard isUp(id.interface) else { throw Refusal(ENETDOWN, "fib_check_nh, ip6_route_info_create: the device is down") }
    let same = state.routes.keys.filter { $0.destination == id.destination && $0.prefixLength == id.prefixLength }
    if difference.before == nil {
      // Whatever the device, with the same metric (fib_table_insert, fib6_add_rt2node).
      if !same.isEmpty { throw Refusal(EEXIST, "NLM_F_EXCL: there is a route to \(id.destination) already") }
    } else {
      for other in same { state.routes[other] = nil }
    }
    state.routes[id] = after
  }
}

import Glibc
import LVSModel

// MARK: Modules

extension Simulation {
  /// The fallback device of each module that has one, made as soon as it is loaded (`ip_tunnel_init_net` and the like).
  private static let fallbackDevices = [
    "ipip": "tunl0", "sit": "sit0", "ip6_tunnel": "ip6tnl0", "ip_gre": "gre0", "ip6_gre": "ip6gre0",
  ]

  mutating func load(_ module: String) throws(Refusal) {
    guard ModuleSettings.known.contains(module) else { throw Refusal(ENOENT, "modprobe knows no module \(module)") }
    guard state.modules.insert(module).inserted else { return }
    if module == "ip_vs" {
      for field in Timeouts.all where state.timeouts[keyPath: field] == nil {
        state.timeouts[keyPath: field] = Timeouts.kernelDefaults[keyPath: field]
      }
    }
    if let device = Self.fallbackDevices[module], state.links[device] == nil { addDevice(device) }
  }

  mutating func unload(_ module: String) throws(Refusal) {
    throw Refusal(EWOULDBLOCK, "delete_module(2): \(module) may be in use")
  }

  /// A new device begins with the sysctls of `default` (inetdev_init, ipv6_add_dev).
  private mutating func addDevice(_ device: String) {
    state.links[device] = LinkSettings(isUp: false)
    for family in AddressFamily.allCases {
      let prefix = interfaceSysctl(family, "default", "")
      for (name, value) in state.sysctls where name.hasPrefix(prefix) {
        state.sysctls[interfaceSysctl(family, device, String(name.dropFirst(prefix.count)))] = value
      }
    }
  }
}

// MARK: Sysctls

extension Simulation {
  /// One value that a write has set.
  struct Written {
    var name: String
    var before: String
    var after: String
  }

  /// Writes a sysctl, and returns what that has set, the sysctl itself last.
  mutating func write(_ name: String, _ value: String) throws(Refusal) -> [Written] {
    guard let before = sysctl(name) else { throw Refusal(ENOENT, "open(2): there is no /proc/sys entry \(name)") }
    var written: [Written] = []
    // devinet_sysctl_forward() and addrconf_fixup_forwarding() move the others only where the value changes.
    if before != value, let forwarding = ForwardingSysctl(name) {
      for (follower, now) in state.sysctls.sorted(by: { $0.key < $1.key }) {
        guard let moved = forwarding.value(of: follower, after: value) else { continue }
        state.sysctls[follower] = moved
        // An undo puts back what turning forwarding back does not.
        if now != forwarding.value(of: follower, after: before) {
          written.append(Written(name: follower, before: now, after: moved))
        }
      }
    }
    state.sysctls[name] = value
    return written + [Written(name: name, before: before, after: value)]
  }

  /// The value of a sysctl, the kernel's default where it is there and nobody has said what it is; nil where it is not.
  public func sysctl(_ name: String) -> String? {
    if let known = state.sysctls[name] { return known }
    if name.hasPrefix("net.ipv4.vs.") { return state.modules.contains("ip_vs") ? "0" : nil }
    for family in AddressFamily.allCases where name.hasPrefix("net.\(family.word).conf.") {
      let parts = name.split(separator: ".")
      guard parts.count == 5 else { return nil }
      let interface = String(parts[3].map { $0 == "/" ? "." : $0 })
      guard interface == "all" || interface == "default" || hasDevice(interface) else { return nil }
      // ipv4_devconf of net/ipv4/devinet.c has redirects on.
      return parts[4].hasSuffix("_redirects") ? "1" : "0"
    }
    return nil
  }
}

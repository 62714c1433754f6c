/// A sysctl that turns forwarding on or off for the whole machine, and moves others with it.
public struct ForwardingSysctl: Hashable, Sendable {
  /// The family of the packets.
  public let family: AddressFamily

  /// The sysctl by its name, or nil for any other.
  public init?(_ name: String) {
    switch name {
    case "net.ipv4.ip_forward": family = .ipv4
    case "net.ipv6.conf.all.forwarding": family = .ipv6
    default: return nil
    }
  }

  /// The sysctls that follow it, where a machine has these interfaces, with `default` and `all`.
  ///
  /// inet_forward_change() and addrconf_fixup_forwarding() of the kernel.
  public func followers(of interfaces: [String]) -> [String] {
    let forwarding = interfaces.filter { $0 != "all" }.map { interfaceSysctl(family, $0, "forwarding") }
    return family == .ipv4 ? forwarding + [redirects] : forwarding
  }

  /// What a sysctl is after this one was set to `value`, or nil where it does not follow.
  public func value(of name: String, after value: String) -> String? {
    let isOn = value != "0"
    if name == redirects { return family == .ipv4 ? (isOn ? "0" : "1") : nil }
    let all = interfaceSysctl(family, "all", "forwarding")
    let follows = name.hasPrefix("net.\(family.word).conf.") && name.hasSuffix(".forwarding") && name != all
    return follows ? (isOn ? "1" : "0") : nil
  }

  private var redirects: String { interfaceSysctl(.ipv4, "all", "accept_redirects") }
}

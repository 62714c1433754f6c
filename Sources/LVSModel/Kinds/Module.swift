/// A kernel module that is loaded; there is nothing else to know of it.
public struct ModuleSettings: Hashable, Sendable {
  /// Creates the settings of a loaded module.
  public init() {}
}

extension ModuleSettings {
  public var fields: [Field] { [] }
}

extension ModuleSettings {
  /// Every kernel module that a file can need on a node: that of IPVS, and those of the tunnels' devices.
  public static let known: Set<String> = [
    "ip_vs", "ipip", "sit", "ip6_tunnel", "ip_gre", "ip6_gre", "fou", "fou6",
  ]
}

extension ModuleSettings {
  /// The command of modprobe(8).
  static func commands(_ name: String, _ difference: Difference<ModuleSettings>) -> [[String]] { [["modprobe", name]] }
}

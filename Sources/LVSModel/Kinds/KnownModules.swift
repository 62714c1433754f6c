extension HostState {
  /// Every kernel module that a file can need on a node: that of IPVS, and those of the tunnels' devices.
  package static let knownModules: Set<String> = [
    "ip_vs", "ipip", "sit", "ip6_tunnel", "ip_gre", "ip6_gre", "fou", "fou6",
  ]
}

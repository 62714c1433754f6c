import LVSModel

extension ClusterFileReader {
  /// The addresses of one machine: one, or a list of them; nil for a list of none.
  func machineAddresses(
    _ node: Int, of what: String, linkLocal: Bool, mayBeLoopback: Bool = false
  ) -> [Placed<IPAddress>]? {
    list(node, "addresses", "address") { node in
      let address = address(node, "address").flatMap { address in
        mayBeLoopback && address.isLoopback || checkUsable(address, at: node, as: what, linkLocal: linkLocal)
          ? address : nil
      }
      return Placed(address, at: place(of: node))
    }
  }
}

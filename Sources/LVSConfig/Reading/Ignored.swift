import LVSModel
import LVSText

/// `ignore`: services that are never lvsctl's.
extension ClusterFileReader {
  func ignored(_ node: Int) -> [IgnoredDraft]? {
    let help: Message =
      "It lists addresses, networks and firewall marks, as in `[10.0.0.9, 10.96.0.0/12, { fwmark: 7 }]`."
    guard let list = sequence(node, "`ignore`", help: { help }) else { return nil }
    var ignored: [IgnoredDraft] = []
    tape.forEachElement(of: list) { element in
      let resolved = tape.resolved(element)
      guard tape[resolved].kind == .mapping else {
        network(element).map { ignored.append(.network($0, at: place(of: element))) }
        return
      }
      let fields = keyedNodes(of: resolved, IgnoreKey.self)
      let mark = required(.fwmark, in: fields, help: "Write `{ fwmark: N }`.").flatMap { fwmark($0) }
      mark.map { ignored.append(.fwmark($0, at: place(of: element))) }
    }
    return ignored
  }

  /// An address, or a network of addresses.
  private func network(_ node: Int) -> Prefix? {
    guard let scalar = scalar(node, "an entry of `ignore`") else { return nil }
    let text = tape.string(scalar)
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else {
      report(.badNetwork, at: node, "\(text.quoted.capitalizedFirst) is neither an address nor a network.") {
        "Write an address such as `10.0.0.9`, a network such as `10.96.0.0/12`, or `{ fwmark: N }`."
      }
      return nil
    }
    let longest = address.family.hostPrefixLength
    guard parts.count == 2 else { return address.hostPrefix }
    guard case .value(let length) = DecimalNumber(ArraySlice(parts[1].utf8)), length <= longest else {
      report(.badNetwork, at: node, "The prefix length of the network `\(text.shortened)` is not from 0 to \(longest).")
      {
        "Write the number of leading bits in decimal digits, as in `\(address.family == .ipv4 ? "10.96.0.0/12" : "2001:db8::/32")`."
      }
      return nil
    }
    let network = Prefix(of: address, length: UInt8(length))
    guard network.base == address else {
      report(.badNetwork, at: node, "\(address) is an address in the network \(network), not its name.") {
        "Write `\(network)` for the whole network, or `\(address)` for the one address."
      }
      return nil
    }
    return network
  }
}

import LVSModel

/// `ignore`: services that are never lvsctl's.
extension ClusterFileReader {
  func readIgnored(_ node: Int) -> IgnoredServices {
    var ignored = IgnoredServices()
    let help = "It lists addresses, networks and firewall marks, as in `[10.0.0.9, 10.96.0.0/12, { fwmark: 7 }]`."
    guard let list = sequence(node, "`ignore`", help: { help }) else { return ignored }
    var networks: [IgnoredServices.Network: Int] = [:]
    var fwmarks: [UInt32: Int] = [:]
    tape.forEachElement(of: list) { element in
      let resolved = tape.resolved(element)
      guard tape[resolved].kind == .mapping else {
        guard let network = network(element) else { return }
        if let first = networks[network] { return reportRepeated(element, first: first) }
        networks[network] = element
        ignored.networks.append(network)
        return
      }
      let fields = fields(of: resolved, IgnoreKey.self)
      guard let mark = required(.fwmark, in: fields, help: "Write `{ fwmark: N }`.").flatMap({ fwmark($0) }) else {
        return
      }
      if let first = fwmarks[mark] { return reportRepeated(element, first: first) }
      fwmarks[mark] = element
      ignored.fwmarks.insert(mark)
    }
    return ignored
  }

  private func reportRepeated(_ element: Int, first: Int) {
    report(.repeatedValue, at: element, "This is in the list `ignore` already, on line \(line(of: first)).") {
      "Keep it once."
    }
  }

  /// An address, or a network of addresses.
  private func network(_ node: Int) -> IgnoredServices.Network? {
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
    guard parts.count == 2 else { return IgnoredServices.Network(address, prefixLength: longest) }
    guard case .value(let length) = DecimalNumber(ArraySlice(parts[1].utf8)), length <= longest else {
      report(.badNetwork, at: node, "The prefix length of the network `\(text.shortened)` is not from 0 to \(longest).")
      {
        "Write the number of leading bits in decimal digits, as in `\(address.family == .ipv4 ? "10.96.0.0/12" : "2001:db8::/32")`."
      }
      return nil
    }
    let network = IgnoredServices.Network(address, prefixLength: UInt8(length))
    guard network.base == address else {
      report(.badNetwork, at: node, "\(address) is an address in the network \(network.base)/\(length), not its name.")
      {
        "Write `\(network.base)/\(length)` for the whole network, or `\(address)` for the one address."
      }
      return nil
    }
    return network
  }
}

extension IgnoredServices.Network {
  /// The address with the bits behind the prefix length cleared.
  package var base: IPAddress { address.masked(to: prefixLength) }
}

extension IgnoredServices {
  /// Which services a list ignores, at the same cost however long the list is.
  package struct Lookup: Equatable, Sendable {
    private let networks: Set<Network>
    private let prefixLengths: [AddressFamily: [UInt8]]
    private let fwmarks: Set<UInt32>

    /// Prepares a list.
    package init(_ ignored: IgnoredServices) {
      networks = Set(ignored.networks)
      prefixLengths = Dictionary(grouping: networks, by: \.address.family).mapValues { networks in
        Set(networks.map(\.prefixLength)).sorted()
      }
      fwmarks = ignored.fwmarks
    }

    /// Whether a service is ignored.
    package func contains(_ id: ServiceID) -> Bool {
      switch id {
      case .fwmark(let mark, _): fwmarks.contains(mark)
      case .address(_, let address, _): contains(address)
      }
    }

    /// Whether services on a virtual address are ignored.
    package func contains(_ address: IPAddress) -> Bool {
      guard !networks.isEmpty else { return false }
      return prefixLengths[address.family, default: []].contains { length in
        networks.contains(Network(address.masked(to: length), prefixLength: length))
      }
    }
  }
}

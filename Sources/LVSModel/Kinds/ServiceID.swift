/// The transport protocols that IPVS balances.
package enum TransportProtocol: UInt8, Sendable, Hashable, CaseIterable {
  /// IPPROTO_TCP.
  case tcp = 6
  /// IPPROTO_UDP.
  case udp = 17
  /// IPPROTO_SCTP.
  case sctp = 132

  /// The word of the cluster file.
  package var word: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .sctp: "sctp"
    }
  }
}

/// What makes a virtual service the one it is in the kernel's table.
package enum ServiceID: Hashable, Sendable {
  /// A protocol, virtual address and port; port 0 is every port without a service of its own.
  case address(TransportProtocol, IPAddress, port: UInt16)
  /// A firewall mark of 1 or more, apart for each family.
  case fwmark(UInt32, AddressFamily)

  /// The family of the clients' packets.
  package var family: AddressFamily {
    switch self {
    case .address(_, let address, _): address.family
    case .fwmark(_, let family): family
    }
  }

  /// The virtual address; a fwmark service has none of its own.
  package var vip: IPAddress? {
    switch self {
    case .address(_, let address, _): address
    case .fwmark: nil
    }
  }

  /// The port of the service, 0 for a fwmark service.
  package var port: UInt16 {
    switch self {
    case .address(_, _, let port): port
    case .fwmark: 0
    }
  }
}

extension ServiceID: CustomStringConvertible {
  /// `tcp 192.168.147.100:80`, `udp [2001:db8::1]:53`, `fwmark 10 ipv4`.
  package var description: String {
    switch self {
    case .address(let proto, let address, let port): "\(proto.word) \(address.withPort(port))"
    case .fwmark(let mark, let family): "fwmark \(mark) \(family.word)"
    }
  }
}

extension ServiceID: Comparable {
  /// By address, port and protocol; fwmark services last.
  @inlinable package static func < (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.address(let p, let x, let m), .address(let q, let y, let n)):
      x != y ? x < y : (m, p.rawValue) < (n, q.rawValue)
    case (.address, .fwmark): true
    case (.fwmark, .address): false
    case (.fwmark(let x, let f), .fwmark(let y, let g)): (x, f) < (y, g)
    }
  }
}

/// What makes a real server the one it is within its service.
package struct RealServerID: Hashable, Sendable {
  /// The address of the real server; its family may differ from the service's where the kernel tunnels.
  package var address: IPAddress
  /// The port on the real server; 0 where the service has port 0 or a fwmark.
  package var port: UInt16

  /// Creates the identity of a real server.
  package init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension RealServerID: CustomStringConvertible {
  /// `192.168.147.4:80`, `[2001:db8::4]:80`.
  package var description: String { address.withPort(port) }
}

extension RealServerID: Comparable {
  @inlinable package static func < (a: Self, b: Self) -> Bool { (a.address, a.port) < (b.address, b.port) }
}

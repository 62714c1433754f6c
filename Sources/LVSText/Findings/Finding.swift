/// Something that lvsctl has to say about a node beyond its plan: what apply cannot mend, and traffic suffers from.
package struct Finding: Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Sendable, CaseIterable {
    /// The cluster cannot work as the file says.
    case error
    /// It may not work, or not for everybody.
    case warning
    /// Worth knowing.
    case note
  }

  /// A name and a value that a program may want to read.
  package struct Fact: Hashable, Sendable {
    /// The key in JSON.
    package var name: String
    /// The value, always a text.
    package var value: String

    /// Creates a fact.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What kind of thing it is.
  package var code: FindingCode
  /// How bad it is.
  package var severity: Severity
  /// The node it is about, nil for the cluster as a whole.
  package var node: String?
  /// The thing it is about: an address, an interface, a service.
  package var subject: String
  /// One whole sentence: what was found.
  package var message: Message
  /// What the sentence rests on, in a fixed order.
  package var facts: [Fact]
  /// What to do, a whole sentence.
  package var help: Message?

  /// Creates a finding.
  package init(
    _ code: FindingCode, _ severity: Severity, node: String?, subject: String, _ message: Message, facts: [Fact] = [],
    help: Message? = nil
  ) {
    self.code = code
    self.severity = severity
    self.node = node
    self.subject = subject
    self.message = message
    self.facts = facts
    self.help = help
  }
}

/// The kinds of finding; the raw value is the code that users and their programs see, and stays what it is.
package enum FindingCode: String, Sendable, CaseIterable {
  /// A real server by direct routing that is behind a gateway.
  case drGateway = "dr-gateway"
  /// A real server that no route leads to.
  case noRoute = "no-route"
  /// An interface that is down.
  case linkDown = "link-down"
  /// An interface that is up and has no carrier.
  case noCarrier = "no-carrier"
  /// An address of the node in the file that the machine does not hold.
  case missingAddress = "missing-address"
  /// A firewall mark's service by direct routing or tunnel, and no VIP that a real server could hold.
  case fwmarkWithoutVIP = "fwmark-without-vip"
  /// A service all of whose real servers have weight 0.
  case noWeight = "no-weight"
  /// A NAT real server whose replies do not pass a director.
  case natReturnPath = "nat-return-path"
  /// Clients on the network of the NAT real servers.
  case natSameNetwork = "nat-same-network"
  /// A GUE real server that does not listen on the tunnel's port.
  case guePort = "gue-port"
  /// A VIP that a real server answers ARP for.
  case arpNotMuted = "arp-not-muted"
  /// A real server whose strict reverse path filter drops what clients ask.
  case rpFilter = "rp-filter"
  /// An address of the file that somebody else added where the file wants it.
  case unsignedAddress = "unsigned-address"
  /// A change that nobody has confirmed.
  case unconfirmedChange = "unconfirmed-change"
}

extension [Finding] {
  /// These with others among them, errors first.
  package func adding(_ others: [Finding]) -> [Finding] {
    if others.isEmpty { return self }
    let all = self + others
    return Finding.Severity.allCases.flatMap { severity in all.filter { $0.severity == severity } }
  }
}

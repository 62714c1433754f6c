import LVSConfig
import LVSModel
import LVSSandbox
import LVSText

/// The machines and networks with which a cluster is rehearsed.
///
/// The file says addresses and no prefix lengths, gateways or clients: what it leaves open is chosen as an operator would,
/// and said in the picture.
public struct Topology: Sendable {
  /// A network: what is plugged into one switch.
  public struct Segment: Sendable, Hashable {
    /// The name of its switch.
    public var name: String
    /// Its prefixes, at most one a family.
    public var prefixes: [Prefix]
  }

  /// What a machine is there for.
  public enum Part: Sendable, Hashable {
    /// A machine of the file.
    case node
    /// It asks.
    case client
    /// It passes packets between networks.
    case router
  }

  /// A machine.
  public struct Station: Sendable {
    /// Its name; a node's is that of the file.
    public var name: String
    /// What it is there for.
    public var part: Part
    /// Its interfaces.
    public var links: [Network.Link]
    /// What `ip route add` is given, one a route.
    public var routes: [String] = []
    /// Devices for VIPs that no cable is in, which answer no ARP.
    public var dummies: [String] = []
  }

  /// The networks.
  public var segments: [Segment]
  /// The machines: those of the file in its order, then the client, then the router where there is one.
  public var stations: [Station]
  /// The client's name.
  public var client: String
  /// The router's name; nil where there is none.
  public var router: String?
  /// Addresses from which the client asks where one client is to be many, by family.
  public var sources: [AddressFamily: [IPAddress]]

  /// The machine of a name.
  public subscript(name: String) -> Station? { stations.first { $0.name == name } }

  /// The machines as the sandbox builds them.
  public var machines: [Network.Machine] {
    stations.map { Network.Machine($0.name, links: $0.links, routes: $0.routes) }
  }

  /// The segment that an address is in; nil where it is in none.
  public func segment(of address: IPAddress) -> Segment? {
    segments.first { $0.prefixes.contains { $0.contains(address) } }
  }
}

/// Why a file cannot be rehearsed.
public struct Unbuildable: Error, Equatable, Sendable, MessageConvertible {
  /// What was found, and what to do: whole sentences.
  public var message: Message

  /// Creates a reason.
  public init(_ message: Message) { self.message = message }
}

import LVSModel

/// What there is to see of a machine as a real server.
public struct RealServerView: Equatable, Sendable {
  /// A VIP that it has to hold.
  public struct VIP: Equatable, Sendable {
    /// The address.
    public var address: IPAddress
    /// Its name in the file.
    public var name: String?
    /// The interface that holds it; nil where none does.
    public var interface: String?
    /// Whether this machine keeps quiet when the segment asks for the address; nil where that could not be read.
    public var isMute: Bool?

    /// Creates a VIP.
    public init(address: IPAddress, name: String? = nil, interface: String?, isMute: Bool?) {
      self.address = address
      self.name = name
      self.interface = interface
      self.isMute = isMute
    }
  }

  /// A port that services send clients to.
  public struct Port: Equatable, Sendable {
    /// The transport.
    public var transport: TransportProtocol
    /// The address that packets for it have when they are here: the VIP, or by NAT the machine's own.
    public var address: IPAddress
    /// The port.
    public var port: UInt16
    /// Whether something takes what comes there; nil where that could not be read, and for SCTP.
    public var isListening: Bool?

    /// Creates a port.
    public init(transport: TransportProtocol, address: IPAddress, port: UInt16, isListening: Bool?) {
      self.transport = transport
      self.address = address
      self.port = port
      self.isListening = isListening
    }
  }

  /// The way that replies to clients on no network of this machine take.
  public struct WayBack: Equatable, Sendable {
    /// The address that they come from.
    public var source: IPAddress
    /// What the kernel says; nil where it was not to be asked.
    public var answer: RouteAnswer?

    /// Creates a way.
    public init(source: IPAddress, answer: RouteAnswer?) {
      self.source = source
      self.answer = answer
    }
  }

  /// The VIPs that it has to hold, in the order of the file.
  public var vips: [VIP]
  /// The ports, by address; those of services for every port are not among them.
  public var ports: [Port]
  /// The ways back, one a family and kind of address.
  public var waysBack: [WayBack]

  /// Creates a view.
  public init(vips: [VIP] = [], ports: [Port] = [], waysBack: [WayBack] = []) {
    self.vips = vips
    self.ports = ports
    self.waysBack = waysBack
  }
}

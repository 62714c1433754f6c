extension Network {
  /// A network interface of a machine, plugged into a switch.
  public struct Link: Sendable {
    public var name: String
    /// The switch it is plugged into, by any text: links that name the same one see each other.
    public var lan: String
    /// With prefix length, as `ip address add` takes them.
    public var addresses: [String]

    public init(name: String = "ens33", lan: String = "lan", addresses: [String]) {
      self.name = name
      self.lan = lan
      self.addresses = addresses
    }
  }

  /// A machine of such a network.
  public struct Machine: Sendable {
    public let name: String
    public var links: [Link]
    /// What `ip route add` is given, one a route, of IPv4 or IPv6: `default via 2001:db8::1`.
    public var routes: [String] = []
    /// The name that this machine's ``Responder`` answers with, over HTTP and in lines; nil for none.
    public var page: String?
    /// The ports of TCP on which it listens.
    public var ports: [UInt16] = [80]

    /// A machine with one interface.
    public init(_ name: String, _ addresses: String..., interface: String = "ens33", page: String? = nil) {
      self.name = name
      self.links = [Link(name: interface, addresses: addresses)]
      self.page = page
    }

    /// A machine with several interfaces, such as a router.
    public init(_ name: String, links: [Link], routes: [String] = [], page: String? = nil) {
      self.name = name
      self.links = links
      self.routes = routes
      self.page = page
    }
  }
}

extension [Network.Machine] {
  /// The classic cluster: a client, two directors, two web servers, one network.
  public static var classic: Self { dualStack(ipv6: false) }

  /// The classic cluster with an IPv6 address at each machine besides.
  public static func dualStack(ipv6: Bool = true, interface: String = "ens33") -> Self {
    let hosts = [("client", 50), ("director1", 6), ("director2", 5), ("web1", 4), ("web2", 3)]
    return hosts.map { name, host in
      let link = Network.Link(
        name: interface, addresses: ["192.168.147.\(host)/24"] + (ipv6 ? ["2001:db8:147::\(host)/64"] : []))
      return Network.Machine(name, links: [link], page: name.hasPrefix("web") ? name : nil)
    }
  }

  /// The same machines, whose responders listen on these ports.
  public func listening(on ports: UInt16...) -> Self {
    map { machine in
      var machine = machine
      machine.ports = ports
      return machine
    }
  }
}

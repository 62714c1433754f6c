/// A network interface of a machine, plugged into a switch.
struct Link {
  var name = "ens33"
  /// The switch it is plugged into: links that name the same one see each other.
  var lan = "lan"
  /// With prefix length, as `ip address add` takes them.
  var addresses: [String]
}

/// A machine of a test network.
struct Machine {
  let name: String
  var links: [Link]
  /// What `ip route add` is given, one a route.
  var routes: [String] = []
  /// The text that this machine's web servers answer with; nil for no web server.
  var page: String?
  /// The ports on which they listen.
  var ports = [80]

  /// A machine with one interface.
  init(_ name: String, _ addresses: String..., interface: String = "ens33", page: String? = nil) {
    self.name = name
    self.links = [Link(name: interface, addresses: addresses)]
    self.page = page
  }

  /// A machine with several interfaces, such as a router.
  init(_ name: String, links: [Link], routes: [String] = [], page: String? = nil) {
    self.name = name
    self.links = links
    self.routes = routes
    self.page = page
  }
}

extension [Machine] {
  /// The classic cluster: a client, two directors, two web servers, one network.
  static var classic: [Machine] { dualStack(ipv6: false) }

  /// The classic cluster with an IPv6 address at each machine besides.
  static func dualStack(ipv6: Bool = true, interface: String = "ens33") -> [Machine] {
    let hosts = [("client", 50), ("director1", 6), ("director2", 5), ("web1", 4), ("web2", 3)]
    return hosts.map { name, host in
      let link = Link(
        name: interface, addresses: ["192.168.147.\(host)/24"] + (ipv6 ? ["2001:db8:147::\(host)/64"] : []))
      return Machine(name, links: [link], page: name.hasPrefix("web") ? name : nil)
    }
  }
}

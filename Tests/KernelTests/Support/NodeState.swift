/// Everything of a node that lvsctl may change, and much that it must not, as tools say that lvsctl did not write.
/// One line a thing, so that two states are compared as sets.
struct NodeState: Equatable {
  /// `ipvsadm -Sn`
  var ipvs: Set<String>
  /// `ADDRESS/PREFIX dev INTERFACE label LABEL`, as `ip -json address` has them; without label for IPv6
  var addresses: Set<String>
  /// `TYPE DESTINATION dev INTERFACE table TABLE proto PROTOCOL`, both families, all tables
  var routes: Set<String>
  /// `NAME = VALUE`, all that a network namespace has
  var sysctls: Set<String>

  /// What is there now and was not before.
  func added(since before: NodeState) -> NodeState {
    NodeState(
      ipvs: ipvs.subtracting(before.ipvs), addresses: addresses.subtracting(before.addresses),
      routes: routes.subtracting(before.routes), sysctls: sysctls.subtracting(before.sysctls))
  }
}

extension Namespace {
  /// The node's state now.
  func state() throws -> NodeState {
    NodeState(
      ipvs: try ipvs(), addresses: try addresses(), routes: try routes(), sysctls: try sysctls())
  }

  /// The virtual services and real servers as `ipvsadm -Sn` prints them, one a line.
  ///
  /// `ipvsadm` loads the module where it is not there; a test of the loading must not ask before.
  func ipvs() throws -> Set<String> {
    Set(try succeed("ipvsadm -Sn").lines)
  }

  func addresses() throws -> Set<String> {
    var found: Set<String> = []
    for link in try json("address", "show").elements {
      let interface = link["ifname"].string ?? "?"
      for address in link["addr_info"].elements {
        let text = "\(address["local"].string ?? "?")/\(address["prefixlen"].number ?? -1) dev \(interface)"
        let label = address["family"] == "inet" ? address["label"].string : nil
        found.insert(text + (label.map { " label \($0)" } ?? ""))
      }
    }
    return found
  }

  func routes() throws -> Set<String> {
    var found: Set<String> = []
    for family in ["-4", "-6"] {
      for route in try json(family, "route", "show", "table", "all").elements {
        let type = route["type"].string ?? "unicast"
        // The kernel's own multicast route for a link comes when the link is ready, whenever that is.
        guard type != "multicast" else { continue }
        let table = route["table"].string ?? "main"
        found.insert(
          "\(type) \(route["dst"].string ?? "?") dev \(route["dev"].string ?? "-") "
            + "table \(table) proto \(route["protocol"].string ?? "?")")
      }
    }
    return found
  }

  /// Every sysctl of the namespace that is a setting, but for those of modules that come and go.
  func sysctls() throws -> Set<String> {
    // Some can be written only, and sysctl's status says so.
    let lines = try run("sysctl", "--all", "--ignore", "--pattern", "^net\\.(ipv4|ipv6)\\.").lines
    return Set(
      lines.filter { !$0.hasPrefix("net.ipv4.vs.") && !$0.contains(".random.") && !$0.contains("stable_secret") })
  }

  /// The value of one sysctl, by its path below /proc/sys: a dot in an interface's name stays a dot.
  func sysctl(_ path: String) throws -> String {
    try succeed("cat /proc/sys/\(path)").output[...].trimmed
  }

  /// `ipvsadm --stats` of the virtual service at `address`: connections and packets both ways.
  func statistics(of service: String) throws -> (connections: Int, inPackets: Int, outPackets: Int)? {
    for line in try succeed("ipvsadm -Ln --stats --exact").lines {
      let words = line.words
      guard words.count >= 5, words[1] == service, let connections = Int(words[2]), let inPackets = Int(words[3]),
        let outPackets = Int(words[4])
      else { continue }
      return (connections, inPackets, outPackets)
    }
    return nil
  }
}

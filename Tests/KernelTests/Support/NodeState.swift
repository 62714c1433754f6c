import Testing

/// Everything of a node that lvsctl may change, and much that it must not, as tools say that lvsctl did not write.
/// One line a thing, so that two states are compared as sets.
struct NodeState: Equatable {
  /// `ipvsadm -Sn`
  var ipvs: Set<String>
  /// `ADDRESS/PREFIX dev INTERFACE label LABEL`, as `ip -json address` has them; without label for IPv6
  var addresses: Set<String>
  /// `TYPE DESTINATION dev INTERFACE table TABLE proto PROTOCOL`, both families, all tables
  var routes: Set<String>
  /// `PATH = VALUE`, by the path below /proc/sys
  var sysctls: Set<String>

  /// What is there now and was not before.
  func added(since before: NodeState) -> NodeState {
    NodeState(
      ipvs: ipvs.subtracting(before.ipvs), addresses: addresses.subtracting(before.addresses),
      routes: routes.subtracting(before.routes), sysctls: sysctls.subtracting(before.sysctls))
  }

  /// What is there now and was not before, behind a plus, and the other way round behind a minus.
  func differences(from before: NodeState) -> [String] {
    let (new, gone) = (added(since: before), before.added(since: self))
    return new.lines.map { "+ \($0)" } + gone.lines.map { "- \($0)" }
  }

  private var lines: [String] { [ipvs, addresses, routes, sysctls].flatMap { $0.sorted() } }
}

extension Namespace {
  /// Expects that the node's state is the one before, and records each difference.
  func expectUnchanged(since before: NodeState, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let differences = try state().differences(from: before)
    #expect(differences == [], sourceLocation: sourceLocation)
  }

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

  /// Every sysctl of the namespace below net.ipv4 and net.ipv6, but for those of modules that come and go.
  func sysctls() throws -> Set<String> {
    var found: Set<String> = []
    func visit(_ path: String) throws {
      for name in try names(in: "/proc/sys/\(path)") {
        let inner = "\(path)/\(name)"
        if inner == "net/ipv4/vs" { continue }
        if isFolder("/proc/sys/\(inner)") {
          try visit(inner)
        } else if let value = try? read("/proc/sys/\(inner)") {  // some can be written only
          found.insert("\(inner) = \(value.words.joined(separator: " "))")
        }
      }
    }
    try inNamespace(name) {
      try visit("net/ipv4"); try visit("net/ipv6")
    }
    return found
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

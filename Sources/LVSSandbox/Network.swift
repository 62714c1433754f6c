import Glibc
import LVSSystem
import Synchronization

/// A running network: machines as network namespaces, switches as bridges in a namespace of their own.
public struct Network: Sendable {
  /// What `ip netns` calls the namespace of the switches.
  let switches: String
  private let machines: [String: Namespace]
  /// The ports of the switches that the cables of each machine are in.
  let ports: [String: [String]]

  /// What `ip netns` calls the machines.
  public enum Naming: Sendable {
    /// By their names and a number, the same in no two networks.
    case numbered
    /// Exactly by their names, for whoever has /run/netns to itself; one that holds other characters than letters and
    /// digits of ASCII, `.`, `_` and `-` gets a similar one.
    case exact
  }

  /// Makes the network, runs `body` in it, and takes everything away again, also where that throws.
  public static func with(
    _ machines: [Machine], naming: Naming = .numbered, _ body: (Network) throws -> Void
  ) throws {
    let network = Network(machines, naming)
    defer { network.remove() }
    try network.make(machines)
    var responders: [Responder] = []
    defer { for responder in responders { responder.stop() } }
    for machine in machines { if let responder = try network.serve(machine) { responders.append(responder) } }
    try body(network)
  }

  private init(_ machines: [Machine], _ naming: Naming) {
    var names = SafeNames(for: machines.map(\.name))
    let end =
      switch naming {
      case .numbered: "-\(Self.counter.add(1, ordering: .relaxed).newValue)"
      case .exact: ""
      }
    switches = names.another("switches") + end
    self.machines = Dictionary(
      machines.map { ($0.name, Namespace(machine: $0.name, name: names[$0.name] + end)) },
      uniquingKeysWith: { first, _ in first })
    ports = Dictionary(grouping: Self.cables(machines), by: \.machine.name).mapValues { $0.map(\.port) }
  }

  /// Each link of the machines with the port of its switch that it is plugged into.
  private static func cables(_ machines: [Machine]) -> [(machine: Machine, link: Link, port: String)] {
    machines.flatMap { machine in machine.links.map { (machine, $0) } }.enumerated().map { number, end in
      (end.0, end.1, "port\(number)")
    }
  }

  /// Pulls the cables of a machine out of the switches, or puts them back: its links lose their carrier, or have it again.
  public func setPlugged(_ isPlugged: Bool, _ machine: String) throws {
    try ip((ports[machine] ?? []).map { "link set \($0) \(isPlugged ? "up" : "down")" }, in: switches)
  }

  /// Has the switches drop what comes from a machine and what goes to it, or carry it again. Its links keep their carrier,
  /// as do those of a machine that is frozen.
  public func setCarried(_ isCarried: Bool, _ machine: String) throws {
    for port in ports[machine] ?? [] {
      // BR_STATE_FORWARDING is 3, and BR_STATE_DISABLED 0 (linux/if_bridge.h).
      try succeed(["bridge", "link", "set", "dev", port, "state", isCarried ? "3" : "0"], in: switches)
    }
  }

  /// The classic five machines: client, director1, director2, web1, web2.
  public static func classic(_ body: (Network) throws -> Void) throws {
    try with(.classic, body)
  }

  /// The machine of this name.
  public subscript(name: String) -> Namespace {
    machines[name] ?? Namespace(machine: name, name: "\(name)-is-no-machine")
  }

  /// The names of all machines.
  var names: [String] { machines.keys.sorted() }

  public var client: Namespace { self["client"] }
  public var director1: Namespace { self["director1"] }
  public var director2: Namespace { self["director2"] }
  public var web1: Namespace { self["web1"] }
  public var web2: Namespace { self["web2"] }

  private static let counter = Atomic<Int>(0)

  private var namespaces: [String] { [switches] + machines.values.map(\.name).sorted() }

  private func make(_ machines: [Machine]) throws {
    try ip(namespaces.map { "netns add \($0)" })
    for namespace in namespaces {
      try inNamespace(namespace) {
        for family in ["all", "default"] {
          // Duplicate address detection takes seconds, and the kernel's own link-local addresses would wait for it too.
          for name in ["accept_dad", "router_solicitations"] {
            try writeAtOnce([UInt8(ascii: "0")], to: "/proc/sys/net/ipv6/conf/\(family)/\(name)")
          }
        }
      }
    }

    // A name of a network may be none for an interface.
    let lans = Set(machines.flatMap(\.links).map(\.lan)).sorted().enumerated()
    let bridges = Dictionary(uniqueKeysWithValues: lans.map { ($1, "switch\($0)") })
    var cables = bridges.values.sorted().map { "link add \($0) netns \(switches) type bridge" }
    var switching = bridges.values.sorted().map { "link set \($0) up" }
    for (machine, link, port) in Self.cables(machines) {
      let namespace = self[machine.name].name
      cables.append("link add \(port) netns \(switches) type veth peer name \(link.name) netns \(namespace)")
      switching.append("link set \(port) master \(bridges[link.lan] ?? link.lan) up")
    }
    try ip(cables)
    try ip(switching, in: switches)
    for machine in machines { try setUp(machine) }
  }

  /// Sets up a machine's interfaces and routes; ip has what says more than an address or a gateway.
  private func setUp(_ machine: Machine) throws {
    let namespace = self[machine.name].name
    let rest = try inNamespace(namespace) {
      var rest: [String] = []
      var setup = try LinkSetup()
      try setup.setUp("lo")
      for link in machine.links {
        for address in link.addresses where try !setup.addAddress(address, to: link.name) {
          rest.append("address add \(address) dev \(link.name)\(address.contains(":") ? " nodad" : "")")
        }
        try setup.setUp(link.name)
      }
      for route in machine.routes {
        // In their order: one may need another.
        if try !rest.isEmpty || !setup.addRoute(route) { rest.append("route add \(route)") }
      }
      return rest
    }
    if !rest.isEmpty { try ip(rest, in: namespace) }
  }

  private func ip(_ commands: [String], in namespace: String? = nil) throws {
    try succeed(["ip", "-batch", "-"], in: namespace, input: commands.joined(separator: "\n") + "\n")
  }

  /// Starts the machine's responder, where it has a page.
  private func serve(_ machine: Machine) throws -> Responder? {
    guard let page = machine.page else { return nil }
    return try Responder(self[machine.name], name: page, ports: machine.ports.map { (.tcp, $0) })
  }

  private func remove() {
    // What is not there was never made: nothing to take away.
    _ = try? run(["ip", "-force", "-batch", "-"], input: namespaces.map { "netns delete \($0)\n" }.joined())
  }
}

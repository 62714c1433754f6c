import Glibc
import LVSSystem
import Synchronization

/// A running network: machines as network namespaces, switches as bridges in a namespace of their own.
public struct Network: Sendable {
  private let switches: String
  private let machines: [String: Namespace]
  /// The ports of the switches that the cables of each machine are in.
  private let ports: [String: [String]]

  /// Makes the network, runs `body` in it, and takes everything away again, also where that throws.
  public static func with(_ machines: [Machine], _ body: (Network) throws -> Void) throws {
    let number = counter.add(1, ordering: .relaxed).newValue
    let network = Network(number: number, machines)
    defer { network.remove() }
    try network.make(machines)
    let servers = try machines.flatMap { try network.serve($0) }
    defer { for server in servers { server.stop() } }
    try body(network)
  }

  private init(number: Int, _ machines: [Machine]) {
    switches = "switches-\(number)"
    self.machines = Dictionary(
      machines.map { ($0.name, Namespace(machine: $0.name, name: "\($0.name)-\(number)")) },
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
          // Without duplicate address detection, which takes seconds, an address is final as soon as it is there.
          for name in ["accept_dad", "router_solicitations"] {
            try writeAtOnce([UInt8(ascii: "0")], to: "/proc/sys/net/ipv6/conf/\(family)/\(name)")
          }
        }
      }
    }

    let lans = Set(machines.flatMap(\.links).map(\.lan)).sorted()
    var cables = lans.map { "link add \($0) netns \(switches) type bridge" }
    var switching = lans.map { "link set \($0) up" }
    for (machine, link, port) in Self.cables(machines) {
      let namespace = self[machine.name].name
      cables.append("link add \(port) netns \(switches) type veth peer name \(link.name) netns \(namespace)")
      switching.append("link set \(port) master \(link.lan) up")
    }
    try ip(cables)
    try ip(switching, in: switches)
    for machine in machines {
      var commands = ["link set lo up"]
      for link in machine.links {
        commands += link.addresses.map { "address add \($0) dev \(link.name)" } + ["link set \(link.name) up"]
      }
      commands += machine.routes.map { "route add \($0)" }
      try ip(commands, in: self[machine.name].name)
    }
  }

  private func ip(_ commands: [String], in namespace: String? = nil) throws {
    try succeed(["ip", "-batch", "-"], in: namespace, input: commands.joined(separator: "\n") + "\n")
  }

  /// Starts the machine's web servers, where it has a page, and waits until they listen.
  private func serve(_ machine: Machine) throws -> [RunningCommand] {
    guard let page = machine.page else { return [] }
    let namespace = self[machine.name]
    let folder = "/run/pages-\(namespace.name)"
    guard mkdir(folder, 0o755) == 0 else { throw SystemError(errno: errno, subject: folder) }
    try create("\(folder)/index.html", holding: Array((page + "\n").utf8))
    return try machine.ports.map { port in
      let server = try namespace.start("busybox", "httpd", "-f", "-p", "\(port)", "-h", folder)
      let hexadecimal = String(port, radix: 16, uppercase: true)
      let suffix = ":" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal + " "
      try eventually("the web server of \(namespace.name) listens on port \(port)") {
        // State 0A is TCP_LISTEN.
        String(decoding: try contents(of: "/proc/\(server.pid)/net/tcp6"), as: UTF8.self).lines.contains {
          $0.contains(suffix) && $0.contains(" 0A ")
        }
      }
      return server
    }
  }

  private func remove() {
    // What is not there was never made: nothing to take away.
    _ = try? run(["ip", "-force", "-batch", "-"], input: namespaces.map { "netns delete \($0)\n" }.joined())
  }
}

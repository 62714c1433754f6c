import Glibc

/// A running test network: machines as network namespaces, switches as bridges in a namespace of their own.
struct Network {
  private let number: Int
  private let machines: [String: Namespace]

  /// Makes the network, runs the test in it, and takes everything away again, also where the test throws.
  static func with(_ machines: [Machine], _ body: (Network) throws -> Void) throws {
    counter += 1
    let number = counter
    let names = machines.map { Namespace(machine: $0.name, name: "\($0.name)-\(number)") }
    let network = Network(
      number: number, machines: Dictionary(names.map { ($0.machine, $0) }, uniquingKeysWith: { first, _ in first }))
    defer { network.remove() }
    try network.make(machines)
    try body(network)
  }

  /// The classic five machines: client, director1, director2, web1, web2.
  static func classic(_ body: (Network) throws -> Void) throws {
    try with(.classic, body)
  }

  /// The machine of this name.
  subscript(name: String) -> Namespace {
    machines[name] ?? Namespace(machine: name, name: "\(name)-is-no-machine")
  }

  var client: Namespace { self["client"] }
  var director1: Namespace { self["director1"] }
  var director2: Namespace { self["director2"] }
  var web1: Namespace { self["web1"] }
  var web2: Namespace { self["web2"] }

  // One test at a time uses it: RealKernel is serialized.
  nonisolated(unsafe) private static var counter = 0

  private var switches: String { "switches-\(number)" }

  private func make(_ machines: [Machine]) throws {
    try addNamespace(switches)
    var lans: Set<String> = []
    var port = 0
    for machine in machines {
      let namespace = self[machine.name]
      try addNamespace(namespace.name)
      for link in machine.links {
        var commands: [String] = []
        if lans.insert(link.lan).inserted {
          commands += ["link add \(link.lan) type bridge", "link set \(link.lan) up"]
        }
        port += 1
        commands += [
          "link add port\(port) type veth peer name \(link.name) netns \(namespace.name)",
          "link set port\(port) master \(link.lan) up",
        ]
        try ip(in: switches, commands)
        try ip(
          in: namespace.name,
          link.addresses.map { "address add \($0) dev \(link.name)" } + ["link set \(link.name) up"])
      }
      try ip(in: namespace.name, machine.routes.map { "route add \($0)" })
      if let page = machine.page { try serve(page, at: namespace) }
    }
  }

  private func addNamespace(_ name: String) throws {
    try succeed(["ip", "netns", "add", name])
    // Without duplicate address detection, which takes seconds, an address is final as soon as it is there.
    try succeed([
      "ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0",
      "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.router_solicitations=0",
    ])
    try ip(in: name, ["link set lo up"])
  }

  private func ip(in namespace: String, _ commands: [String]) throws {
    try succeed(["ip", "-n", namespace, "-batch", "-"], input: commands.joined(separator: "\n") + "\n")
  }

  private func serve(_ page: String, at namespace: Namespace) throws {
    let folder = "/run/pages/\(namespace.name)"
    try succeed(["mkdir", "-p", folder])
    try succeed(["tee", "\(folder)/index.html"], input: page + "\n")
    try namespace.succeed("busybox httpd -p 80 -h \(folder)")
  }

  private func remove() {
    for name in machines.values.map(\.name) + [switches] {
      let pids = (try? run(["ip", "netns", "pids", name]))?.lines ?? []
      for pid in pids.compactMap({ pid_t($0) }) { kill(pid, SIGKILL) }
      _ = try? run(["ip", "netns", "delete", name])
    }
  }
}

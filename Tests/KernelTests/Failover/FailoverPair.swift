import Glibc
import LVSSystem
import Testing

/// By whom a director learns that the VIP has come or gone.
enum Follower: CaseIterable {
  case lvsctld
  case notifyLine
}

/// Two directors of which one holds a VIP that is not lvsctl's to move, two real servers, and a client.
final class FailoverPair {
  static let vip = "192.168.147.100"
  static let file = """
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
      - { name: director2, address: 192.168.147.5, interface: ens33 }
    real_servers:
      - { name: web1, address: 192.168.147.4 }
      - { name: web2, address: 192.168.147.3 }
    vrrp: { id: 51 }
    sync: { interface: ens33, id: 7 }
    services:
      - { vip: \(vip), port: [7, 80], scheduler: rr }

    """

  /// A director with the programs that run on it.
  final class Director {
    let node: Namespace
    var keepalived: RunningKeepalived?
    var lvsctld: RunningLvsctld?

    init(_ node: Namespace) { self.node = node }

    /// Whether it holds the VIP, by `ip`.
    func holdsVIP() throws -> Bool {
      try node.json("address", "show", "dev", "ens33").elements.contains { link in
        link["addr_info"].elements.contains { $0["local"].string == FailoverPair.vip }
      }
    }

    /// The states of its sync daemons, by ipvsadm.
    func daemons() throws -> [String] {
      try node.succeed("ipvsadm --list --daemon").lines.compactMap(\.words.first)
    }

    /// How many connections of the service on port 7 it knows, by the kernel's own table.
    func knownConnections() throws -> Int {
      try inNamespace(node.name) { try read("/proc/thread-self/net/ip_vs_conn") }.lines.count {
        let words = $0.words
        return words.count > 7 && words[4] == "0007" && words[7] == "ESTABLISHED"
      }
    }
  }

  let network: Network
  let follower: Follower
  let directors: [Director]

  /// Brings the real servers and both directors to the file; the VIP is nowhere yet.
  init(_ network: Network, _ follower: Follower) throws {
    self.network = network
    self.follower = follower
    directors = [Director(network.director1), Director(network.director2)]
    for server in [network.web1, network.web2] { try server.apply(Self.file) }
    for director in directors { try follow(director) }
  }

  /// The director that is not this one.
  func other(than director: Director) -> Director { directors[director === directors[0] ? 1 : 0] }

  /// Brings a director to the file, as its boot does, and has it kept where lvsctld is there for that.
  func follow(_ director: Director) throws {
    switch follower {
    case .notifyLine: try director.node.apply(Self.file)
    case .lvsctld: director.lvsctld = try director.node.keep(Self.file)
    }
  }

  /// What keepalived and hands run when the VIP may have come or gone.
  func line(on director: Director) -> [String] {
    [lvsctlPath, "apply", "/run/failover-\(director.node.name).conf", "--lock-timeout", "60"]
  }

  /// Starts keepalived on a director.
  func startKeepalived(on director: Director) throws {
    let path = "/run/failover-\(director.node.name).conf"
    try write(Self.file, to: path)
    var configuration = try director.node.keepalivedConfiguration(path)
    if follower == .lvsctld {
      // All of its lines are lost.
      configuration = configuration.lines.filter { !$0.hasPrefix("notify_") }.joined(separator: "\n") + "\n"
    }
    director.keepalived = try RunningKeepalived(director.node, configuration)
  }

  /// What everybody has logged.
  var story: String {
    directors.map {
      """
      \($0.node.machine): \((try? $0.node.addresses().sorted()) ?? []), \((try? $0.daemons()) ?? [])
      \($0.keepalived?.log.suffix(1500) ?? "")
      \($0.lvsctld?.log.suffix(1500) ?? "")
      """
    }.joined(separator: "\n")
  }

  /// Waits until this director alone holds the VIP.
  func waitForHolder(_ director: Director, _ when: String) throws {
    do {
      try eventually("\(director.node.machine) alone holds the VIP \(when)", within: 40) {
        try director.holdsVIP() && !other(than: director).holdsVIP()
      }
    } catch {
      throw CommandFailure(description: "\(error)\n\(story)")
    }
  }

  /// Waits until both directors have the roles that go with the one that holds the VIP.
  func waitForRoles(holder: Director, _ when: String) throws {
    do {
      try eventually("the roles follow the VIP to \(holder.node.machine) \(when)", within: 40) {
        if try holder.daemons() == ["master"] && other(than: holder).daemons() == ["backup"] { return true }
        // To ask takes a process, which takes time from those that are waited for.
        Monotonic.pause(0.05)
        return false
      }
    } catch {
      throw CommandFailure(description: "\(error)\n\(story)")
    }
  }

  /// Expects that both directors are what the file says, in the roles that go with the one that holds the VIP.
  func expectRoles(holder: Director, _ when: String) throws {
    try waitForRoles(holder: holder, when)
    for director in directors {
      let diff = try director.node.plan("diff", Self.file)
      #expect(diff.status == 0, "\(director.node.machine) \(when): \(diff.changes)")
      #expect(diff.json["role"].string == (director === holder ? "director" : "standby"), "\(when)")
    }
  }

  /// Stops a machine where it is, programs and all: it neither hears nor says anything. Or lets it go on.
  func setFrozen(_ isFrozen: Bool, _ director: Director) throws {
    if isFrozen { try network.setCarried(false, director.node.machine) }
    director.keepalived?.setFrozen(isFrozen)
    if let lvsctld = director.lvsctld { kill(lvsctld.process.pid, isFrozen ? SIGSTOP : SIGCONT) }
    if !isFrozen { try network.setCarried(true, director.node.machine) }
  }

  /// Turns a machine off: what is not on a disk is gone.
  func turnOff(_ director: Director) throws {
    try network.setCarried(false, director.node.machine)
    director.keepalived?.kill()
    director.lvsctld?.process.stop()
    let daemons = try director.daemons()
    try director.node.succeed("ipvsadm --clear")
    for daemon in daemons { try director.node.succeed("ipvsadm --stop-daemon \(daemon)") }
    try director.node.ip(
      "address flush dev ens33", "address add 192.168.147.\(director === directors[0] ? 6 : 5)/24 dev ens33")
    for interface in ["all", "default", "ens33"] {
      try director.node.setSysctl("net/ipv4/conf/\(interface)/send_redirects", 1)
    }
  }

  /// Turns it on again: lvsctl first, then keepalived, as their units are ordered.
  func turnOn(_ director: Director) throws {
    try network.setCarried(true, director.node.machine)
    director.lvsctld = nil
    try follow(director)
    try director.keepalived?.startAgain()
  }
}

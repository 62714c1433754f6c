import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import LVSSandbox
import LVSSystem
import LVSText

/// A cluster that is rehearsed: its machines run, and it is known what was done to them.
final class Stage {
  private(set) var file: ClusterFile
  let topology: Topology
  let network: Network
  let watch: Watch
  private(set) var trials: [Trial]
  /// What answers on the machines of real servers, by machine.
  private(set) var responders: [String: Responder] = [:]
  /// The director that is active.
  private(set) var active: String
  /// Machines whose cables are out.
  private(set) var isolated: Set<String> = []
  /// The protocols that this kernel has.
  let transports: Set<Transport>
  /// What moves the VIPs, where that is keepalived.
  private(set) var keepalived: RunningKeepalived?
  /// Who may answer for the VIPs, and since when.
  private(set) var reigns: [Reign] = []

  /// A time in which a director is active.
  struct Reign {
    /// On the clock of ``Monotonic``.
    var since: Double
    /// Nil before there is one.
    var director: String?
  }

  /// Sets the machines up for a file, as an operator finds them before lvsctl runs there for the first time; what answers
  /// there answers for `later` too.
  init(_ file: ClusterFile, later: ClusterFile?, _ topology: Topology, _ network: Network) throws {
    self.file = file
    self.topology = topology
    self.network = network
    active = file.directors[0].name
    let client = network[topology.client]
    transports = Set(Transport.allCases.filter { Transport.isSupported($0, on: client) })
    trials = try file.trials(directedBy: file.directors[0].name)
    watch = try Watch(network)
    reigns = [Reign(since: Monotonic.now, director: nil)]
    try prepare(for: [file, later].compactMap(\.self))
    try Tunnels([file, later].compactMap(\.self)).prepare(network)
    setMarks()
    try startResponders(
      trials + (later.map { try $0.trials(directedBy: $0.directors[0].name) } ?? []),
      [file, later].compactMap(\.self).map { Questions($0) })
  }

  /// Goes by another file from now on.
  func follow(_ file: ClusterFile) throws {
    self.file = file
    if !file.directors.contains(where: { $0.name == active }) { active = file.directors[0].name }
    trials = try file.trials(directedBy: active)
    setMarks()
  }

  /// Has the directors set the firewall marks of the file's services, or says why those cannot be tried.
  private func setMarks() {
    let marks = Marks(trials, network)
    for director in file.directors {
      guard let obstacle = marks.set(at: director.name) else { continue }
      for index in trials.indices where trials[index].service.vip == nil && trials[index].obstacle == nil {
        trials[index].obstacle = obstacle
      }
    }
  }

  /// Ends what runs for it.
  func stop() {
    keepalived?.stop()
    for responder in responders.values { responder.stop() }
    watch.stop()
  }

  // MARK: Before the first apply

  private func prepare(for files: [ClusterFile]) throws {
    let families = Set(files.flatMap { file in file.services.map(\.id.family) })
    for station in topology.stations {
      let machine = network[station.name]
      switch station.part {
      case .node:
        if !station.dummies.isEmpty {
          try machine.ip(station.dummies.flatMap { ["link add \($0) type dummy", "link set \($0) up"] })
        }
      case .router:
        try machine.setSysctl("net/ipv4/ip_forward", 1)
        if topology.sources[.ipv6] != nil { try? machine.setSysctl("net/ipv6/conf/all/forwarding", 1) }
      case .client:
        try machine.ip(
          topology.sources.values.flatMap { $0 }.filter { families.contains($0.family) }
            .map { "address add \($0.hostPrefix) dev lo\($0.family == .ipv6 ? " nodad" : "")" })
      }
    }
  }

  private func startResponders(_ trials: [Trial], _ questions: [Questions]) throws {
    var ports: [String: Set<Questions.CheckedPort>] = [:]
    for trial in trials where transports.contains(trial.transport) {
      for member in trial.members + [trial.fallback].compactMap(\.self) {
        // What serves on the director serves on whichever is active.
        let stations = member.id.address.isLoopback ? file.directors.map(\.name) : [member.station]
        for station in stations {
          ports[station, default: []].insert(Questions.CheckedPort(transport: trial.transport, port: member.port))
        }
      }
    }
    for question in questions { ports.merge(question.ports) { $0.union($1) } }
    for (station, ports) in ports {
      let texts = questions.flatMap { $0.texts[station] ?? [] }
      responders[station] = try Responder(
        network[station], name: station, ports: ports.map { ($0.transport, $0.port) },
        pageText: texts.isEmpty ? nil : texts.joined(separator: " "))
    }
  }

  // MARK: Nodes

  /// The nodes in the order in which they are brought to the file.
  var rollout: [Node] { Rollout(of: file).steps.compactMap(\.after) }

  /// The directors that can be reached.
  var directors: [String] { file.directors.map(\.name).filter { !isolated.contains($0) } }

  /// Runs `body` as on a machine.
  func on<Result>(_ machine: String, _ body: () throws -> Result) throws -> Result {
    try inNamespace(network[machine].name, body)
  }

  /// Applies the file on a node, in the role that it finds or is given.
  func apply(_ node: String, role: RoleRequest = .auto) throws -> ApplyOutcome {
    var request = ApplyRequest(file)
    request.node = NodeRequest(role: role)
    return try on(node) { try request.carryOut(NodeEvents { _ in }) }
  }

  /// What a node differs from the file in, now.
  func differences(_ node: String) throws -> Plan {
    try on(node) {
      let session = try session(NodeRequest(name: node, isForced: true))
      return try session.plan(from: session.observe(), prune: false)
    }
  }

  /// What there is to say of a node, now.
  func examine(_ node: String) throws -> [Finding] {
    try on(node) {
      let session = try session(NodeRequest(name: node, isForced: true))
      return session.findings(try session.observe(), unsigned: [], session.kernel)
    }
  }

  private func session(_ request: NodeRequest) throws -> NodeSession {
    try NodeSession(file, request, NodeEvents { _ in })
  }

  // MARK: What changes

  /// A director is active from now on, or will be in a moment.
  func begin(reignOf director: String) {
    active = director
    reigns.append(Reign(since: Monotonic.now, director: director))
  }

  /// Who may answer for a VIP at a time: nobody before the first director is active.
  func mayAnswer(_ station: String, for vip: ClusterFile.VIP, at seconds: Double) -> Bool {
    guard let reign = reigns.last(where: { $0.since <= seconds }), let director = reign.director else { return false }
    if isolated.contains(station) { return true }
    if case .director(let index) = vip.holder { return file.directors[index].name == station || director == station }
    return director == station
  }

  /// Pulls the cables of a machine out, or puts them back.
  func setIsolated(_ isIsolated: Bool, _ station: String) throws {
    try network.setCarried(!isIsolated, station)
    if isIsolated { isolated.insert(station) } else { isolated.remove(station) }
  }

  /// Puts VIPs that another program moves on a director, and tells the network so, in that program's place.
  func holdExternalVIPs(at director: String) throws {
    guard let interface = file.directors.first(where: { $0.name == director })?.interface else { return }
    let own = Set(file.directors.flatMap(\.addresses))
    let held = file.vips.filter { $0.isHeldExternally && !own.contains($0.address) }.map { vip in
      AddressID(vip.address, prefixLength: vip.prefixLength, interface: vip.interface ?? interface)
    }
    if held.isEmpty { return }
    try network[director].ip(held.map { "address add \($0)\($0.address.family == .ipv6 ? " nodad" : "")" })
    try on(director) {
      let announcer = try KernelConnection().announcer()
      for id in held { try announcer.announce(id) }
    }
  }

  /// Whether a director has all that goes with being active, by the file and who holds the VIPs.
  func isActive(_ director: String) throws -> Bool {
    try on(director) {
      let session = try session(NodeRequest())
      guard session.node.directing?.role == .director else { return false }
      return try session.plan(from: session.observe(), prune: false).isEmpty
    }
  }

  /// Has keepalived move the VIPs from now on. The first director's begins alone: beside another one whose priority is
  /// lower it might come too late, and would leave it the VIPs.
  func startKeepalived(_ programs: DirectorPrograms) throws {
    let keepalived = RunningKeepalived(
      network, lvsctl: [programs.lvsctl, "apply", programs.file, "--lock-timeout", "60"], folder: programs.folder)
    self.keepalived = keepalived
    try keepalived.start(on: 0, of: file)
    try eventually("\(active) is active", within: 60) { try isActive(active) }
    for director in file.directors.indices.dropFirst() { try keepalived.start(on: director, of: file) }
  }

  /// Has the client forget who holds the VIPs.
  func forgetNeighbours() throws {
    let asking = topology.router ?? topology.client
    for machine in Set([asking, topology.client]) { try network[machine].ip(["neigh flush all"]) }
  }
}

import Glibc
import LVSSystem
import Testing

/// The cluster of README.md's first page with a web server more, on machines where its recipes are typed as they stand there.
///
/// Machines of one kernel share /etc, /root and /var/lib; each command sees those of its own machine.
final class RecipeCluster {
  let network: Network
  private let readme: Readme
  private let folder: TemporaryFolder
  /// What was started with `&`.
  private(set) var jobs: [RunningCommand] = []
  private var places: [String: RunningCommand] = [:]
  /// Whether requests are sent between any two lines.
  private var isAsked = false

  static let nodes = ["web1", "web2", "director2", "director1"]
  static let vip = "192.168.147.100"

  /// Runs `body` with the file in force on all machines, in the order that the README says, or on none.
  static func with(applied: Bool = true, _ body: (RecipeCluster) throws -> Void) throws {
    var machines: [Machine] = .classic
    machines.append(Machine("web3", "192.168.147.2/24", page: "web3"))
    try Network.with(machines.listening(on: 80, 8080)) { network in
      let cluster = try RecipeCluster(network)
      defer { cluster.end() }
      if applied { for node in nodes { try cluster.type("lvsctl apply", on: node).expect(0) } }
      try body(cluster)
    }
  }

  private init(_ network: Network) throws {
    self.network = network
    readme = try Readme()
    folder = try TemporaryFolder()
    for path in ["/etc/lvsctl", "/var/lib/lvsctl", "/var/lib/prometheus/node-exporter", "/root"] {
      try succeed(["mkdir", "-p", path])
    }
    try folder.make("bin")
    try folder.link("bin/lvsctl", to: lvsctlPath)
    try folder.link("bin/lvsctld", to: lvsctldPath)
    let file = readme.blocks("first-file").map(\.text).joined()
    for machine in Self.nodes + ["web3", "client"] {
      for name in ["", "/etc", "/state", "/root", "/metrics"] { try folder.make(machine + name) }
      try folder.write("\(machine)/etc/cluster.conf", file)
    }
  }

  private func end() { for process in jobs + places.values { process.stop() } }

  // MARK: What is typed

  /// What a command line did.
  struct Typed {
    let line: String
    let outcome: Outcome

    func expect(_ status: Int...) throws {
      if status.contains(outcome.status) { return }
      throw TestFailure(
        description: "\(line): exit status \(outcome.status), not \(status): \(outcome.output)\(outcome.errors)")
    }
  }

  /// The words that run a line in a machine's shell.
  private func words(_ line: String, on machine: String) throws -> [String] {
    let place = "/proc/\(try place(machine))"
    // The sandbox's own root is not that of its mount name space.
    return [
      "nsenter", "--mount=\(place)/ns/mnt", "--root=\(place)/root", "--wd=\(place)/root/root", "bash", "-c", line,
    ]
  }

  /// A process that sees the machine's files, made where the first line is typed there.
  private func place(_ machine: String) throws -> pid_t {
    if let place = places[machine] { return place.pid }
    let own = folder(machine)
    let mounts =
      [("etc", "/etc/lvsctl"), ("state", "/var/lib/lvsctl"), ("root", "/root")]
      + [("metrics", "/var/lib/prometheus/node-exporter")]
    let binds = mounts.map { "mount --bind \(own)/\($0) \($1)" }.joined(separator: " && ")
    let place = try RunningCommand(
      ["unshare", "--mount", "bash", "-c", "\(binds) && echo there && exec sleep infinity"], in: network[machine].name)
    try eventually("\(machine) has its files: \(place.errors)") { place.output == "there\n" }
    places[machine] = place
    return place.pid
  }

  private var environment: [String] {
    ["PATH=\(folder("bin")):\(TestSupport.environment("PATH") ?? "")", "HOME=/root"]
      + ["AUTHOR", "COMMITTER"].flatMap { ["GIT_\($0)_NAME=operator", "GIT_\($0)_EMAIL=operator@example.org"] }
  }

  /// Types a line on a machine.
  @discardableResult
  func type(_ line: String, on machine: String) throws -> Typed {
    let outcome = try run(
      try words(line, on: machine), in: network[machine].name, environment: environment, limit: 120)
    return Typed(line: "\(machine)# \(line)", outcome: outcome)
  }

  /// Starts a line on a machine, and waits until it waits: for a confirmation, or for the next time to write its file.
  private func start(_ line: String, on machine: String) throws {
    let job = try RunningCommand(try words(line, on: machine), in: network[machine].name, environment: environment)
    jobs.append(job)
    let file = line.firstMatch(of: #/--(?:output|metrics) \S*\/(\S+)/#).map { folder("\(machine)/metrics/\($0.1)") }
    try eventually("it is at work: \(line): \(job.output)\(job.errors)") {
      if let file { return access(file, F_OK) == 0 }
      return job.errors.contains("lvsctl confirm")
    }
  }

  /// Does what the blocks of the README with this label say, or one of them.
  func follow(_ label: String, block number: Int? = nil) throws {
    let all = readme.blocks(label)
    try #require(!all.isEmpty, "README.md has no \(label)")
    for block in number.map({ [all[$0]] }) ?? all {
      switch block.language {
      case "diff": try edit(block)
      case "console": try console(block)
      default: throw TestFailure(description: "README.md, line \(block.line): no machine is named.")
      }
    }
  }

  /// Edits the file of every machine.
  private func edit(_ block: Readme.Block) throws {
    for machine in Self.nodes + ["web3"] {
      let path = "\(machine)/etc/cluster.conf"
      try folder.write(path, block.edit(folder.read(path)))
    }
  }

  /// Types each line that begins with a machine's name; the others are what that prints, in their order.
  private func console(_ block: Readme.Block) throws {
    var expected: [String] = []
    var last: Typed?
    func check() {
      var said = (last?.outcome.output ?? "").split(separator: "\n").map(Self.trimmed)[...]
      for line in expected {
        let place = said.firstIndex(of: Self.trimmed(line[...]))
        #expect(place != nil, "README.md, line \(block.line): \(line)\nis not what it says: \(said)")
        if let place { said = said[(place + 1)...] }
      }
      expected = []
    }
    for line in block.lines {
      guard let match = line.wholeMatch(of: #/([a-z0-9]+)[#$] (.*)/#) else {
        expected.append(line)
        continue
      }
      check()
      let (machine, command) = (String(match.1), String(match.2))
      if let job = command.wholeMatch(of: #/(.*) &/#) {
        try start(String(job.1), on: machine)
        continue
      }
      last = try type(command, on: machine)
      let statuses = command.firstMatch(of: #/# exit status (\d+)(?: or (\d+))?(?! would)/#)
      let allowed = [statuses?.1, statuses?.2 ?? nil].compactMap { $0.flatMap { Int($0) } }
      try #require(
        (allowed.isEmpty ? [0] : allowed).contains(last?.outcome.status ?? -1),
        "README.md, line \(block.line): \(command): \(String(describing: last?.outcome))")
      if isAsked { #expect(try answers(6)["none"] == nil, "README.md, line \(block.line): after \(command)") }
    }
    check()
  }

  private static func trimmed(_ line: Substring) -> String {
    String(String(line.reversed().drop { $0 == " " }).reversed())
  }

  // MARK: What came of it

  /// A script of tools that lvsctl did not write, relied on.
  func tools(_ script: String, on machine: String) throws { try type("set -e; " + script, on: machine).expect(0) }

  /// Expects that each of the machines is what its file says.
  func expectDone(_ machines: [String] = nodes, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for machine in machines {
      let diff = try type("lvsctl diff", on: machine)
      #expect(diff.outcome.status == 0, "\(machine): \(diff.outcome)", sourceLocation: sourceLocation)
    }
  }

  /// Which machines hold the VIP on the network, by `ip`.
  func holders(of vip: String = vip) throws -> [String] {
    try ["director1", "director2"].filter { machine in
      try network[machine].addresses().contains { $0.hasPrefix("\(vip)/") }
    }
  }

  /// Real servers with their weights in a director's table, by ipvsadm.
  func weights(_ machine: String = "director1", of service: String = "\(vip):80") throws -> [String: Int] {
    var weights: [String: Int] = [:]
    for line in try network[machine].ipvs() where line.hasPrefix("-a ") && line.contains(" \(service) ") {
      let words = line.words
      let names = ["192.168.147.4": "web1", "192.168.147.3": "web2", "192.168.147.2": "web3"]
      let address = String(words[4].prefix { $0 != ":" })
      weights[names[address] ?? address] = Int(words[words.count - 1])
    }
    return weights
  }

  /// Who answers so many requests.
  func answers(_ count: Int, port: Int = 80, of vip: String = vip) throws -> [String: Int] {
    try network.client.answers(from: vip, port: port, count: count)
  }

  /// Does something while clients connect without pause; none of them may notice, and whoever comes between two lines is
  /// answered: one who is not tries again for longer than a line takes.
  func underTraffic(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) throws {
    let visitors = try Visitors(at: network.client, to: Self.vip, port: 80)
    defer { visitors.stop() }
    try eventually("clients are answered") { visitors.answered > 0 }
    isAsked = true
    try body()
    isAsked = false
    let before = visitors.answered
    try eventually("clients are still answered") { visitors.answered > before + 5 }
    visitors.stop()
    #expect(visitors.failed == 0, "\(visitors.failures.prefix(5))", sourceLocation: sourceLocation)
  }
}

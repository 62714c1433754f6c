import Glibc
import LVSSystem
import Testing

extension RealKernel {
  /// A director's life in short: whatever happens to it in whatever order, once it is quiet its table is exactly what the
  /// file, the servers and the drains say.
  ///
  /// LVSCTL_SOAK says how many events, LVSCTL_SOAK_SEED which ones.
  @Suite struct SoakTests {
    private static let events = environment("LVSCTL_SOAK").flatMap { Int($0) } ?? 80
    private static let seed = environment("LVSCTL_SOAK_SEED").flatMap { Int($0) } ?? 11
    /// Events between two quiet times.
    private static let stretch = 20

    @Test func `after every quiet time the table is what file, verdicts and drains say`() throws {
      try Network.withoutPages { network in
        var numbers = Randomness(seed: Self.seed)
        let life = try Life(network)
        var history: [String] = []
        for number in 1...Self.events {
          history.append(try life.happen(&numbers))
          guard number % Self.stretch == 0 else { continue }
          let expected = life.expected
          do {
            try eventually("the table, and all else, is what it is to be", within: 30) {
              try network.director1.ipvs() == expected && network.director1.lvsctl("diff", life.file).status == 0
            }
          } catch {
            Issue.record(
              """
              seed \(Self.seed), event \(number): \(history.suffix(Self.stretch))
              wanted \(expected.sorted())
              found \(try network.director1.ipvs().sorted())
              \(life.kept.log.suffix(4000))
              """)
            return
          }
        }
      }
    }

    @Test func `its memory does not grow by what happens`() throws {
      try Network.withoutPages { network in
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let kept = try network.director1.keep(CheckedCluster.file(), "--interval", "0.1")
        func live(_ rounds: Int) throws {
          for round in 1...rounds {
            try kept.reload(CheckedCluster.file(weights: (round % 7 + 1, 1)))
            #expect(try network.director1.weight("192.168.147.4:80") == round % 7 + 1)
          }
        }
        try live(40)
        let before = try residentKiB(of: kept.process.pid)
        try live(40)
        let after = try residentKiB(of: kept.process.pid)
        #expect(after < before + 1024, "\(before) KiB, then \(after) KiB")
        withExtendedLifetime((first, second)) {}
      }
    }

    private func residentKiB(of process: pid_t) throws -> Int {
      let line = try #require(try read("/proc/\(process)/status").lines.first { $0.hasPrefix("VmRSS:") })
      return try #require(line.words.dropFirst().first.flatMap { Int($0) })
    }
  }
}

/// What can happen to a director with two real servers and a fallback, and what its table is to be then.
private final class Life {
  private static let check = "{ type: tcp, interval: 1, timeout: 1, fall: 2, rise: 2 }"
  private static let servers = ["web1": "192.168.147.4", "web2": "192.168.147.3"]

  private let director: Namespace
  private let web: [String: WebServer]
  private var alive: Set<String> = ["web1", "web2"]
  private var drained: Set<String> = []
  private var weights = ["web1": 1, "web2": 1]
  private var removes = false
  private var scheduler = "rr"
  let kept: RunningLvsctld

  init(_ network: Network) throws {
    director = network.director1
    web = ["web1": try WebServer(network.web1), "web2": try WebServer(network.web2)]
    kept = try network.director1.keep(
      Self.file(weights, removes: removes, scheduler: scheduler), "--interval", "0.5")
  }

  /// The file that is in force.
  var file: String { Self.file(weights, removes: removes, scheduler: scheduler) }

  private static func file(_ weights: [String: Int], removes: Bool, scheduler: String) -> String {
    """
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
    real_servers:
      - { name: web1, address: 192.168.147.4, weight: \(weights["web1"] ?? 1) }
      - { name: web2, address: 192.168.147.3, weight: \(weights["web2"] ?? 1) }
      - { name: sorry, address: 192.168.147.5 }
    services:
      - vip: 192.168.147.100
        port: 80
        scheduler: \(scheduler)
        check: \(check)
        on_failure: \(removes ? "remove" : "drain")
        fallback: sorry

    """
  }

  /// The table by `ipvsadm -Sn`.
  var expected: Set<String> {
    var lines: Set<String> = ["-A -t 192.168.147.100:80 -s \(scheduler)"]
    var isServed = false
    for (name, address) in Self.servers {
      let (isAlive, isDrained) = (alive.contains(name), drained.contains(name))
      if !isAlive && removes { continue }
      let weight = isAlive && !isDrained ? weights[name] ?? 1 : 0
      if weight > 0 { isServed = true }
      lines.insert("-a -t 192.168.147.100:80 -r \(address):80 -g -w \(weight)")
    }
    if !isServed { lines.insert("-a -t 192.168.147.100:80 -r 192.168.147.5:80 -g -w 1") }
    return lines
  }

  /// Lets one thing happen, and says which.
  func happen(_ numbers: inout Randomness) throws -> String {
    let name = numbers.one(of: ["web1", "web2"])
    switch numbers.number(in: 0...11) {
    case 0, 1, 2:
      if alive.remove(name) != nil {
        web[name]?.stop()
        return "\(name) dies"
      }
      alive.insert(name)
      try web[name]?.start()
      return "\(name) lives"
    case 3, 4:
      weights[name] = numbers.number(in: 1...9)
      scheduler = numbers.one(of: ["rr", "wrr", "wlc", "lc"])
      if numbers.chance(33) { removes.toggle() }
      try kept.reload(file)
      return "reload: \(weights), \(scheduler), removes \(removes)"
    case 5, 6:
      let lines = [
        "ipvsadm -C", "ipvsadm -D -t 192.168.147.100:80",
        "ipvsadm -a -t 192.168.147.100:80 -r 192.168.147.\(numbers.number(in: 60...90)):80 -g -w 3",
        "ipvsadm -E -t 192.168.147.100:80 -s sh",
      ]
      let line = numbers.one(of: lines)
      // What it is about may be gone just now.
      _ = try director.run(line.words)
      return line
    case 7:
      _ = try director.run("ip", "address", "delete", "192.168.147.100/32", "dev", "ens33")
      return "the VIP is deleted"
    case 8:
      let before = kept.count(of: "This node is director1")
      try kept.killAndStartAgain()
      try eventually("the next one is there: \(kept.log.suffix(2000))") {
        kept.count(of: "This node is director1") > before
      }
      return "killed"
    case 9, 10:
      let isDrained = drained.contains(name)
      // A third process with the lock may be lvsctld.
      let outcome = try director.run(
        lvsctlPath, isDrained ? "undrain" : "drain", name, kept.path,
        environment: ["LVSCTL_STATE_DIR=\(director.stateDirectory)"])
      guard outcome.status == 0 else {
        throw CommandFailure(description: "status \(outcome.status): \(outcome.errors)")
      }
      if isDrained { drained.remove(name) } else { drained.insert(name) }
      return "\(isDrained ? "undrain" : "drain") \(name)"
    default:
      try director.apply(file)
      return "apply"
    }
  }
}

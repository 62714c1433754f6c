import LVSSystem
import Testing

extension RealKernel {
  /// A VIP that comes and goes as keepalived has it come and go, while what tells of it is late, said twice, lost, or comes
  /// in another order.
  ///
  /// LVSCTL_FLAPS says how many flaps, LVSCTL_FLAP_SEED which ones.
  @Suite struct FlapTests {
    private static let flaps = environment("LVSCTL_FLAPS").flatMap { Int($0) }
    private static let seed = environment("LVSCTL_FLAP_SEED").flatMap { Int($0) } ?? 12

    @Test(arguments: Follower.allCases)
    func `after each of many flaps the roles are those of the VIP`(follower: Follower) throws {
      try Network.classic { network in
        var numbers = Randomness(seed: Self.seed)
        var flapping = try Flapping(FailoverPair(network, follower))
        var history: [String] = []
        // Without lvsctld no line is lost, so that each flap takes three times as many.
        let flaps = Self.flaps ?? (follower == .lvsctld ? 100 : 15)
        for number in 1...flaps {
          history.append(try flapping.flap(&numbers))
          do {
            if number % 20 == 0 {
              try flapping.pair.expectRoles(holder: flapping.holder, "after flap \(number)")
            } else {
              try flapping.pair.waitForRoles(holder: flapping.holder, "after flap \(number)")
            }
          } catch {
            Issue.record("seed \(Self.seed), flap \(number): \(history.suffix(3).joined(separator: "; ")): \(error)")
            return
          }
        }
      }
    }

    @Test func `without lvsctld a lost line leaves the roles of before, which diff tells and any apply mends`() throws {
      try Network.classic { network in
        let pair = try FailoverPair(network, .notifyLine)
        var flapping = try Flapping(pair)
        try pair.expectRoles(holder: flapping.holder, "at first")
        try flapping.move()
        for director in pair.directors {
          #expect(try director.daemons() == [director === flapping.holder ? "backup" : "master"])
          #expect(try director.node.plan("diff", FailoverPair.file).status == 1)
          try director.node.apply(FailoverPair.file)
        }
        try pair.expectRoles(holder: flapping.holder, "after an apply on each")
      }
    }
  }
}

/// A VIP that is moved between two directors.
private struct Flapping {
  let pair: FailoverPair
  /// The director that holds the VIP.
  private(set) var holder: FailoverPair.Director
  private static let address = "\(FailoverPair.vip)/32 dev ens33"

  init(_ pair: FailoverPair) throws {
    self.pair = pair
    holder = pair.directors[0]
    for director in pair.directors {
      try write(FailoverPair.file, to: "/run/failover-\(director.node.name).conf")
    }
    try take(holder)
    _ = try run(holder)
  }

  private func take(_ director: FailoverPair.Director) throws {
    try director.node.ip("address add \(Self.address) label ens33:0")
  }

  private func leave(_ director: FailoverPair.Director) throws {
    try director.node.ip("address delete \(Self.address)")
  }

  private func start(_ director: FailoverPair.Director) throws -> RunningCommand {
    try RunningCommand(
      pair.line(on: director), in: director.node.name,
      environment: ["LVSCTL_STATE_DIR=\(director.node.stateDirectory)"])
  }

  private func run(_ director: FailoverPair.Director) throws -> Int { try start(director).wait(limit: 60) }

  /// Moves the VIP to the other director; nobody is told.
  mutating func move() throws {
    try leave(holder)
    holder = pair.other(than: holder)
    try take(holder)
  }

  /// Moves the VIP up to three times in a row, and returns how. Where no lvsctld is there that sees it by itself, no line is
  /// lost.
  mutating func flap(_ numbers: inout Randomness) throws -> String {
    var words: [String] = []
    var running: [RunningCommand] = []
    var late: [FailoverPair.Director] = []

    func tell(_ director: FailoverPair.Director) throws {
      if pair.follower == .lvsctld, numbers.chance(60) { return words.append("lost") }
      for _ in 1...(numbers.chance(25) ? 2 : 1) {
        if numbers.chance(40) {
          late.append(director)
        } else {
          running.append(try start(director))
        }
      }
      words.append("told")
    }

    for _ in 1...numbers.one(of: [1, 1, 1, 1, 2, 3]) {
      let (former, next) = (holder, pair.other(than: holder))
      // For a moment both hold it, as after a killed keepalived, or none.
      if numbers.chance(30) {
        try take(next)
        try tell(next)
        try leave(former)
        try tell(former)
      } else {
        try leave(former)
        try tell(former)
        Monotonic.pause(Double(numbers.number(in: 0...20)) / 100)
        try take(next)
        try tell(next)
      }
      holder = next
      words.append("\(next.node.machine) has it")
    }
    while !late.isEmpty {
      running.append(try start(late.remove(at: numbers.number(in: 0...late.count - 1))))
      words.append("late")
    }
    for line in running { _ = line.wait(limit: 60) }
    return words.joined(separator: ", ")
  }
}

import Glibc
import LVSModel
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// Whichever message is refused, and why: the report is true, and the undo restores.
  @Suite struct RefusedMessageTests {
    static let errnos = [EPERM, EINVAL, ENOMEM]

    /// Ways that remove, edit and add services, real servers, addresses, daemons and timeouts.
    static let ways = [(2, 5), (6, 3), (4, 6)]

    /// Runs `body` on a machine that was brought to the first file of a way, with what it held and had for each message.
    private func with(
      _ way: (Int, Int), _ body: (Namespace, _ from: NodeInProcess, _ to: NodeInProcess, _ count: Int) throws -> Void
    ) throws {
      try Network.with([Machine("director1", "192.168.147.6/24", "2001:db8:147::6/64")]) { network in
        let machine = network["director1"]
        try inNamespace(machine.name) {
          let from = try NodeInProcess(DirectorStates.all[way.0], node: "director1")
          let to = try NodeInProcess(DirectorStates.all[way.1], node: "director1")
          try from.apply()
          let whole = MessageSeam()
          try to.apply(through: whole.kernel)
          try from.apply()
          try body(machine, from, to, whole.count)
        }
      }
    }

    @Test(arguments: ways)
    func `a refused message leaves what the report says, and the undo restores`(way: (Int, Int)) throws {
      try with(way) { machine, from, to, count in
        let before = try machine.ipvs()
        let addresses = try machine.addresses()
        try #require(count > 8)
        for message in 0..<count {
          let observed = try to.observe()
          let kept = MessageSeam { $0 == message ? .refuse(EIO) : .pass }
          let partial = try #require(throws: ApplyError.self) { try to.apply(through: kept.kernel, keepsPartial: true) }
          #expect(partial.progress.failure?.errno == EIO)
          #expect(partial.progress.uncertain == [])
          #expect(partial.takenBack == nil)
          let told = observed.after(partial.progress.done)
          let found = try to.observe()
          #expect(found.services == told.services, "message \(message)")
          #expect(Set(found.addresses.keys) == Set(told.addresses.keys), "message \(message)")
          try from.apply()

          for code in Self.errnos {
            let seam = MessageSeam { $0 == message ? .refuse(code) : .pass }
            let error = try #require(throws: ApplyError.self) { try to.apply(through: seam.kernel) }
            #expect(error.progress.failure?.errno == code)
            #expect(error.progress.failure?.change == partial.progress.failure?.change)
            #expect(error.progress.done == partial.progress.done)
            if error.progress.done.isEmpty {
              #expect(error.takenBack == nil)
            } else {
              #expect(error.takenBack?.failures == [])
              #expect(error.takenBack?.remains == [])
            }
            #expect(try to.observe().equals(observed), "message \(message), errno \(code)")
          }
        }
        #expect(try machine.ipvs() == before)
        #expect(try machine.addresses() == addresses)
      }
    }

    /// The kernel's words for what another program has done are a reason to look again.
    @Test(arguments: ways)
    func `a message refused because another program was there first does not end an apply`(way: (Int, Int)) throws {
      try with(way) { machine, from, to, count in
        try to.apply()
        let wanted = try machine.ipvs()
        let addresses = try machine.addresses()
        var arrivals = 0
        for message in 0..<count {
          for code in [EEXIST, ESRCH, ENOENT, EADDRNOTAVAIL] {
            try from.apply()
            let observed = try to.observe()
            let seam = MessageSeam { $0 == message ? .refuse(code) : .pass }
            do {
              try to.apply(through: seam.kernel)
              arrivals += 1
              #expect(try machine.ipvs() == wanted, "message \(message), errno \(code)")
              #expect(try machine.addresses() == addresses, "message \(message), errno \(code)")
            } catch let error as ApplyError {
              #expect(error.progress.failure?.isOutdated == false, "message \(message), errno \(code)")
              #expect(error.takenBack?.remains ?? [] == [])
              #expect(try to.observe().equals(observed), "message \(message), errno \(code)")
            } catch let error as NotConverged {
              // The seam says that there is nothing to delete, and there is: it is found again.
              #expect(error.rest.changes.allSatisfy { $0.action == .delete }, "message \(message), errno \(code)")
            }
          }
        }
        #expect(arrivals >= count)
      }
    }

    @Test(arguments: ways)
    func `a message whose answer is lost is told as uncertain, and the undo restores`(way: (Int, Int)) throws {
      try with(way) { machine, from, to, count in
        let before = try machine.ipvs()
        let addresses = try machine.addresses()
        for message in 0..<count {
          let observed = try to.observe()
          let seam = MessageSeam { $0 == message ? .loseAnswer : .pass }
          let error = try #require(throws: ApplyError.self) { try to.apply(through: seam.kernel) }
          #expect(error.progress.failure?.errno == ENOBUFS)
          #expect(!error.progress.uncertain.isEmpty)
          #expect(error.takenBack?.remains == [], "message \(message)")
          #expect(try to.observe().equals(observed), "message \(message)")
        }
        #expect(try machine.ipvs() == before)
        #expect(try machine.addresses() == addresses)
      }
    }

    @Test func `an undo that is refused is told, and what stays for it is named`() throws {
      try with((1, 2)) { machine, from, to, count in
        let before = try machine.ipvs()
        var left = 0
        // The last message is refused, then those that take the steps back, from one after the other on.
        for undone in 1..<count {
          let seam = MessageSeam { $0 == count - 1 || $0 >= count - 1 + undone ? .refuse(EPERM) : .pass }
          let error = try #require(throws: ApplyError.self) { try to.apply(through: seam.kernel) }
          let takenBack = try #require(error.takenBack)
          #expect(Set(takenBack.failures.map(\.errno)) == (takenBack.remains.isEmpty ? [] : [EPERM]))
          #expect(try takenBack.remains.isEmpty == (machine.ipvs() == before), "undo \(undone)")
          if !takenBack.remains.isEmpty { left += 1 }
          try from.apply()
        }
        // Some refusals leave nothing: the real server goes with its service a step later.
        #expect(left > 0)
      }
    }

    @Test(arguments: ways)
    func `asked to end between any two steps, all is taken back`(way: (Int, Int)) throws {
      try with(way) { machine, _, to, _ in
        let before = try machine.ipvs()
        let addresses = try machine.addresses()
        var boundaries = 0
        var asked = 0
        while true {
          asked = 0
          do {
            try to.apply(shouldStop: {
              asked += 1
              return asked - 1 == boundaries
            })
            break
          } catch let error as ApplyError {
            #expect(error.progress.wasInterrupted)
            #expect(error.progress.failure == nil)
            #expect(try machine.ipvs() == before)
            #expect(try machine.addresses() == addresses)
          }
          boundaries += 1
        }
        #expect(boundaries > 1)
      }
    }
  }
}

extension HostState {
  /// Whether two observed states of a director are the same.
  fileprivate func equals(_ other: HostState) -> Bool {
    services == other.services && addresses == other.addresses && sysctls == other.sysctls
      && timeouts == other.timeouts && syncDaemons == other.syncDaemons
  }
}

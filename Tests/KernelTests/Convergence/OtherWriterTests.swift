import LVSModel
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// Another program changes the same things at the same time: what comes of it is the file's state or an error.
  @Suite struct OtherWriterTests {
    /// What the other one does, where it can be done at that moment.
    static let interferences = [
      "ipvsadm -C",
      "ipvsadm -D -t 192.168.147.100:80",
      "ipvsadm -A -t 192.168.147.100:443 -s rr",
      "ipvsadm -A -t 192.168.147.100:9999 -s rr",
      "ipvsadm -d -t 192.168.147.100:80 -r 192.168.147.4:80",
      "ipvsadm -e -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 9",
      "ip address del 192.168.147.100/32 dev ens33",
      "ip address add 192.168.147.101/32 dev ens33",
    ]

    private static let before = DirectorStates.all[2]
    private static let file = DirectorStates.all[5]

    @Test(arguments: interferences)
    func `a change by another program ends in the file's state or in an error`(command: String) throws {
      try Network.with([Machine("director1", "192.168.147.6/24", "2001:db8:147::6/64")]) { network in
        let machine = network["director1"]
        try inNamespace(machine.name) {
          let from = try NodeInProcess(Self.before, node: "director1")
          let to = try NodeInProcess(Self.file, node: "director1")
          try from.apply()
          let old = try to.observe().services
          let whole = MessageSeam()
          try to.apply(through: whole.kernel)
          let wanted = try to.observe()
          let ipvs = try machine.ipvs()
          var endings: Set<String> = []

          // At whole.count no message is left: the other one acts between the last message and the proof.
          for moment in 0...whole.count {
            // Of what others did only this stays.
            if command.hasPrefix("ip ") {
              _ = try machine.run("ip", "address", "del", "192.168.147.101/32", "dev", "ens33")
            }
            try from.apply()
            var hasActed = false
            func interfere() throws {
              guard !hasActed else { return }
              hasActed = true
              _ = try machine.run(command.words)
            }
            let seam = MessageSeam { message in
              if message == moment { try interfere() }
              return .pass
            }
            do {
              try to.apply(through: seam.kernel, afterwards: { if moment == whole.count { try interfere() } })
              endings.insert("done")
              let found = try to.observe()
              #expect(found.services == wanted.services, "moment \(moment)")
              #expect(Set(found.addresses.keys) == Set(wanted.addresses.keys), "moment \(moment)")
            } catch let error as ApplyError {
              endings.insert("refused")
              #expect(error.progress.failure != nil)
              #expect(error.takenBack != nil || error.progress.done.isEmpty)
              if error.takenBack?.remains == [] {
                let now = try to.observe().services
                for id in error.progress.done.compactMap(\.subject.service) {
                  #expect(now[id] == old[id], "\(id), moment \(moment)")
                }
              }
            } catch let error as NotConverged {
              endings.insert("not converged")
              #expect(!error.rest.isEmpty)
              #expect(try to.plan(from: to.observe()) == error.rest)
            }
            #expect(seam.trouble == nil)
            #expect(hasActed)
          }
          #expect(!endings.isEmpty)
          _ = try machine.run("ip", "address", "del", "192.168.147.101/32", "dev", "ens33")
          try to.apply()
          #expect(try machine.ipvs() == ipvs)
        }
      }
    }
  }
}
